using Gmm.Core;
using Gmm.Gpu;
using Gmm.Maps;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>
/// The parts that there are kernels for on a graphics card: poses, those of patches too, and half maps. The others stay on the processor, as the help of
/// --device says.
/// </summary>
/// <param name="choice">Which card.</param>
/// <exception cref="InvalidInputException">A card that is not there or cannot be used.</exception>
internal sealed class GpuParts(DeviceChoice choice) : IDeviceParts
{
    private readonly GpuDevice _device = GpuDevices.Open(choice.Name);
    private readonly List<IDisposable> _made = [];

    /// <inheritdoc/>
    public IPoseOptimizer Optimizer(IPoseOptimizer managed)
    {
        var climber = managed as LevenbergMarquardtPoseOptimizer
            ?? throw new InvalidInputException($"{choice.Name} has no kernels for {managed.Name}", "--device");
        var optimizer = new GpuPoseOptimizer(_device, climber, (long?)(1e9 * choice.MemoryGigabytes));
        _made.Add(optimizer);
        return optimizer;
    }

    /// <inheritdoc/>
    public IReconstructor Reconstructor(IReconstructor managed)
    {
        var fourier = managed as FourierReconstructor ?? throw new InvalidInputException($"{choice.Name} has no kernels for {managed.Name}", "--device");
        var inserter = new GpuSliceInserter(_device);
        _made.Add(inserter);
        return fourier.With(inserter);
    }

    /// <inheritdoc/>
    public IBodyScorer? BodyScorer() => new GpuBodyScorer(_device);

    /// <inheritdoc/>
    public void Dispose()
    {
        _made.ForEach(d => d.Dispose());
        _device.Dispose();
    }
}
