using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>What all stages do with a half: find poses, and make the references that they are judged with.</summary>
internal sealed class PoseSearch(RefinementOptions options, ComputeOptions compute)
{
    /// <summary>Refines particles, from all copies of their poses where a symmetry is relaxed.</summary>
    public void Refine(
        ParticlePoseRefiner refiner, int[] particles, IReadOnlyList<Pose> poses, PoseEstimate?[] estimates, CancellationToken cancellationToken)
    {
        if (options.RelaxSymmetry.Order > 1)
        {
            RelaxedPoses.Refine(refiner, particles, poses, options.RelaxSymmetry, estimates, compute, cancellationToken);
        }
        else
        {
            refiner.Refine(particles, poses, estimates, compute, null, cancellationToken);
        }
    }

    /// <summary>
    /// References of other particles than the model's own: those that poses are sought against, and the same with a likelihood, which judges them.
    /// </summary>
    /// <param name="task">The particles and the model of the other half.</param>
    /// <param name="parts">What the model is taken apart into.</param>
    /// <param name="poses">Where noise is measured.</param>
    /// <param name="limit">The resolution, angstrom.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public (PoseReference?[] Search, PoseReference?[] Judge) HeldOut(
        HalfTask task, ReferenceParts parts, IReadOnlyList<Pose> poses, double limit, CancellationToken cancellationToken)
    {
        PoseReference?[] Make(RefinementOptions made) =>
            new PoseReferenceFactory(task.Source, made, limit, EwaldStage.SignOf(made, task.State.Ewald))
                .Make(parts, task.Particles, poses, compute, cancellationToken);
        var search = Make(options);
        return (search, options.Scorer == Scorers.Whitened ? search : Make(options with { Scorer = Scorers.Whitened }));
    }
}
