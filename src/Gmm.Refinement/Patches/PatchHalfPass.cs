using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>One pass over the images of a half: the poses of all patches, and what a sample of the images says of the patches' motions.</summary>
/// <param name="refiner">Finds poses.</param>
/// <param name="consensus">The pose of the whole, for each particle.</param>
/// <param name="starts">For each patch a start pose for each particle.</param>
/// <param name="motions">The distribution of each patch's motion.</param>
/// <param name="sample">The particles that motions are learnt from.</param>
/// <param name="compute">Threads.</param>
internal sealed class PatchHalfPass(
    PatchPoseRefiner refiner, IReadOnlyList<Pose> consensus, IReadOnlyList<IReadOnlyList<Pose>> starts, IReadOnlyList<RigidMotionPrior> motions, int[] sample,
    ComputeOptions compute) : IDisposable
{
    private readonly Dictionary<int, List<MotionEvidence>> _evidence = sample.ToDictionary(i => i, _ => new List<MotionEvidence>());

    /// <summary>The distribution of each patch's motion that poses are sought with.</summary>
    public IReadOnlyList<RigidMotionPrior> Motions { get; private set; } = motions;

    /// <summary>A first look at the sample with a broad prior, to learn what motions there are.</summary>
    public void LookFirst(PatchEstimate?[][] estimates, CancellationToken cancellationToken)
    {
        var first = sample.ToDictionary(i => i, _ => new List<MotionEvidence>());
        refiner.Refine(sample, consensus, starts, Motions, estimates, first, compute, null, cancellationToken);
        Motions = Learn(first, cancellationToken);
    }

    /// <summary>Works through some of the particles.</summary>
    public void Run(int[] particles, PatchEstimate?[][] estimates, CancellationToken cancellationToken) =>
        refiner.Refine(particles, consensus, starts, Motions, estimates, _evidence, compute, null, cancellationToken);

    /// <summary>What the image of a particle says of motions; null where it is not of the sample.</summary>
    public IReadOnlyList<MotionEvidence>? EvidenceOf(int particle) => _evidence.GetValueOrDefault(particle);

    /// <summary>Takes what another process found in a particle's image.</summary>
    public void Take(int particle, IEnumerable<MotionEvidence> evidence)
    {
        if (_evidence.TryGetValue(particle, out var list))
        {
            list.AddRange(evidence);
        }
    }

    /// <summary>The distributions of motions that the sample says, once all of it is worked through.</summary>
    public RigidMotionPrior[] Learn(CancellationToken cancellationToken) => Learn(_evidence, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => refiner.Dispose();

    private RigidMotionPrior[] Learn(Dictionary<int, List<MotionEvidence>> evidence, CancellationToken cancellationToken) =>
        RigidMotionLearner.Learn([.. sample.SelectMany(i => evidence[i])], Motions, LearningSchedule.Patches, compute, cancellationToken);
}
