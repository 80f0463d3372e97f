namespace Gmm.Torch;

/// <summary>
/// The polynomials of frequencies that a contrast transfer is made of, on tensors: tables [T, K] of frequencies x and y, [K] Float64, 1/angstrom.
/// </summary>
internal static class CtfTables
{
    /// <summary>What the phase of <see cref="TorchCtf"/> has as factors: 1, k^2, k^2 cos and sin of twice the angle, k^4.</summary>
    public static Tensor Defocus(Tensor x, Tensor y)
    {
        Tensor xx = x.square(), yy = y.square();
        return stack([ones_like(x), xx + yy, xx - yy, x * y * 2, (xx + yy).square()], 0);
    }

    /// <summary>x k^2 and y k^2.</summary>
    public static Tensor Coma(Tensor x, Tensor y)
    {
        var square = x.square() + y.square();
        return stack([x * square, y * square], 0);
    }

    /// <summary>-k^2 / 4.</summary>
    public static Tensor Decay(Tensor x, Tensor y) => ((x.square() + y.square()) * -0.25).unsqueeze(0);

    /// <summary>The first terms of rlnOddZernike or rlnEvenZernike (<see cref="Core.Aberrations"/>) in turns.</summary>
    /// <param name="terms">How many: whole orders.</param>
    /// <param name="isOdd">Which of the two.</param>
    /// <param name="x">[K].</param>
    /// <param name="y">[K].</param>
    public static Tensor Zernike(long terms, bool isOdd, Tensor x, Tensor y)
    {
        var rows = new List<Tensor>();
        for (var n = isOdd ? 1 : 0; rows.Count < terms; n += 2)
        {
            for (var m = -n; m <= n; m += 2)
            {
                rows.Add(Polynomial(n, m, x, y));
            }
        }

        return rows.Count == terms
            ? stack(rows, 0) * (1 / (2 * Math.PI))
            : throw new ArgumentException($"{terms} coefficients are no whole orders of Zernike polynomials.", nameof(terms));
    }

    /// <summary>R(n, |m|)(k) cos(m phi), or sin(|m| phi) for m below 0, without an angle: (x + iy)^|m| times a polynomial of k^2.</summary>
    private static Tensor Polynomial(int n, int m, Tensor x, Tensor y)
    {
        int a = Math.Abs(m), s = (n - a) / 2;
        Tensor square = x.square() + y.square(), radial = zeros_like(x), power = ones_like(x);
        for (var k = s; k >= 0; k--)
        {
            radial = radial + (power * ((k % 2 == 0 ? 1 : -1) * Factorial(n - k) / (Factorial(k) * Factorial(((n + a) / 2) - k) * Factorial(s - k))));
            power = power * square;
        }

        Tensor re = ones_like(x), im = zeros_like(x);
        for (var i = 0; i < a; i++)
        {
            (re, im) = ((re * x) - (im * y), (re * y) + (im * x));
        }

        return radial * (m >= 0 ? re : im);
    }

    private static double Factorial(int n) => n < 2 ? 1 : n * Factorial(n - 1);
}
