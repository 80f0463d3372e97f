namespace Gmm.Gpu;

/// <summary>The memory of images that are worked on together, allocated once.</summary>
internal sealed class ImageSlots : IDisposable
{
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _lines;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _band;

    /// <summary>Makes the memory.</summary>
    /// <param name="card">Where.</param>
    /// <param name="count">Number of images.</param>
    /// <param name="lines">Floats between the two halves of a transform.</param>
    /// <param name="band">Floats of a transform's band.</param>
    public ImageSlots(GpuCard card, int count, long lines, long band)
    {
        Count = count;
        _lines = card.Allocate<float>(lines * count);
        _band = card.Allocate<float>(band * count);
    }

    /// <summary>Number of slots.</summary>
    public int Count { get; }

    /// <summary>Lines between the halves of a transform.</summary>
    public ArrayView<float> Lines => _lines.View;

    /// <summary>Bands of transforms.</summary>
    public ArrayView<float> Band => _band.View;

    /// <summary>Floats of an image as it comes from the host.</summary>
    public static long InputOf(DeviceOptics optics) => (long)optics.Optics.ImageSize * optics.Optics.ImageSize;

    /// <summary>Floats between the halves of an image's transform.</summary>
    public static long LinesOf(DeviceOptics optics) => 2 * (optics.BandRadius + 1L) * optics.Plan.Length;

    /// <summary>Floats of the band of an image's transform.</summary>
    public static long BandOf(DeviceOptics optics) => 2 * (optics.BandRadius + 1L) * ((2 * optics.BandRadius) + 1);

    /// <inheritdoc/>
    public void Dispose()
    {
        _lines.Dispose();
        _band.Dispose();
    }
}
