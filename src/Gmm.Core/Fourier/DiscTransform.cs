namespace Gmm.Core;

/// <summary>The transform between an image of one size and its coefficients on a <see cref="FourierDisc"/>; the phase origin is pixel n/2.</summary>
/// <remarks>Unnormalised forward, 1/n^2 inverse. Immutable and safe on many threads; the caller owns the scratch.</remarks>
public sealed class DiscTransform
{
    private readonly RealFft2D<float> _fft;
    private readonly int[] _index;

    /// <summary>Makes the transform of images of a size.</summary>
    /// <param name="imageSize">Side of the image, pixels, even or odd.</param>
    /// <param name="disc">The coefficients wanted; its radius must lie inside the image's band, (n-1)/2.</param>
    /// <exception cref="ArgumentException">The disc is wider than the image's band.</exception>
    public DiscTransform(int imageSize, FourierDisc disc)
    {
        if (disc.Radius > (imageSize - 1) / 2)
        {
            throw new ArgumentException($"A disc of radius {disc.Radius} does not fit an image of {imageSize} pixels.", nameof(disc));
        }

        ImageSize = imageSize;
        Disc = disc;
        _fft = new RealFft2D<float>(imageSize, imageSize);
        _index = new int[disc.Count];
        for (var i = 0; i < _index.Length; i++)
        {
            int ky = disc.Ky[i];
            _index[i] = ((ky < 0 ? ky + imageSize : ky) * _fft.SpectrumWidth) + disc.Kx[i];
        }
    }

    /// <summary>Side of the image, pixels.</summary>
    public int ImageSize { get; }

    /// <summary>The coefficients.</summary>
    public FourierDisc Disc { get; }

    /// <summary>Number of scratch values a call needs.</summary>
    public int ScratchLength => _fft.RealLength + (2 * _fft.SpectrumLength) + _fft.ScratchLength;

    /// <summary>Image to coefficients.</summary>
    /// <param name="image">ImageSize^2 pixels.</param>
    /// <param name="re">Real parts, Disc.Count values.</param>
    /// <param name="im">Imaginary parts, Disc.Count values.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> values.</param>
    public void Forward(ReadOnlySpan<float> image, Span<float> re, Span<float> im, Span<float> scratch)
    {
        var n = ImageSize;
        var half = n / 2;
        var shifted = scratch[.._fft.RealLength];
        var sre = scratch.Slice(_fft.RealLength, _fft.SpectrumLength);
        var sim = scratch.Slice(_fft.RealLength + _fft.SpectrumLength, _fft.SpectrumLength);
        var rest = scratch[(_fft.RealLength + (2 * _fft.SpectrumLength))..];
        for (var y = 0; y < n; y++)
        {
            var source = image.Slice((y + half) % n * n, n);
            var target = shifted.Slice(y * n, n);
            source[half..].CopyTo(target);
            source[..half].CopyTo(target[(n - half)..]);
        }

        _fft.Forward(shifted, sre, sim, rest, Disc.Radius + 1);
        for (var i = 0; i < _index.Length; i++)
        {
            re[i] = sre[_index[i]];
            im[i] = sim[_index[i]];
        }
    }

    /// <summary>Coefficients to image; what the disc does not hold is zero.</summary>
    /// <param name="re">Real parts, Disc.Count values.</param>
    /// <param name="im">Imaginary parts, Disc.Count values.</param>
    /// <param name="image">ImageSize^2 pixels.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> values.</param>
    public void Inverse(ReadOnlySpan<float> re, ReadOnlySpan<float> im, Span<float> image, Span<float> scratch)
    {
        var n = ImageSize;
        var half = n / 2;
        var shifted = scratch[.._fft.RealLength];
        var sre = scratch.Slice(_fft.RealLength, _fft.SpectrumLength);
        var sim = scratch.Slice(_fft.RealLength + _fft.SpectrumLength, _fft.SpectrumLength);
        var rest = scratch[(_fft.RealLength + (2 * _fft.SpectrumLength))..];
        sre.Clear();
        sim.Clear();
        for (var i = 0; i < _index.Length; i++)
        {
            sre[_index[i]] = re[i];
            sim[_index[i]] = im[i];
            if (Disc.Kx[i] == 0 && Disc.Ky[i] > 0)
            {
                // The other half of the kx = 0 column, which the disc leaves out.
                var o = (n - Disc.Ky[i]) * _fft.SpectrumWidth;
                sre[o] = re[i];
                sim[o] = -im[i];
            }
        }

        _fft.Inverse(sre, sim, shifted, rest, Disc.Radius + 1);
        for (var y = 0; y < n; y++)
        {
            var source = shifted.Slice(y * n, n);
            var target = image.Slice((y + half) % n * n, n);
            source[..(n - half)].CopyTo(target[half..]);
            source[(n - half)..].CopyTo(target);
        }
    }
}
