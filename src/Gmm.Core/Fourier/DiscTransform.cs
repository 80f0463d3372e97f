namespace Gmm.Core;

/// <summary>
/// The transform between an image of one size and its coefficients on a <see cref="FourierDisc"/>; the phase origin is <see cref="OriginPixel"/>.
/// </summary>
/// <remarks>Unnormalised forward, 1/n^2 inverse. Immutable and safe on many threads; the caller owns the scratch.</remarks>
public sealed class DiscTransform
{
    private readonly RealFft2D<float> _fft;
    private readonly int[] _index;
    private readonly int[] _mirror;
    private readonly float[] _cos;
    private readonly float[] _sin;

    /// <summary>Makes the transform of images of a size.</summary>
    /// <param name="imageSize">Side of the image, pixels, even or odd.</param>
    /// <param name="disc">
    /// The coefficients wanted; its radius must lie inside the image's band, (n-1)/2. In an even box one more ring, Nyquist's, can be read
    /// (<see cref="Forward"/>) but not written.
    /// </param>
    /// <param name="oddOrigin">Where the phase origin of an odd image is.</param>
    /// <exception cref="ArgumentException">The disc is wider than the image's band.</exception>
    public DiscTransform(int imageSize, FourierDisc disc, OddOrigin oddOrigin = OddOrigin.Relion)
    {
        ArgumentNullException.ThrowIfNull(disc);
        if (disc.Radius > imageSize / 2)
        {
            throw new ArgumentException($"A disc of radius {disc.Radius} does not fit an image of {imageSize} pixels.", nameof(disc));
        }

        ImageSize = imageSize;
        Disc = disc;
        _fft = new RealFft2D<float>(imageSize, imageSize);
        _index = new int[disc.Count];
        _cos = new float[disc.Count];
        _sin = new float[disc.Count];
        List<int> mirror = [];
        for (var i = 0; i < _index.Length; i++)
        {
            int kx = disc.Kx[i], ky = disc.Ky[i];
            _index[i] = ((ky < 0 ? ky + imageSize : ky) * _fft.SpectrumWidth) + kx;
            if (kx == 0 && ky > 0)
            {
                mirror.Add(i);
            }

            // The origin at pixel o and not at pixel 0 turns coefficient k by (kx + ky) o / n turns; for even sizes that is a sign.
            var turn = (long)(kx + ky + (2 * imageSize)) * OriginPixel(imageSize, oddOrigin) % imageSize;
            var (sin, cos) = Math.SinCos(2 * Math.PI * turn / imageSize);
            _cos[i] = (float)cos;
            _sin[i] = imageSize % 2 == 0 ? 0 : (float)sin;
        }

        _mirror = [.. mirror];
    }

    /// <summary>Side of the image, pixels.</summary>
    public int ImageSize { get; }

    /// <summary>The coefficients.</summary>
    public FourierDisc Disc { get; }

    /// <summary>Number of scratch values a call needs.</summary>
    public int ScratchLength => checked((2 * _fft.SpectrumLength) + _fft.ScratchLength);

    /// <summary>
    /// The pixel, along x and along y, at which a structure's centre appears when its pose has no shift: n/2, and (n+1)/2 if n is odd, where
    /// relion_project puts it, unless the images are another program's. A map's centre is voxel n/2, rounded down, in all cases.
    /// </summary>
    /// <param name="imageSize">Side of the image, pixels.</param>
    /// <param name="oddOrigin">Whose images they are, if the side is odd.</param>
    /// <returns>The pixel, from 0.</returns>
    public static int OriginPixel(int imageSize, OddOrigin oddOrigin = OddOrigin.Relion) => (oddOrigin == OddOrigin.Relion ? imageSize + 1 : imageSize) / 2;

    /// <summary>Image to coefficients.</summary>
    /// <param name="image">ImageSize^2 pixels.</param>
    /// <param name="re">Real parts, Disc.Count values.</param>
    /// <param name="im">Imaginary parts, Disc.Count values.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> values.</param>
    /// <exception cref="ArgumentException">A span that is too short.</exception>
    public void Forward(ReadOnlySpan<float> image, Span<float> re, Span<float> im, Span<float> scratch)
    {
        var spectrumRe = scratch[.._fft.SpectrumLength];
        var spectrumIm = scratch.Slice(_fft.SpectrumLength, _fft.SpectrumLength);
        _fft.Forward(image, spectrumRe, spectrumIm, scratch[(2 * _fft.SpectrumLength)..], Disc.Radius + 1);
        var (index, cos, sin) = (_index, _cos, _sin);
        re = re[..index.Length];
        im = im[..index.Length];
        for (var i = 0; i < index.Length; i++)
        {
            float a = spectrumRe[index[i]], b = spectrumIm[index[i]];
            re[i] = (a * cos[i]) - (b * sin[i]);
            im[i] = (a * sin[i]) + (b * cos[i]);
        }
    }

    /// <summary>Coefficients to image; what the disc does not hold is zero.</summary>
    /// <param name="re">Real parts, Disc.Count values.</param>
    /// <param name="im">Imaginary parts, Disc.Count values.</param>
    /// <param name="image">ImageSize^2 pixels.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> values.</param>
    /// <exception cref="ArgumentException">A span that is too short.</exception>
    /// <exception cref="InvalidOperationException">The disc holds the Nyquist ring, whose coefficients are not independent.</exception>
    public void Inverse(ReadOnlySpan<float> re, ReadOnlySpan<float> im, Span<float> image, Span<float> scratch)
    {
        if (2 * Disc.Radius == ImageSize)
        {
            throw new InvalidOperationException("A disc with the Nyquist ring cannot be transformed back.");
        }

        var width = _fft.SpectrumWidth;
        var spectrumRe = scratch[.._fft.SpectrumLength];
        var spectrumIm = scratch.Slice(_fft.SpectrumLength, _fft.SpectrumLength);
        for (var o = 0; o < spectrumRe.Length; o += width)
        {
            spectrumRe.Slice(o, Disc.Radius + 1).Clear();
            spectrumIm.Slice(o, Disc.Radius + 1).Clear();
        }

        var (index, cos, sin) = (_index, _cos, _sin);
        re = re[..index.Length];
        im = im[..index.Length];
        for (var i = 0; i < index.Length; i++)
        {
            spectrumRe[index[i]] = (re[i] * cos[i]) + (im[i] * sin[i]);
            spectrumIm[index[i]] = (im[i] * cos[i]) - (re[i] * sin[i]);
        }

        foreach (var i in _mirror)
        {
            // The other half of the kx = 0 column, which the disc leaves out.
            var other = (ImageSize - Disc.Ky[i]) * width;
            spectrumRe[other] = spectrumRe[index[i]];
            spectrumIm[other] = -spectrumIm[index[i]];
        }

        _fft.Inverse(spectrumRe, spectrumIm, image, scratch[(2 * _fft.SpectrumLength)..], Disc.Radius + 1);
    }
}
