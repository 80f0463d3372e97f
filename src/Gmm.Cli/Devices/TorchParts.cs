#if TORCH
using Gmm.Core;
using Gmm.Heterogeneity;
using Gmm.Maps;
using Gmm.Refinement;
using Gmm.Torch;
using TorchSharp;

namespace Gmm.Cli;

/// <summary>The parts' counterparts on tensors.</summary>
internal sealed class TorchParts : IDeviceParts
{
    private readonly List<IDisposable> _made = [];
    private readonly torch.Device _device;
    private readonly DeviceChoice _choice;
    private TorchProjectorOptions _projector;

    /// <summary>Finds the device.</summary>
    /// <param name="choice">Which.</param>
    /// <param name="compute">Threads: libtorch gets as many as the rest has, for its work and that of the rest take turns.</param>
    /// <exception cref="InvalidInputException">A device that is not there.</exception>
    public TorchParts(DeviceChoice choice, ComputeOptions compute)
    {
        _choice = choice;
        _device = TorchDevices.Parse(choice.Name == "torch-cpu" ? DeviceChoice.Cpu : choice.Name);
        _projector = new TorchProjectorOptions { Accuracy = GriddingProjector.DefaultAccuracy, Threads = compute.Threads };
        if (choice.MemoryGigabytes is { } gigabytes)
        {
            _projector = _projector with { MemoryBytes = (long)(1e9 * gigabytes) };
        }

        torch.set_num_threads(compute.Threads);
    }

    /// <inheritdoc/>
    public void Choose(DeviceWork work, VerbCall call)
    {
        var word = _choice.Projection == DeviceChoice.Auto ? work.Begun() : _choice.Projection;
        if (word is null && _device.type != DeviceType.CPU)
        {
            var disc = work.Disc();
            var found = ProjectionMeasurement.On(_device, disc, work.GaussiansOrUsual, _projector);
            word = found.Form == ProjectionForm.Direct ? DeviceChoice.Direct : DeviceChoice.Gridding;
            call.Say(Texts.Line(
                $"{_choice.Name}: projections by {word} ({found.DirectPerSecond:F0} per second directly, {found.GriddingPerSecond:F0} by gridding; ")
                + Texts.Line($"{work.GaussiansOrUsual} Gaussians, {disc.Count} coefficients)"));
        }

        _projector = _projector with
        {
            Form = word switch
            {
                DeviceChoice.Direct => ProjectionForm.Direct,
                DeviceChoice.Gridding => ProjectionForm.Gridding,
                _ => ProjectionForm.Auto,
            },
        };
    }

    /// <inheritdoc/>
    public IModelBuilder ModelBuilder(IModelBuilder managed) => new TorchModelBuilder(_device, _projector.MemoryBytes);

    /// <inheritdoc/>
    public IPoseOptimizer Optimizer(IPoseOptimizer managed)
    {
        var optimizer = new TorchPoseOptimizer(_device, managed, _projector);
        _made.Add(optimizer);
        return optimizer;
    }

    /// <inheritdoc/>
    public IReconstructor Reconstructor(IReconstructor managed) =>
        ((FourierReconstructor)managed).With(new TorchSliceInserter(_device, _projector.MemoryBytes));

    /// <inheritdoc/>
    public IBodyScorer? BodyScorer() => new TorchBodyScorer(_device, _projector);

    /// <inheritdoc/>
    public IMotionScorer? MotionScorer() => new TorchMotionScorer(_device, _projector);

    /// <inheritdoc/>
    public void Dispose() => _made.ForEach(d => d.Dispose());
}
#endif
