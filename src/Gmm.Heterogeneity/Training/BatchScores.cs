using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>Scores by a scorer of the options, many particles at once: those of one fold and one optics group together.</summary>
/// <param name="cache">The half's particles.</param>
/// <param name="scorer">The scorer.</param>
/// <param name="compute">Threads of what stays on the processor.</param>
/// <param name="cancellation">Stops it.</param>
internal sealed class BatchScores(MotionCache cache, IMotionScorer scorer, ComputeOptions compute, CancellationToken cancellation) : IControlScores
{
    private readonly Dictionary<(int Fold, int Group), IMotionScores> _scores = [];

    /// <inheritdoc/>
    public void Score(int[] members, IDeformer[] deformers, float[] controls, double[] objectives, Memory<float> derivatives)
    {
        var n = deformers[0].ControlCount;
        ForGroups(members, (fold, places, scores) =>
        {
            var model = cache.Neutrals.Folds[fold].Model;
            var deformations = Deform(model, places, (b, result) => deformers[fold].Apply(controls.AsSpan(b * n, n), result));
            if (!derivatives.IsEmpty)
            {
                Array.ForEach(places, b => derivatives.Span.Slice(b * n, n).Clear());
            }

            if (Loaded(fold, members, places, deformations, objectives, double.NaN) is not ({ } batch, var inside))
            {
                return;
            }

            var found = new double[inside.Length];
            ModelGradient<float>[]? gradients = derivatives.IsEmpty ? null : [.. inside.Select(_ => new ModelGradient<float>(model.Count))];
            scores.Score(batch, found, gradients);
            Run(inside.Length, i =>
            {
                var b = inside[i];
                objectives[b] = found[i];
                if (gradients is not null)
                {
                    deformers[fold].PullToControls(controls.AsSpan(b * n, n), gradients[i], derivatives.Span.Slice(b * n, n));
                }
            });
        });
    }

    /// <summary>The objective at latent points, with gradients and Gauss-Newton matrices.</summary>
    /// <param name="members">The particles' numbers in the half.</param>
    /// <param name="decoders">A decoder for each fold.</param>
    /// <param name="points">The point of each particle.</param>
    /// <param name="objectives">Receives the objective of each; negative infinity where a Gaussian would leave the box, with derivatives of 0.</param>
    /// <param name="gradients">For each particle room for d values.</param>
    /// <param name="information">For each particle room for d x d values.</param>
    public void Evaluate(
        int[] members, IDeformationDecoder[] decoders, IReadOnlyList<float[]> points, double[] objectives, IReadOnlyList<double[]> gradients,
        IReadOnlyList<double[]> information)
    {
        var d = decoders[0].LatentDimension;
        ForGroups(members, (fold, places, scores) =>
        {
            var model = cache.Neutrals.Folds[fold].Model;
            var deformations = Deform(model, places, (b, result) => decoders[fold].Decode(points[b], result));
            Array.ForEach(places, b =>
            {
                Array.Clear(gradients[b]);
                Array.Clear(information[b]);
            });
            if (Loaded(fold, members, places, deformations, objectives, double.NegativeInfinity) is not ({ } batch, var inside))
            {
                return;
            }

            ModelDeformation[][] velocities = [.. inside.Select(_ => Enumerable.Range(0, d).Select(_ => new ModelDeformation(model.Count)).ToArray())];
            Run(inside.Length, i => decoders[fold].Velocities(points[inside[i]], velocities[i]));
            double[] found = new double[inside.Length], slopes = new double[inside.Length * d], matrices = new double[inside.Length * d * d];
            scores.Evaluate(batch, velocities, found, slopes, matrices);
            for (var i = 0; i < inside.Length; i++)
            {
                objectives[inside[i]] = found[i];
                slopes.AsSpan(i * d, d).CopyTo(gradients[inside[i]]);
                matrices.AsSpan(i * d * d, d * d).CopyTo(information[inside[i]]);
            }
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var scores in _scores.Values)
        {
            scores.Dispose();
        }
    }

    /// <summary>Does something for the particles of each fold and optics group: their places among the members.</summary>
    private void ForGroups(int[] members, Action<int, int[], IMotionScores> body)
    {
        foreach (var group in Enumerable.Range(0, members.Length).GroupBy(b => (Fold: cache.Neutrals.FoldOf[members[b]], Group: cache.GroupOf(members[b]))))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!_scores.TryGetValue(group.Key, out var scores))
            {
                var fold = cache.Neutrals.Folds[group.Key.Fold];
                _scores.Add(group.Key, scores = scorer.Start(fold.Model, fold.References[group.Key.Group]!.Scorer));
            }

            body(group.Key.Fold, [.. group], scores);
        }
    }

    private ModelDeformation[] Deform(GaussianModel model, int[] places, Action<int, ModelDeformation> deform)
    {
        ModelDeformation[] result = [.. places.Select(_ => new ModelDeformation(model.Count))];
        Run(places.Length, i => deform(places[i], result[i]));
        return result;
    }

    /// <summary>The images of the places whose models stay in the box; the others get the objective of an outsider.</summary>
    private (MotionBatch? Batch, int[] Inside) Loaded(
        int fold, int[] members, int[] places, ModelDeformation[] deformations, double[] objectives, double outsider)
    {
        var model = cache.Neutrals.Folds[fold].Model;
        int[] inside = [.. Enumerable.Range(0, places.Length).Where(i => MotionWorker.IsInReach(model, deformations[i]))];
        foreach (var b in places)
        {
            objectives[b] = outsider;
        }

        if (inside.Length == 0)
        {
            return (null, []);
        }

        var k = cache.Neutrals.Folds[fold].References[cache.GroupOf(members[places[0]])]!.Disc.Count;
        float[] re = new float[inside.Length * k], im = new float[re.Length], transfers = new float[re.Length];
        Run(inside.Length, i => cache.ReadImage(
            members[places[inside[i]]], re.AsSpan(i * k, k), im.AsSpan(i * k, k), transfers.AsSpan(i * k, k)));
        return (
            new MotionBatch([.. inside.Select(i => cache.PoseOf(members[places[i]]))], re, im, transfers, [.. inside.Select(i => deformations[i])]),
            [.. inside.Select(i => places[i])]);
    }

    private void Run(int count, Action<int> body) => Guarded.For(0, count, compute.StoppedBy(cancellation).Parallelism, body);
}
