using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// An optimizer that refines the poses of many particles at once, as a graphics card wants it. Put into <see cref="RefinementOptions.Optimizer"/>
/// like any other.
/// </summary>
public interface IBatchPoseOptimizer : IPoseOptimizer
{
    /// <summary>Refines poses. Each particle's result depends on that particle only.</summary>
    /// <param name="source">The particles.</param>
    /// <param name="references">For each optics group its reference, or null where no particle belongs to it.</param>
    /// <param name="resolution">The finest band of the references, angstrom.</param>
    /// <param name="indices">The particles to refine.</param>
    /// <param name="starts">A start pose for each particle of the source.</param>
    /// <param name="results">Receives an estimate for each particle of the source whose index is in the list.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="InvalidInputException">An image cannot be read, or the device has too little memory for one.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    void Optimize(
        IParticleSource source,
        IReadOnlyList<PoseReference?> references,
        double resolution,
        IReadOnlyList<int> indices,
        IReadOnlyList<Pose> starts,
        PoseEstimate?[] results,
        ComputeOptions compute,
        CancellationToken cancellationToken);
}
