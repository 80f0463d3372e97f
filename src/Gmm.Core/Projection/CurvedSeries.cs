namespace Gmm.Core;

/// <summary>
/// The factor exp(i theta) of a Gaussian's height as a sum of products, one factor of the height and one of the frequency:
/// exp(i tau z) = sum_m i^m b_m(tau Z) T_m(z / Z), T_m Chebyshev's polynomials, b_m = (2 - delta_m0) J_m Bessel's functions
/// (Abramowitz and Stegun 9.1.44-46), tau = sign pi lambda |k|^2. A term costs a projection, and terms fall off faster than any power.
/// </summary>
internal sealed class CurvedSeries
{
    private readonly float[] _value;
    private readonly float[] _depth;

    /// <summary>Tabulates the series.</summary>
    /// <param name="disc">The coefficients.</param>
    /// <param name="signedWavelength">The wavelength, angstrom, times the sign of the curvature.</param>
    /// <param name="reach">Z, the farthest that a Gaussian is from the box centre, angstrom.</param>
    /// <param name="accuracy">What the terms left out add up to, relative to a projection.</param>
    public CurvedSeries(FourierDisc disc, double signedWavelength, double reach, double accuracy)
    {
        (SignedWavelength, Reach, Count) = (signedWavelength, reach, disc.Count);
        var unit = Math.PI * signedWavelength / (disc.BoxLength * disc.BoxLength);
        Terms = TermsFor(Math.Abs(unit) * disc.Radius * disc.Radius * reach, accuracy);
        Turn = new float[Count];
        (_value, _depth) = (new float[Terms * Count], new float[(Terms + 1) * Count]);
        Span<double> b = stackalloc double[Terms + 2];
        for (var i = 0; i < Count; i++)
        {
            var tau = unit * ((disc.Kx[i] * disc.Kx[i]) + (disc.Ky[i] * disc.Ky[i]));
            Turn[i] = (float)tau;
            FillBessel(tau * reach, b[..(Terms + 1)]);
            // What is left out of the value is left out of the derivatives.
            b[Terms] = b[Terms + 1] = 0;
            for (var m = 0; m < Terms; m++)
            {
                _value[(m * Count) + i] = (float)(Sign(m) * (m == 0 ? 1 : 2) * b[m]);
            }

            for (var n = 0; n <= Terms; n++)
            {
                _depth[(n * Count) + i] = (float)(reach * ((n == 0 ? 0 : Sign(n - 1) * b[n - 1]) + (Sign(n + 1) * b[n + 1])));
            }
        }
    }

    /// <summary>The wavelength times the sign of the curvature, angstrom.</summary>
    public double SignedWavelength { get; }

    /// <summary>Z, angstrom.</summary>
    public double Reach { get; }

    /// <summary>Coefficients.</summary>
    public int Count { get; }

    /// <summary>Terms of the series: those of even order make E, the others O.</summary>
    public int Terms { get; }

    /// <summary>tau of each coefficient, radians for an angstrom of height.</summary>
    public float[] Turn { get; }

    /// <summary>Bytes held.</summary>
    public long Bytes => sizeof(float) * ((long)_value.Length + _depth.Length + Turn.Length);

    /// <summary>Factor of the projection weighted by T_m, in E or O.</summary>
    public ReadOnlySpan<float> Value(int m) => _value.AsSpan(m * Count, Count);

    /// <summary>
    /// Factor of the projection weighted by T_n in the sums that are weighted by height too, those of the other parity: z T_m = Z (T_(m+1) + T_|m-1|) / 2.
    /// n goes to <see cref="Terms"/>.
    /// </summary>
    public ReadOnlySpan<float> Depth(int n) => _depth.AsSpan(n * Count, Count);

    /// <summary>i^m without i, and the sign of the sine in O: 1, -1, -1, 1, 1, ...</summary>
    private static int Sign(int m) => (m + 1) / 2 % 2 == 0 ? 1 : -1;

    /// <summary>|J_m(x)| is at most (x/2)^m / m!.</summary>
    private static int TermsFor(double x, double accuracy)
    {
        var (m, bound) = (1, x);
        while (bound >= accuracy)
        {
            m++;
            bound *= 0.5 * x / m;
        }

        return m;
    }

    /// <summary>J_0 .. of an argument, by the recurrence downwards, which J_0 + 2 J_2 + 2 J_4 + ... = 1 scales (Miller's algorithm).</summary>
    internal static void FillBessel(double x, Span<double> values)
    {
        var size = Math.Abs(x);
        if (size < 1e-8)
        {
            values.Clear();
            values[0] = 1;
            return;
        }

        var top = Math.Max(values.Length, (int)Math.Ceiling(size));
        top = 2 * ((top + 10 + (int)Math.Sqrt(40.0 * top)) / 2);
        double above = 0, at = 1e-250, sum = 0;
        for (var m = top; m >= 0; m--)
        {
            if (m < values.Length)
            {
                values[m] = at;
            }

            sum += m % 2 != 0 ? 0 : m == 0 ? at : 2 * at;
            (above, at) = (at, m == 0 ? 0 : (2 * m / size * at) - above);
            if (Math.Abs(at) > 1e200)
            {
                (above, at, sum) = (above * 1e-200, at * 1e-200, sum * 1e-200);
                for (var k = m; k < values.Length; k++)
                {
                    values[k] *= 1e-200;
                }
            }
        }

        for (var m = 0; m < values.Length; m++)
        {
            values[m] *= (x < 0 && m % 2 != 0 ? -1 : 1) / sum;
        }
    }
}
