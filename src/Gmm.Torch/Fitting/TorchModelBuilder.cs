using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Torch;

/// <summary>
/// Builds Gaussian models with the comparison of model and map, and its derivatives, on a device: seeds and the steps of the fit are those of
/// <see cref="ModelBuilder"/>, on the host.
/// </summary>
/// <remarks>
/// <example>
/// <code>
/// var options = new RefinementOptions { ModelBuilder = new TorchModelBuilder(TorchDevices.Parse("cuda")) };
/// </code>
/// </example>
/// </remarks>
/// <param name="device">The device.</param>
/// <param name="memoryBytes">Bytes of working memory beside the grid, roughly.</param>
public sealed class TorchModelBuilder(Device device, long memoryBytes = 1L << 30) : IModelBuilder
{
    private readonly ModelBuilder _builder = new(
        TorchDevices.NameOf(device), (target, tolerance, _) => new TorchFitLoss(target, tolerance, device, memoryBytes));

    /// <inheritdoc/>
    public string Name => _builder.Name;

    /// <inheritdoc/>
    public FitResult Build(
        DensityMap halfMap,
        SolventMask? mask,
        ModelBuildOptions build,
        ComputeOptions? options = null,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellationToken = default) => _builder.Build(halfMap, mask, build, options, progress, cancellationToken);
}
