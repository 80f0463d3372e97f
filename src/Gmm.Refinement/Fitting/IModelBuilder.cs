using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>Makes the Gaussian model of a half map, in each iteration anew. <see cref="ModelBuilder"/> is the ready one.</summary>
public interface IModelBuilder : IPart
{
    /// <summary>Builds a model.</summary>
    /// <param name="halfMap">The map, usually an unfiltered half map; nothing of the other half is used.</param>
    /// <param name="mask">The solvent mask, or none.</param>
    /// <param name="build">The options.</param>
    /// <param name="options">Threads and seed; the result does not depend on the threads.</param>
    /// <param name="progress">Called after each iteration of the fit.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The model and how well it fits.</returns>
    /// <exception cref="InvalidInputException">A mask on other voxels, a map without density, or more Gaussians than voxels with density.</exception>
    /// <exception cref="ArgumentException">Options outside their range.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    FitResult Build(
        DensityMap halfMap,
        SolventMask? mask,
        ModelBuildOptions build,
        ComputeOptions? options = null,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellationToken = default);
}
