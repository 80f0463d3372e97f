using Gmm.Gpu;

namespace Gmm.Cli;

/// <summary>Where a verb computes.</summary>
/// <param name="Name">
/// cpu; gpu, gpu:1, gpu:0,1, opencl:0, ...; cuda, cuda:1, ...; or torch-cpu, TorchSharp on the processor, to try the others without a graphics card.
/// </param>
/// <param name="MemoryGigabytes">Working memory of each part on the device, 10^9 bytes; the parts' own where not given.</param>
/// <param name="Projection">How TorchSharp's devices project: auto, direct or gridding.</param>
internal sealed record DeviceChoice(string Name, double? MemoryGigabytes = null, string Projection = DeviceChoice.Auto)
{
    /// <summary>The projection that a measurement finds the faster.</summary>
    public const string Auto = "auto";

    /// <summary>Exact sums, as matrix products.</summary>
    public const string Direct = "direct";

    /// <summary>By way of a grid and its transform.</summary>
    public const string Gridding = "gridding";

    /// <summary>Gmm's own kernels on the processor.</summary>
    public const string Cpu = "cpu";

    /// <summary>Whether nothing but Gmm's own kernels is asked for.</summary>
    public bool IsCpu => Name == Cpu;

    /// <summary>Whether it is a device of TorchSharp.</summary>
    public bool IsTorch => Name is "torch-cpu" or "cuda" || (Name.StartsWith("cuda:", StringComparison.Ordinal) && Name.Length > 5);

    /// <summary>Whether it is for Gmm's own kernels on a graphics card.</summary>
    public bool IsCard => GpuDevices.IsName(Name);
}
