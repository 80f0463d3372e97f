using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Gmm.Core;

namespace Gmm.Simulation;

/// <summary>
/// A Kaiser-Bessel spreading kernel of eight taps for a grid twice as fine as the band needs (type-1 NUFFT). Each tap is a polynomial in
/// the fractional position, so that one evaluation gives all eight in a vector.
/// </summary>
/// <remarks>
/// phi(x) = I0(beta sqrt(1 - (2x/W)^2)) / I0(beta), W = 8, with beta of Beatty, Nishimura and Pauly, IEEE Trans. Med. Imaging 24 (2005) 799
/// for oversampling 2. The aliasing error is about 1e-7, below float32's rounding in the sums.
/// </remarks>
internal sealed class SpreadingKernel
{
    /// <summary>Taps along each axis.</summary>
    public const int Width = 8;

    /// <summary>Grid size over band size.</summary>
    public const int Oversampling = 2;

    private const int Terms = 13;

    // pi sqrt(W^2 / o^2 (o - 1/2)^2 - 0.8), o = 2.
    private static readonly double Beta = Math.PI * Math.Sqrt((Width * Width / 4.0 * 2.25) - 0.8);

    private readonly float[] _coefficients = new float[Terms * Width];

    /// <summary>Fits the polynomials.</summary>
    public SpreadingKernel()
    {
        for (var tap = 0; tap < Width; tap++)
        {
            var polynomial = FitTap(tap);
            for (var i = 0; i < Terms; i++)
            {
                _coefficients[(i * Width) + tap] = (float)polynomial[i];
            }
        }
    }

    /// <summary>The kernel itself, float64.</summary>
    /// <param name="x">Distance, grid units.</param>
    /// <returns>The value, 1 at 0, 0 from W/2 on.</returns>
    public static double Value(double x)
    {
        var z = 1 - (4 * x * x / (Width * Width));
        return z < 0 ? 0 : BesselI0(Beta * Math.Sqrt(z)) / BesselI0(Beta);
    }

    /// <summary>The kernel's Fourier transform, by which the grid's transform is divided.</summary>
    /// <param name="frequency">Cycles per grid unit.</param>
    /// <returns>The value.</returns>
    public static double Transform(double frequency)
    {
        var p = Math.PI * Width * frequency;
        var root = Math.Sqrt((Beta * Beta) - (p * p));
        return Width * Math.Sinh(root) / root / BesselI0(Beta);
    }

    /// <summary>The eight taps of a point: tap t sits at first + t, where first = ceil(position - 4).</summary>
    /// <param name="fraction">first - (position - 4), 0 to 1.</param>
    /// <returns>The weights.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Taps(float fraction)
    {
        var s = Vector256.Create((2 * fraction) - 1);
        var c = new KernelRef<float>(_coefficients);
        var sum = c.Load((Terms - 1) * Width);
        for (nint i = Terms - 1; i-- > 0;)
        {
            sum = Vector256.FusedMultiplyAdd(sum, s, c.Load(i * Width));
        }

        return sum;
    }

    /// <summary>Interpolation at Chebyshev nodes of [-1, 1], turned to powers.</summary>
    private static double[] FitTap(int tap)
    {
        var values = new double[Terms];
        for (var i = 0; i < Terms; i++)
        {
            var node = Math.Cos(Math.PI * (i + 0.5) / Terms);
            values[i] = Value(-(Width / 2) + tap + ((node + 1) / 2));
        }

        var power = new double[Terms];
        double[] previous = new double[Terms], current = new double[Terms];
        for (var n = 0; n < Terms; n++)
        {
            // T_n as powers: T_0 = 1, T_1 = s, T_n = 2 s T_(n-1) - T_(n-2).
            var next = new double[Terms];
            for (var i = 0; i < Terms; i++)
            {
                next[i] = n == 0 ? (i == 0 ? 1 : 0) : ((n == 1 ? 1 : 2) * (i > 0 ? current[i - 1] : 0)) - (n == 1 ? 0 : previous[i]);
            }

            (previous, current) = (current, next);
            double coefficient = 0;
            for (var i = 0; i < Terms; i++)
            {
                coefficient += values[i] * Math.Cos(Math.PI * n * (i + 0.5) / Terms);
            }

            coefficient *= (n == 0 ? 1.0 : 2.0) / Terms;
            for (var i = 0; i < Terms; i++)
            {
                power[i] += coefficient * current[i];
            }
        }

        return power;
    }

    /// <summary>Modified Bessel function of the first kind, order 0, by its power series (every term is positive).</summary>
    private static double BesselI0(double x)
    {
        double term = 1, sum = 1, q = x * x / 4;
        for (var m = 1; term > 1e-18 * sum; m++)
        {
            term *= q / ((double)m * m);
            sum += term;
        }

        return sum;
    }
}
