namespace Gmm.Core;

/// <summary>
/// An image's coefficients at frequencies that lie between Fourier pixels: at A q for each q of a disc, A a matrix near the identity. A type-2
/// non-uniform FFT: the image is divided by the window's transform, padded to twice its side, transformed, and gathered with the window; the error is
/// under 1e-4 of the image's mean coefficient.
/// </summary>
/// <remarks>
/// For a group with anisotropic magnification M the specimen's coefficient at q is the image's at M^-1 q, so everything behind the reader sees images
/// of an ideal microscope. The window is exp(b (sqrt(1 - (2 x / w)^2) - 1)) of width w = 6 (Barnett, Magland and af Klinteberg, SIAM J. Sci. Comput.
/// 41 (2019) C479).
/// </remarks>
internal sealed class MagnifiedTransform
{
    /// <summary>Cells along an axis that a coefficient takes from.</summary>
    public const int Taps = 6;

    private const double Beta = 2.3 * Taps;

    private readonly RealFft2D<float> _fft;
    private readonly float[] _correction;
    private readonly int[] _place;
    private readonly float[] _weights;
    private readonly bool[] _isMeasured;
    private readonly int _origin;
    private readonly int _grid;

    /// <summary>Plans the transform.</summary>
    /// <param name="imageSize">Side of the image, pixels.</param>
    /// <param name="disc">The frequencies q.</param>
    /// <param name="matrix">A: what takes q to the image's frequency.</param>
    /// <param name="oddOrigin">Where the phase origin of an odd image is.</param>
    public MagnifiedTransform(int imageSize, FourierDisc disc, Magnification matrix, OddOrigin oddOrigin)
    {
        (ImageSize, Disc, _origin) = (imageSize, disc, DiscTransform.OriginPixel(imageSize, oddOrigin));
        _grid = FftSizes.NextFastEven(2 * imageSize);
        _fft = new RealFft2D<float>(_grid, _grid);
        _correction = new float[imageSize];
        for (var i = 0; i < imageSize; i++)
        {
            _correction[i] = (float)(1 / WindowTransform((i - _origin) / (double)_grid));
        }

        _place = new int[2 * disc.Count];
        _weights = new float[2 * Taps * disc.Count];
        _isMeasured = new bool[disc.Count];
        double scale = (double)_grid / imageSize, edge = 0.5 * imageSize;
        for (var i = 0; i < disc.Count; i++)
        {
            var (x, y) = matrix.Apply(disc.Kx[i], disc.Ky[i]);
            _isMeasured[i] = Math.Abs(x) <= edge && Math.Abs(y) <= edge;
            _place[2 * i] = Place(x * scale, _weights.AsSpan(2 * Taps * i, Taps));
            _place[(2 * i) + 1] = Place(y * scale, _weights.AsSpan((2 * Taps * i) + Taps, Taps));
        }
    }

    /// <summary>Side of the image, pixels.</summary>
    public int ImageSize { get; }

    /// <summary>The frequencies q.</summary>
    public FourierDisc Disc { get; }

    /// <summary>Number of scratch values a call needs.</summary>
    public int ScratchLength => checked((_grid * _grid) + (2 * _fft.SpectrumLength) + _fft.ScratchLength);

    /// <summary>Whether a coefficient lies in the image's band; others are 0.</summary>
    public ReadOnlySpan<bool> IsMeasured => _isMeasured;

    /// <summary>What it pads and gathers, for the same transform elsewhere; its arrays are the transform's own, not to be written.</summary>
    public MagnifiedPlan Plan => new(_grid, _origin, _correction, _place, _weights);

    /// <summary>Image to coefficients, as <see cref="DiscTransform.Forward"/>, the phase origin at the same pixel.</summary>
    /// <param name="image">ImageSize^2 pixels.</param>
    /// <param name="re">Real parts, Disc.Count values.</param>
    /// <param name="im">Imaginary parts.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> values.</param>
    public void Forward(ReadOnlySpan<float> image, Span<float> re, Span<float> im, Span<float> scratch)
    {
        int n = ImageSize, width = _fft.SpectrumWidth;
        var padded = scratch[..(_grid * _grid)];
        var spectrumRe = scratch.Slice(padded.Length, _fft.SpectrumLength);
        var spectrumIm = scratch.Slice(padded.Length + _fft.SpectrumLength, _fft.SpectrumLength);
        padded.Clear();
        for (var y = 0; y < n; y++)
        {
            var row = padded.Slice(Wrap(y - _origin) * _grid, _grid);
            for (var x = 0; x < n; x++)
            {
                row[Wrap(x - _origin)] = image[(y * n) + x] * _correction[x] * _correction[y];
            }
        }

        _fft.Forward(padded, spectrumRe, spectrumIm, scratch[(padded.Length + (2 * _fft.SpectrumLength))..]);
        for (var i = 0; i < Disc.Count; i++)
        {
            if (!_isMeasured[i])
            {
                (re[i], im[i]) = (0, 0);
                continue;
            }

            var wx = _weights.AsSpan(2 * Taps * i, Taps);
            var wy = _weights.AsSpan((2 * Taps * i) + Taps, Taps);
            float a = 0, b = 0;
            if (_place[2 * i] is >= 0 and var first && first + Taps <= width)
            {
                for (var r = 0; r < Taps; r++)
                {
                    var at = (Wrap(_place[(2 * i) + 1] + r) * width) + first;
                    ReadOnlySpan<float> lineRe = spectrumRe.Slice(at, Taps), lineIm = spectrumIm.Slice(at, Taps);
                    float rowRe = 0, rowIm = 0;
                    for (var c = 0; c < wx.Length; c++)
                    {
                        rowRe += wx[c] * lineRe[c];
                        rowIm += wx[c] * lineIm[c];
                    }

                    a += wy[r] * rowRe;
                    b += wy[r] * rowIm;
                }

                (re[i], im[i]) = (a, b);
                continue;
            }

            for (var r = 0; r < Taps; r++)
            {
                var ky = Wrap(_place[(2 * i) + 1] + r);
                float rowRe = 0, rowIm = 0;
                for (var c = 0; c < Taps; c++)
                {
                    // The half spectrum: what is left of kx = 0, or beyond the last column, is the conjugate of its opposite.
                    var kx = _place[2 * i] + c;
                    kx -= kx >= width ? _grid : 0;
                    var at = kx >= 0 ? (ky * width) + kx : (Wrap(-ky) * width) - kx;
                    rowRe += wx[c] * spectrumRe[at];
                    rowIm += kx >= 0 ? wx[c] * spectrumIm[at] : -wx[c] * spectrumIm[at];
                }

                a += wy[r] * rowRe;
                b += wy[r] * rowIm;
            }

            (re[i], im[i]) = (a, b);
        }
    }

    private int Wrap(int k) => k < 0 ? k + _grid : k >= _grid ? k - _grid : k;

    /// <summary>The first of the grid's cells that a coefficient takes from, and their weights.</summary>
    private static int Place(double k, Span<float> weights)
    {
        var first = (int)Math.Ceiling(k - (0.5 * Taps));
        for (var t = 0; t < Taps; t++)
        {
            weights[t] = (float)Window(first + t - k);
        }

        return first;
    }

    private static double Window(double x)
    {
        var u = 1 - (4 * x * x / (Taps * Taps));
        return u <= 0 ? 0 : Math.Exp(Beta * (Math.Sqrt(u) - 1));
    }

    /// <summary>
    /// The window's Fourier transform at a pixel, in parts of the grid, by the trapezoidal rule: the window is smooth but for its ends, where it is
    /// 1e-6.
    /// </summary>
    private static double WindowTransform(double x)
    {
        const int steps = 600;
        double sum = Window(0);
        for (var i = 1; i <= steps; i++)
        {
            var k = 0.5 * Taps * i / steps;
            sum += (i == steps ? 1 : 2) * Window(k) * Math.Cos(2 * Math.PI * k * x);
        }

        return sum * 0.5 * Taps / steps;
    }
}
