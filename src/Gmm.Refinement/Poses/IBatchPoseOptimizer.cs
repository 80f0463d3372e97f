using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// An optimizer that refines the poses of many particles at once, as a graphics card wants it. Put into <see cref="RefinementOptions.Optimizer"/>
/// like any other.
/// </summary>
public interface IBatchPoseOptimizer : IPoseOptimizer
{
    /// <summary>Refines poses. Each particle's result depends on that particle only.</summary>
    /// <param name="batch">The particles, what they are compared with, and what is known of them.</param>
    /// <param name="results">Receives an estimate for each particle of the source whose index is in the batch.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="InvalidInputException">An image cannot be read, or the device has too little memory for one.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    void Optimize(PoseBatch batch, PoseEstimate?[] results, ComputeOptions compute, CancellationToken cancellationToken);
}
