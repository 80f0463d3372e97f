using System.Reflection;
using Gmm.Core;

namespace Gmm.Torch;

/// <summary>Finds the device that a user asks for. There is no fall back: who asks for CUDA gets CUDA or an error.</summary>
public static class TorchDevices
{
    /// <summary>Why libtorch cannot be loaded here, in one line, in the words of the system's loader; null where it can. The first call loads it.</summary>
    public static string? LoadError => NativeTorch.Error;

    /// <summary>The device of a name.</summary>
    /// <param name="name">cpu, cuda (the first device) or cuda:N.</param>
    /// <returns>The device, ready to be used.</returns>
    /// <exception cref="InvalidInputException">
    /// A name that is none of these, libtorch that cannot be loaded, or CUDA asked for where libtorch or the machine has none.
    /// </exception>
    public static Device Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name is "cpu")
        {
            Require();
            return CPU;
        }

        var index = 0;
        if (name != "cuda" && !(name.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), out index) && index >= 0))
        {
            throw new InvalidInputException($"Device \"{name}\" is not known; devices are cpu, cuda and cuda:0, cuda:1, ...");
        }

        Require();
        var count = cuda.is_available() ? cuda.device_count() : 0;
        if (count == 0)
        {
            throw new InvalidInputException(
                $"Device \"{name}\" was asked for, but libtorch finds no CUDA device here. "
                + "It needs an NVIDIA driver and the package TorchSharp-cuda-linux (or -windows) in the application.");
        }

        return index < count
            ? new Device(DeviceType.CUDA, index)
            : throw new InvalidInputException($"Device \"{name}\" was asked for, but there are {count} CUDA devices, numbered from 0.");
    }

    /// <summary>What there is, in one line: versions and devices, or why libtorch cannot be loaded.</summary>
    /// <returns>For example "TorchSharp 0.107.0 with libtorch 2.10.0: cpu, cuda:0".</returns>
    public static string Describe()
    {
        var version = typeof(torch).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
        if (LoadError is { } error)
        {
            return $"TorchSharp {version}: libtorch cannot be loaded: {error}";
        }

        var devices = Enumerable.Range(0, cuda.is_available() ? cuda.device_count() : 0).Select(i => $", cuda:{i}");
        return $"TorchSharp {version} with libtorch {__version__}: cpu{string.Concat(devices)}";
    }

    /// <summary>What parts on a device call it: torch-cpu, cuda:0, ...</summary>
    internal static string NameOf(Device device) => device.type == DeviceType.CPU ? "torch-cpu" : device.ToString();

    private static void Require()
    {
        if (LoadError is { } error)
        {
            throw new InvalidInputException($"libtorch cannot be loaded: {error} (docs/torch.md, Which packages)");
        }
    }
}
