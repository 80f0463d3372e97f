using Gmm.Core;
using Gmm.Refinement;
#if TORCH
using Gmm.Torch;
using TorchSharp;
#endif

namespace Gmm.Cli;

/// <summary>The device that --device names.</summary>
internal static class PoseDevices
{
    /// <summary>Gmm's own kernels on the processor.</summary>
    public const string Cpu = "cpu";

    /// <summary>What --version says beside the tool's version; null in a tool without TorchSharp.</summary>
    public static string? Versions =>
#if TORCH
        TorchDevices.Describe();
#else
        null;
#endif

    /// <summary>Makes what refines poses on a device. There is no fall back to the processor.</summary>
    /// <param name="device">cpu, cuda, cuda:1, ...; or torch-cpu, TorchSharp on the processor, to try the other without a graphics card.</param>
    /// <param name="optimizer">The optimizer on the processor.</param>
    /// <returns>That optimizer for the processor, its counterpart on the device otherwise; to be disposed if it can be.</returns>
    /// <exception cref="InvalidInputException">A device that is not there, or a tool without TorchSharp.</exception>
    public static IPoseOptimizer Make(string device, IPoseOptimizer optimizer)
    {
        if (device == Cpu)
        {
            return optimizer;
        }

#if TORCH
        return new TorchPoseOptimizer(device == "torch-cpu" ? TorchDevices.Parse(Cpu) : TorchDevices.Parse(device), optimizer);
#else
        throw new InvalidInputException(
            $"{device} needs a gmm that is built with TorchSharp: dotnet build src/Gmm.Cli -c Release -p:Torch=true "
                + "-p:TorchBackend=TorchSharp-cuda-linux (docs/torch.md)",
            "--device");
#endif
    }
}
