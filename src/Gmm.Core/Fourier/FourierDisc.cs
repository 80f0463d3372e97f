namespace Gmm.Core;

/// <summary>
/// The Fourier coefficients of an image that are compared: a half disc around zero frequency, ordered ring by ring, so that a lower
/// resolution is a shorter span and a ring a contiguous one.
/// </summary>
/// <remarks>
/// One of each conjugate pair is held: kx &gt; 0, or kx = 0 and ky &gt;= 0. Sums over the whole disc are twice the sums here, save
/// for coefficient 0 (zero frequency, ring 0). A ring q holds the coefficients with round(|k|) = q, k in Fourier pixels of 1/BoxLength.
/// Complex values over a disc are two spans of <see cref="Count"/> values, real and imaginary parts. The phase origin is the image's
/// <see cref="DiscTransform.OriginPixel"/>. The object never changes after it is made and can be shared.
/// </remarks>
public sealed class FourierDisc
{
    private readonly short[] _kx = [];
    private readonly short[] _ky = [];
    private readonly int[] _ringStart;

    /// <summary>Makes the disc of rings 0 to radius.</summary>
    /// <param name="boxLength">Side of the image, angstrom.</param>
    /// <param name="radius">Last ring, Fourier pixels.</param>
    /// <exception cref="ArgumentOutOfRangeException">A box or a radius that is not positive, or a radius over 16,000.</exception>
    public FourierDisc(double boxLength, int radius)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(radius);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(radius, 16000);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(boxLength);
        BoxLength = boxLength;
        Radius = radius;
        _ringStart = new int[radius + 2];
        for (var pass = 0; pass < 2; pass++)
        {
            var fill = pass == 1 ? (int[])_ringStart.Clone() : _ringStart;
            for (var ky = -radius; ky <= radius; ky++)
            {
                for (var kx = ky >= 0 ? 0 : 1; kx <= radius; kx++)
                {
                    var ring = RingOf(kx, ky);
                    if (ring > radius)
                    {
                        continue;
                    }

                    if (pass == 0)
                    {
                        fill[ring + 1]++;
                    }
                    else
                    {
                        _kx[fill[ring]] = (short)kx;
                        _ky[fill[ring]++] = (short)ky;
                    }
                }
            }

            if (pass == 0)
            {
                for (var q = 0; q <= radius; q++)
                {
                    _ringStart[q + 1] += _ringStart[q];
                }

                _kx = new short[_ringStart[radius + 1]];
                _ky = new short[_ringStart[radius + 1]];
            }
        }
    }

    /// <summary>Side of the image, angstrom.</summary>
    public double BoxLength { get; }

    /// <summary>Last ring, Fourier pixels.</summary>
    public int Radius { get; }

    /// <summary>Number of coefficients held.</summary>
    public int Count => _kx.Length;

    /// <summary>Frequency of each coefficient along x, Fourier pixels, 0 to <see cref="Radius"/>.</summary>
    public ReadOnlySpan<short> Kx => _kx;

    /// <summary>Frequency of each coefficient along y, Fourier pixels.</summary>
    public ReadOnlySpan<short> Ky => _ky;

    /// <summary>The disc to a resolution, at most to the image's Nyquist ring.</summary>
    /// <param name="imageSize">Side of the image, pixels.</param>
    /// <param name="pixelSize">Angstrom per pixel.</param>
    /// <param name="resolution">Finest resolution, angstrom.</param>
    /// <returns>A disc of at least one ring.</returns>
    public static FourierDisc ForResolution(int imageSize, double pixelSize, double resolution)
    {
        var length = imageSize * pixelSize;
        var nyquist = (imageSize - 1) / 2;
        return new FourierDisc(length, Math.Clamp((int)Math.Floor((length / resolution) + 1e-6), 1, Math.Max(1, nyquist)));
    }

    /// <summary>The values of a function of the frequency at the coefficients.</summary>
    /// <param name="value">Of kx and ky, 1/angstrom, in float64.</param>
    /// <returns>Count values.</returns>
    internal float[] Tabulate(Func<double, double, double> value)
    {
        var table = new float[Count];
        for (var i = 0; i < table.Length; i++)
        {
            table[i] = (float)value(Kx[i] / BoxLength, Ky[i] / BoxLength);
        }

        return table;
    }

    /// <summary>The ring of a coefficient: its radius, rounded.</summary>
    /// <param name="kx">Frequency along x, Fourier pixels.</param>
    /// <param name="ky">Frequency along y, Fourier pixels.</param>
    /// <returns>The ring's number.</returns>
    public static int RingOf(int kx, int ky) => (int)Math.Round(Math.Sqrt(((double)kx * kx) + ((double)ky * ky)));

    /// <summary>Index of a ring's first coefficient; of ring Radius + 1: the count.</summary>
    /// <param name="ring">Ring, 0 to Radius + 1.</param>
    /// <returns>The index.</returns>
    public int RingStart(int ring) => _ringStart[ring];

    /// <summary>Number of coefficients in rings 0 to a given one: the length of the spans of that resolution.</summary>
    /// <param name="ring">Last ring; more than Radius means all.</param>
    /// <returns>The number.</returns>
    public int CountWithin(int ring) => _ringStart[Math.Min(ring, Radius) + 1];

    /// <summary>The ring of a resolution, rounded down, 1 to Radius.</summary>
    /// <param name="resolution">Angstrom.</param>
    /// <returns>The ring.</returns>
    public int RingOfResolution(double resolution) => Math.Clamp((int)Math.Floor((BoxLength / resolution) + 1e-6), 1, Radius);
}
