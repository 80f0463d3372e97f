using Gmm.Core;

namespace Gmm.Gpu;

/// <summary>The memory of images that are worked on together, allocated once.</summary>
internal sealed class ImageSlots : IDisposable
{
    private readonly List<IDisposable> _buffers = [];

    /// <summary>Makes the memory.</summary>
    /// <param name="device">Where.</param>
    /// <param name="count">Number of images.</param>
    /// <param name="input">Floats of an image as it comes from the host: pixels, or coefficients and transfers.</param>
    /// <param name="lines">Floats between the two halves of its transform.</param>
    /// <param name="band">Floats of its transform's band.</param>
    public ImageSlots(GpuDevice device, int count, long input, long lines, long band)
    {
        Count = count;
        Active = Add(device.Allocate<int>(count));
        Input = Add(device.Allocate<float>(input * count));
        Lines = Add(device.Allocate<float>(lines * count));
        Band = Add(device.Allocate<float>(band * count));
        Ctf = Add(device.Allocate<CtfTerms>(count));
    }

    /// <summary>Number of slots.</summary>
    public int Count { get; }

    /// <summary>Whether a slot has work.</summary>
    public MemoryBuffer1D<int, Stride1D.Dense> Active { get; }

    /// <summary>Images as they come from the host.</summary>
    public MemoryBuffer1D<float, Stride1D.Dense> Input { get; }

    /// <summary>Lines between the halves of a transform.</summary>
    public MemoryBuffer1D<float, Stride1D.Dense> Lines { get; }

    /// <summary>Bands of transforms.</summary>
    public MemoryBuffer1D<float, Stride1D.Dense> Band { get; }

    /// <summary>The particles' CTFs.</summary>
    public MemoryBuffer1D<CtfTerms, Stride1D.Dense> Ctf { get; }

    /// <summary>Floats of an image as it comes from the host.</summary>
    public static long InputOf(DeviceOptics optics) => optics.Plan is { } plan ? (long)plan.Length * plan.Length : 3L * optics.Disc.Count;

    /// <summary>Floats between the halves of an image's transform.</summary>
    public static long LinesOf(DeviceOptics optics) => optics.Plan is { } plan ? 2 * (optics.Disc.Radius + 1L) * plan.Length : 0;

    /// <summary>Floats of the band of an image's transform.</summary>
    public static long BandOf(DeviceOptics optics) => 2 * (optics.Disc.Radius + 1L) * ((2 * optics.Disc.Radius) + 1);

    /// <inheritdoc/>
    public void Dispose() => _buffers.ForEach(b => b.Dispose());

    private T Add<T>(T buffer)
        where T : IDisposable
    {
        _buffers.Add(buffer);
        return buffer;
    }
}
