using Gmm.Core;
using Gmm.Maps;
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
        return new TorchPoseOptimizer(Find(device), optimizer);
#else
        throw Missing(device);
#endif
    }

    /// <summary>Makes what sums half maps on a device.</summary>
    /// <param name="device">As for <see cref="Make"/>.</param>
    /// <param name="reconstructor">The reconstructor on the processor.</param>
    /// <returns>That for the processor, its counterpart on the device otherwise.</returns>
    /// <exception cref="InvalidInputException">A device that is not there, or a tool without TorchSharp.</exception>
    public static IReconstructor MakeReconstructor(string device, IReconstructor reconstructor)
    {
        if (device == Cpu)
        {
            return reconstructor;
        }

#if TORCH
        return new TorchFourierReconstructor(Find(device));
#else
        throw Missing(device);
#endif
    }

#if TORCH
    private static torch.Device Find(string device) => TorchDevices.Parse(device == "torch-cpu" ? Cpu : device);
#else
    private static InvalidInputException Missing(string device) => new(
        $"{device} needs a gmm that is built with TorchSharp: dotnet build src/Gmm.Cli -c Release -p:Torch=true "
            + "-p:TorchBackend=TorchSharp-cuda-linux (docs/torch.md)",
        "--device");
#endif
}
