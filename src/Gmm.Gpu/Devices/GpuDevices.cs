using System.Globalization;
using System.Runtime.InteropServices;
using Gmm.Core;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace Gmm.Gpu;

/// <summary>The graphics cards of this machine.</summary>
/// <remarks>
/// <example>
/// <code>
/// foreach (GpuDeviceInfo card in GpuDevices.List()) { ... }
/// using GpuDevice device = GpuDevices.Open("gpu");
/// </code>
/// </example>
/// </remarks>
public static class GpuDevices
{
    private const string Cuda = "gpu";
    private const string OpenCL = "opencl";

    /// <summary>
    /// A card simulated on the processor, many times slower than the processor's own kernels: for tests. Numbers after it are those of a group's threads, one
    /// for each card.
    /// </summary>
    internal const string Simulated = "ilgpu-cpu";

    /// <summary>Whether a name is for <see cref="Open"/> to find, or to say what is wrong with it.</summary>
    /// <param name="name">The name.</param>
    /// <returns>True for gpu and opencl, whatever follows a colon.</returns>
    public static bool IsName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Split(':')[0] is Cuda or OpenCL or Simulated;
    }

    /// <summary>Lists the devices, usable or not, and the kinds of which there is none with the reason.</summary>
    /// <returns>CUDA's first, as gpu counts them, then OpenCL's.</returns>
    public static IReadOnlyList<GpuDeviceInfo> List()
    {
        using var context = Context.Create(b => Cards(b));
        CudaDevice[] cards = [.. context.GetCudaDevices()];
        CLDevice[] others = [.. context.GetCLDevices()];
        var cuda = cards.Select((d, n) => new GpuDeviceInfo(Id(Cuda, n), d.Name.Trim(), d.MemorySize, Problem(d))).ToArray();
        var cl = others.Select((d, n) => new GpuDeviceInfo(Id(OpenCL, n), d.Name.Trim(), d.MemorySize, Problem(d))).ToArray();
        return
        [
            .. cuda.Length > 0 ? cuda : [new GpuDeviceInfo(Cuda, string.Empty, 0, NoCuda())],
            .. cl.Length > 0 ? cl : [new GpuDeviceInfo(OpenCL, string.Empty, 0, NoOpenCL())],
        ];
    }

    /// <summary>Opens a device. There is no fall back to the processor.</summary>
    /// <param name="name">
    /// gpu, the first CUDA card, or the first OpenCL device that can be used where there is none; gpu:N, opencl:N that device, from 0; gpu:0,1 both, which
    /// share the work.
    /// </param>
    /// <returns>The device, to be disposed.</returns>
    /// <exception cref="InvalidInputException">There is no such device, or it cannot be used; the message says why.</exception>
    public static GpuDevice Open(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var (kind, numbers) = Split(name) ?? throw new InvalidInputException(
            $"'{name}' is no device; there are gpu, gpu:N and opencl:N, and gpu:N,M for several cards", "--device");
        if (kind != Simulated && numbers.Distinct().Count() < numbers.Length)
        {
            throw new InvalidInputException($"{name} names a card twice", "--device");
        }

        var cards = new List<GpuCard>();
        try
        {
            cards.AddRange(numbers.Select(n => kind == Simulated ? Simulate(n) : OpenCard(kind, n)));
            return new GpuDevice(cards);
        }
        catch
        {
            cards.ForEach(c => c.Dispose());
            throw;
        }
    }

    private static GpuCard OpenCard(string kind, int? number)
    {
        var name = number is { } n ? Id(kind, n) : kind;
        var context = Context.Create(b => Cards(b));
        try
        {
            var device = Choose(context, kind, number, name);
            return new GpuCard(context, device, $"{device.Name.Trim()} ({(device is CudaDevice ? "CUDA" : "OpenCL")})");
        }
        catch (Exception e) when (e is AcceleratorException or CapabilityNotSupportedException)
        {
            context.Dispose();
            throw new InvalidInputException($"{name} cannot be used: {e.Message}", "--device", null, null, e);
        }
        catch (InvalidInputException)
        {
            context.Dispose();
            throw;
        }
    }

    private static GpuCard Simulate(int? threads)
    {
        // Two threads a warp are ILGPU's least; a launch uses as many as its group has.
        var group = Math.Clamp(threads ?? 1, 1, 64);
        var lanes = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, group));
        var context = Context.Create(b => b.Optimize(OptimizationLevel.O2).CPU(new CPUDevice(Math.Min(lanes, 8), Math.Max(1, lanes / 8), 1)));
        return new GpuCard(context, context.GetCPUDevice(0), $"{Simulated}, a card simulated on the processor", group);
    }

    private static void Cards(Context.Builder builder) => builder.Optimize(OptimizationLevel.O2).Cuda(_ => true).OpenCL(_ => true);

    private static Device Choose(Context context, string kind, int? number, string name)
    {
        IReadOnlyList<CudaDevice> cuda = [.. context.GetCudaDevices()];
        IReadOnlyList<CLDevice> cl = [.. context.GetCLDevices()];
        if (kind == Cuda && number is null && cuda.Count == 0)
        {
            return cl.FirstOrDefault(d => Problem(d) is null) ?? throw new InvalidInputException(
                $"there is no graphics card that can be used: {NoCuda()}; "
                    + $"{(cl.Count == 0 ? NoOpenCL() : $"{cl[0].Name.Trim()} {Problem(cl[0])}")} (gmm devices)",
                "--device");
        }

        var n = number ?? 0;
        var (count, none) = kind == Cuda ? (cuda.Count, NoCuda()) : (cl.Count, NoOpenCL());
        if (n >= count)
        {
            throw new InvalidInputException(
                count == 0 ? $"there is no {name}: {none}" : FormattableString.Invariant($"there is no {name}: the last is {Id(kind, count - 1)}"), "--device");
        }

        Device device = kind == Cuda ? cuda[n] : cl[n];
        var problem = device is CudaDevice card ? Problem(card) : Problem((CLDevice)device);
        return problem is null ? device : throw new InvalidInputException($"{name}, {device.Name.Trim()}, {problem}", "--device");
    }

    /// <summary>64-bit atomics and double precision came with compute capability 6.</summary>
    private static string? Problem(CudaDevice device) => device.Architecture is not { } architecture
        ? "has a compute capability that ILGPU does not know"
        : architecture.Major < 6
            ? FormattableString.Invariant($"has compute capability {architecture.Major}.{architecture.Minor}; 6.0 is the least")
            : null;

    private static string? Problem(CLDevice device) =>
        !device.Capabilities.GenericAddressSpace ? "has no generic address space, which OpenCL 2.0 brought"
        : !device.Capabilities.Float64 ? "has no double precision"
        : !device.Capabilities.Int64_Atomics ? "has no 64-bit atomic additions"
        : null;

    private static string NoCuda() => CanLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1")
        ? "NVIDIA's driver sees no card"
        : "NVIDIA's driver is not installed (no libcuda)";

    private static string NoOpenCL() => CanLoad(OperatingSystem.IsWindows() ? "OpenCL.dll" : "libOpenCL.so")
        ? "OpenCL sees no device"
        : CanLoad("libOpenCL.so.1") ? "OpenCL is there as libOpenCL.so.1, but not under the name libOpenCL.so that is looked for: link one to the other"
        : "OpenCL is not installed (no libOpenCL.so)";

    private static bool CanLoad(string library)
    {
        if (!NativeLibrary.TryLoad(library, out var handle))
        {
            return false;
        }

        NativeLibrary.Free(handle);
        return true;
    }

    private static string Id(string kind, int number) => FormattableString.Invariant($"{kind}:{number}");

    /// <summary>A kind and the numbers after it; one that is null where there are none.</summary>
    private static (string Kind, int?[] Numbers)? Split(string name)
    {
        var at = name.IndexOf(':', StringComparison.Ordinal);
        var kind = at < 0 ? name : name[..at];
        if (kind != Cuda && kind != OpenCL && kind != Simulated)
        {
            return null;
        }

        var numbers = new List<int?>();
        foreach (var word in at < 0 ? [] : name[(at + 1)..].Split(','))
        {
            if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            numbers.Add(number);
        }

        return (kind, numbers.Count > 0 ? [.. numbers] : [null]);
    }
}
