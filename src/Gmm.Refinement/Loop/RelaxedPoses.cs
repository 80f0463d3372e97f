using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// Symmetry relaxation: refines every symmetry copy of a particle's pose and keeps the best, so that a structure that breaks its symmetry finds its
/// frame.
/// </summary>
internal static class RelaxedPoses
{
    /// <summary>Refines a chunk of particles from every copy of their poses.</summary>
    /// <param name="refiner">Refines.</param>
    /// <param name="particles">The particles.</param>
    /// <param name="poses">A pose for each particle of the source.</param>
    /// <param name="symmetry">The group.</param>
    /// <param name="estimates">Receives the estimate of the copy with the highest objective; of equal ones that of the first operator.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="cancellationToken">Stops between particles.</param>
    public static void Refine(
        ParticlePoseRefiner refiner,
        int[] particles,
        IReadOnlyList<Pose> poses,
        SymmetryGroup symmetry,
        PoseEstimate?[] estimates,
        ComputeOptions compute,
        CancellationToken cancellationToken)
    {
        Pose[] starts = [.. poses];
        var trial = new PoseEstimate?[poses.Count];
        for (var copy = 0; copy < symmetry.Order; copy++)
        {
            foreach (var i in particles)
            {
                // The first operator is the identity; its pose keeps its bits.
                starts[i] = copy == 0 ? poses[i] : poses[i] with { Rotation = (poses[i].Rotation * symmetry.Operators[copy]).Orthonormalized() };
            }

            refiner.Refine(particles, starts, trial, compute, null, cancellationToken);
            foreach (var i in particles)
            {
                if (copy == 0 || IsBetter(trial[i]!, estimates[i]!))
                {
                    estimates[i] = trial[i];
                }
            }
        }
    }

    private static bool IsBetter(PoseEstimate candidate, PoseEstimate best) =>
        candidate.Status == PoseStatus.Refined && (best.Status != PoseStatus.Refined || candidate.Score.Objective > best.Score.Objective);
}
