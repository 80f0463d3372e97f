namespace Gmm.Core;

/// <summary>
/// Zernike polynomials Z(n, m) on frequencies in 1/angstrom, not scaled to a disc, in the order of RELION's columns: R(n, |m|)(rho) cos(m phi) for m
/// of 0 and more, with sin(|m| phi) below.
/// </summary>
internal static class Zernike
{
    /// <summary>Order and frequency of a term of rlnOddZernike, from 0: n = 1, 1, 3, 3, 3, 3, 5, ...</summary>
    public static (int N, int M) Odd(int index)
    {
        var k = (int)((Math.Sqrt(1 + (4.0 * index)) - 1) / 2);
        var n = (2 * k) + 1;
        return (n, (2 * (index - (k * k) - k)) - n);
    }

    /// <summary>Order and frequency of a term of rlnEvenZernike, from 0: n = 0, 2, 2, 2, 4, ...</summary>
    public static (int N, int M) Even(int index)
    {
        var k = (int)Math.Sqrt(index);
        return (2 * k, 2 * (index - (k * k) - k));
    }

    /// <summary>The place of an odd term.</summary>
    public static int OddIndex(int n, int m)
    {
        var k = (n - 1) / 2;
        return (k * k) + k + ((m + n) / 2);
    }

    /// <summary>The place of an even term.</summary>
    public static int EvenIndex(int n, int m)
    {
        var k = n / 2;
        return (k * k) + k + (m / 2);
    }

    /// <summary>How many terms there are up to an even order.</summary>
    public static int EvenCount(int n) => EvenIndex(n, n) + 1;

    /// <summary>How many terms there are up to an odd order.</summary>
    public static int OddCount(int n) => OddIndex(n, n) + 1;

    /// <summary>The polynomial at a frequency.</summary>
    public static double Value(int n, int m, double kx, double ky)
    {
        int a = Math.Abs(m), s = (n - a) / 2;
        double rho2 = (kx * kx) + (ky * ky), radial = 0, power = 1;
        // From the lowest power of rho^2 up: (-1)^k (n - k)! / (k! ((n + a) / 2 - k)! ((n - a) / 2 - k)!) rho^(n - 2 k), the rho^a is that of the
        // angle's part below.
        for (var k = s; k >= 0; k--)
        {
            radial += (k % 2 == 0 ? 1 : -1) * Factorial(n - k) / (Factorial(k) * Factorial(((n + a) / 2) - k) * Factorial(s - k)) * power;
            power *= rho2;
        }

        // (kx + i ky)^a = rho^a (cos(a phi) + i sin(a phi)): no angle of a frequency is needed.
        double re = 1, im = 0;
        for (var i = 0; i < a; i++)
        {
            (re, im) = ((re * kx) - (im * ky), (re * ky) + (im * kx));
        }

        return radial * (m >= 0 ? re : im);
    }

    private static double Factorial(int n)
    {
        double f = 1;
        for (var i = 2; i <= n; i++)
        {
            f *= i;
        }

        return f;
    }
}
