using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>The part of an iteration that estimates the optics, between the poses and the maps.</summary>
internal sealed class OpticsStage(IParticleSource source, RefinementOptions options, ComputeOptions compute)
{
    /// <summary>Passes over the images at most where the map is given: a third leaves under 0.3 of its uncertainty of any term (measured).</summary>
    private const int PassesOfGiven = 3;

    private readonly OpticsEstimator _estimator = new(
        source, new OpticsSettings(options.Optics!, options.Projector, options.NoiseParticles, options.KeepPoses), compute);

    /// <summary>The images as a state's optics see them, with its scales and weights.</summary>
    /// <param name="source">The images.</param>
    /// <param name="optics">The optics; null takes those of the source.</param>
    /// <param name="particles">Scales and weights.</param>
    public static PreparedParticles See(PreparedParticles source, OpticsState? optics, IReadOnlyList<ParticleResult> particles) =>
        (optics is null ? source : source.WithOptics(optics.Groups, (i, p) => p with { OpticsIndex = optics.GroupOf[i], Ctf = optics.Ctf[i] }))
            .With(i => particles[i].Scale, i => particles[i].Weight);

    /// <summary>Estimates the optics of each half against its own model; null before the first iteration that does.</summary>
    /// <param name="tasks">The halves.</param>
    /// <param name="estimates">The poses that were found.</param>
    /// <param name="isGiven">Whether the halves' models are of a map that was given, not of their own images.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public OpticsDraft? Estimate(
        HalfTask[] tasks, IReadOnlyList<PoseEstimate> estimates, bool isGiven, IProgress<RefinementProgress>? progress, CancellationToken cancellationToken)
    {
        var (state, first) = (tasks[0].State, options.Optics!.FromIteration);
        var iteration = state.Iteration + 1;
        if (iteration < first)
        {
            return null;
        }

        bool IsUsable(int i) => estimates[i].Status == PoseStatus.Refined;
        var draft = new OpticsDraft(state.Optics!, [.. estimates.Select((e, i) => IsUsable(i) ? e.Pose : state.Particles[i].Pose)], state.OpticsFound);
        foreach (var task in tasks)
        {
            var before = task.Half * tasks[0].Particles.Length;
            _estimator.Estimate(
                new OpticsTask(
                    task.Half, [.. task.Particles.Where(IsUsable)], task.Model, state.Limit, task.Source, options.KeepPoses ? task.Noise : null)
                {
                    // Maps and terms need not wait for each other where the map is no better for better terms.
                    Passes = Math.Max(options.Optics.Passes, isGiven && options.KeepPoses ? PassesOfGiven : 1),
                    FitsAmplitudes = isGiven && options.KeepPoses,
                },
                iteration == first, draft,
                progress is null ? null : n => progress.Report(
                    new RefinementProgress(iteration, options.Iterations, RefinementStage.RefiningOptics, before + n, estimates.Count)),
                cancellationToken);
        }

        return draft;
    }
}
