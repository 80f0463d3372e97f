#pragma warning disable CS1591, SA1600, CA1822, IDE0011 // interim file, to be replaced
using System.Numerics;

namespace Gmm.Core;

/// <summary>The discrete Fourier transform of real images. Immutable and safe on many threads; the caller owns the scratch.</summary>
public sealed class RealFft2D<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly RealFft3D<T> _fft;
    public RealFft2D(int height, int width) { Height = height; Width = width; _fft = new(1, height, width); }
    public int Height { get; }
    public int Width { get; }
    public int SpectrumWidth => (Width / 2) + 1;
    public int RealLength => Height * Width;
    public int SpectrumLength => Height * SpectrumWidth;
    public int ScratchLength => _fft.ScratchLength;
    /// <summary>columns: how many spectrum columns kx = 0..columns-1 are wanted (default all).</summary>
    public void Forward(ReadOnlySpan<T> real, Span<T> re, Span<T> im, Span<T> scratch, int columns = int.MaxValue) => _fft.Forward(real, re, im, scratch, 1);
    public void Inverse(ReadOnlySpan<T> re, ReadOnlySpan<T> im, Span<T> real, Span<T> scratch, int columns = int.MaxValue) => _fft.Inverse(re, im, real, scratch, 1);
}
