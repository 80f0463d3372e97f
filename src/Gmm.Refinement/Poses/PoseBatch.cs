using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>Particles that are refined together (<see cref="IBatchPoseOptimizer"/>).</summary>
/// <param name="Images">Reads the particles' images on the references' discs.</param>
/// <param name="References">For each optics group its reference, or null where no particle belongs to it.</param>
/// <param name="Indices">The particles to refine.</param>
/// <param name="Starts">A start pose for each particle of the source.</param>
public sealed record PoseBatch(
    ParticleImages Images, IReadOnlyList<PoseReference?> References, IReadOnlyList<int> Indices, IReadOnlyList<Pose> Starts)
{
    /// <summary>What is known of a particle's pose beforehand, by its index in the source; null for nothing.</summary>
    public Func<int, PosePrior?>? Prior { get; init; }

    /// <summary>For each particle of the source the pose of the part that does not move (<see cref="PoseBand.Rest"/>); null where there is none.</summary>
    public IReadOnlyList<Pose>? RestPoses { get; init; }
}
