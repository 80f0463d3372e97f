using System.Numerics;

namespace Gmm.Core;

/// <summary>The discrete Fourier transform of real images. Immutable and safe on many threads; the caller owns the scratch.</summary>
/// <remarks>
/// The forward transform is the sum with exp(-2 pi i (kx x / width + ky y / height)), unnormalised; the inverse divides by the number of
/// pixels. A spectrum has Height rows (ky = 0 to Height - 1, negative frequencies last) of <see cref="SpectrumWidth"/> columns (kx from 0),
/// real and imaginary parts apart. Any size is right; products of 2, 3 and 5 are fast (<see cref="FftSizes"/>), and a prime factor r over 5
/// costs of the order of r operations a pixel. Calls allocate nothing.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class RealFft2D<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly RealPlane<T> _plane;

    /// <summary>Plans the transform of images of a size.</summary>
    /// <param name="height">Rows of the image.</param>
    /// <param name="width">Columns of the image, contiguous in memory.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size that is not positive or over 2^22, or more than 2^31 - 1 pixels.</exception>
    public RealFft2D(int height, int width)
    {
        _plane = new RealPlane<T>(height, width);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)height * ((2 * (width / 2)) + 2), int.MaxValue, nameof(height));
    }

    /// <summary>Rows of the image.</summary>
    public int Height => _plane.Height;

    /// <summary>Columns of the image.</summary>
    public int Width => _plane.Width;

    /// <summary>Columns of the spectrum: Width / 2 + 1.</summary>
    public int SpectrumWidth => _plane.SpectrumWidth;

    /// <summary>Pixels of the image.</summary>
    public int RealLength => Height * Width;

    /// <summary>Complex values of the spectrum.</summary>
    public int SpectrumLength => Height * SpectrumWidth;

    /// <summary>Values of scratch that a call needs; of the order of 40 rows.</summary>
    public int ScratchLength => _plane.WorkLength + (2 * Height);

    /// <summary>Image to spectrum.</summary>
    /// <param name="real"><see cref="RealLength"/> pixels.</param>
    /// <param name="re">Real parts, <see cref="SpectrumLength"/> values.</param>
    /// <param name="im">Imaginary parts, <see cref="SpectrumLength"/> values.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> values, of any content.</param>
    /// <param name="columns">Only columns kx below this are wanted; the others are left with no meaning. At least 1.</param>
    /// <exception cref="ArgumentException">A span that is too short, or no columns.</exception>
    public unsafe void Forward(ReadOnlySpan<T> real, Span<T> re, Span<T> im, Span<T> scratch, int columns = int.MaxValue)
    {
        Check(real.Length, re.Length, im.Length, scratch.Length, columns);
        fixed (T* p = real, r = re, i = im, s = scratch)
        {
            _plane.Forward(p, r, i, Math.Min(columns, SpectrumWidth), s);
        }
    }

    /// <summary>Spectrum to image. The spectrum is taken for that of a real image.</summary>
    /// <param name="re">Real parts, <see cref="SpectrumLength"/> values.</param>
    /// <param name="im">Imaginary parts, <see cref="SpectrumLength"/> values.</param>
    /// <param name="real"><see cref="RealLength"/> pixels; must not overlap the spectrum.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> values, of any content.</param>
    /// <param name="columns">Only columns kx below this are used; the others count as zero, whatever they hold. At least 1.</param>
    /// <exception cref="ArgumentException">A span that is too short, or no columns.</exception>
    public unsafe void Inverse(ReadOnlySpan<T> re, ReadOnlySpan<T> im, Span<T> real, Span<T> scratch, int columns = int.MaxValue)
    {
        Check(real.Length, re.Length, im.Length, scratch.Length, columns);
        fixed (T* p = real, r = re, i = im, s = scratch)
        {
            var scale = T.One / T.CreateChecked(RealLength);
            _plane.Inverse(
                r, i, SpectrumWidth, r + _plane.Half, i + _plane.Half, SpectrumWidth, p, s + _plane.WorkLength, Math.Min(columns, SpectrumWidth), scale, s);
        }
    }

    private void Check(int real, int re, int im, int scratch, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(real, RealLength, nameof(real));
        ArgumentOutOfRangeException.ThrowIfLessThan(re, SpectrumLength, nameof(re));
        ArgumentOutOfRangeException.ThrowIfLessThan(im, SpectrumLength, nameof(im));
        ArgumentOutOfRangeException.ThrowIfLessThan(scratch, ScratchLength, nameof(scratch));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
    }
}
