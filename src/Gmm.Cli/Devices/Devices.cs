using Gmm.Core;
#if TORCH
using Gmm.Torch;
#endif

namespace Gmm.Cli;

/// <summary>Finds what a job computes with on a device. There is no fall back to the processor.</summary>
internal static class Devices
{
    /// <summary>What --version says beside the tool's version; null in a tool without TorchSharp.</summary>
    public static string? Versions =>
#if TORCH
        TorchDevices.Describe();
#else
        null;
#endif

    /// <summary>The parts on a device.</summary>
    /// <param name="choice">Which.</param>
    /// <param name="compute">Threads.</param>
    /// <returns>The parts, to be disposed.</returns>
    /// <exception cref="InvalidInputException">A device that is not there, or a tool without TorchSharp.</exception>
    public static IDeviceParts Open(DeviceChoice choice, ComputeOptions compute)
    {
        if (choice.IsCpu)
        {
            return new ProcessorParts();
        }

        if (choice.IsCard)
        {
            return new GpuParts(choice);
        }

#if TORCH
        return new TorchParts(choice, compute);
#else
        _ = compute;
        if (!choice.IsTorch)
        {
            throw new InvalidInputException(
                $"'{choice.Name}' is no device: there are cpu, gpu, gpu:N (gpu:N,M for two) and opencl:N, and with TorchSharp cuda and cuda:N", "--device");
        }

        throw new InvalidInputException(
            $"{choice.Name} needs a gmm that is built with TorchSharp: dotnet build src/Gmm.Cli -c Release -p:Torch=true "
                + "-p:TorchBackend=TorchSharp-cuda-linux (docs/torch.md); without it there are gpu, gpu:N and opencl:N (docs/gpu.md)",
            "--device");
#endif
    }

    private sealed class ProcessorParts : IDeviceParts
    {
        public void Dispose()
        {
        }
    }
}
