using System.CommandLine;
using Gmm.Core;

namespace Gmm.Cli;

/// <summary>The options that say where a verb computes.</summary>
/// <param name="what">What moves to the device: "poses are refined and half maps summed".</param>
/// <param name="onCard">What of it moves where Gmm's own kernels for graphics cards are asked for; null for nothing, which is refused.</param>
/// <param name="projects">Whether models are projected there.</param>
internal sealed class DeviceInput(string what, string? onCard = null, bool projects = false)
{
    private readonly Option<double?> _memory = Declare.Number(
        "--device-memory", "GB", "Working memory on the device for each part of the job, 2 by default: work is done in pieces that fit. With --device.");

    private readonly Option<string> _projection = Declare.Choice(
        "--device-projection", "How TorchSharp projects on the device: direct (exact sums as matrix products), gridding (deposits on a grid and a Fourier "
            + "transform), or auto: on a graphics card the faster of the two in a short measurement at the start, and on torch-cpu Gmm's own projector. A "
            + "run that is resumed keeps its own.",
        DeviceChoice.Auto, DeviceChoice.Direct, DeviceChoice.Gridding);

    /// <summary>The option --device.</summary>
    public Option<string> Device { get; } = Declare.Text(
        "--device", onCard is null ? "cpu|cuda" : "cpu|gpu|cuda",
        $"Where {what}: cpu, "
            + (onCard is null ? string.Empty
                : "gpu (the first graphics card of CUDA, or of OpenCL where there is none; gpu:1, opencl:0, ..., gpu:0,1 for two; gmm devices lists them) "
                    + $"for {onCard}, ")
            + "or cuda (cuda:1, ...) in a gmm that is built with TorchSharp.",
        DeviceChoice.Cpu);

    /// <summary>The options.</summary>
    public IEnumerable<Option> Options => projects ? [Device, _memory, _projection] : [Device, _memory];

    /// <summary>The device asked for.</summary>
    /// <exception cref="InvalidInputException">A memory that is none, or without a device.</exception>
    public DeviceChoice Read(VerbCall call)
    {
        var choice = new DeviceChoice(call.Get(Device), call.Get(_memory), projects ? call.Get(_projection) : DeviceChoice.Auto);
        call.RequireWith(!choice.IsCpu, Device.Name, _memory);
        if (choice.Projection != DeviceChoice.Auto && !choice.IsTorch)
        {
            throw new InvalidInputException("is for --device cuda and torch-cpu", _projection.Name);
        }

        if (choice.IsCard && onCard is null)
        {
            throw new InvalidInputException($"{choice.Name} has no kernels for this verb", Device.Name);
        }

        return choice.MemoryGigabytes is null or (> 0 and <= 10_000)
            ? choice
            : throw new InvalidInputException("must be over 0 and at most 10000", _memory.Name);
    }
}
