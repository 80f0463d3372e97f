using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>Scores by Gmm's own kernels, a particle on a thread.</summary>
/// <param name="cache">The half's particles.</param>
/// <param name="compute">Threads; results do not depend on them.</param>
/// <param name="cancellation">Stops it.</param>
internal sealed class WorkerScores(MotionCache cache, ComputeOptions compute, CancellationToken cancellation) : IControlScores
{
    /// <inheritdoc/>
    public void Score(int[] members, IDeformer[] deformers, float[] controls, double[] objectives, Memory<float> derivatives)
    {
        var n = deformers[0].ControlCount;
        cache.ForEach(members.Length, compute, (b, workers) =>
        {
            var worker = cache.Load(members[b], workers);
            var deformer = deformers[cache.Neutrals.FoldOf[members[b]]];
            ReadOnlySpan<float> own = controls.AsSpan(b * n, n);
            objectives[b] = derivatives.IsEmpty ? worker.Score(deformer, own) : worker.Score(deformer, own, derivatives.Span.Slice(b * n, n));
        }, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
