namespace Gmm.Core;

/// <summary>Small symmetric positive systems of any size, by Cholesky factorisation in float64.</summary>
internal static class PositiveSystem
{
    /// <summary>Solves M x = b. False where the matrix is not positive; then matrix and right side are spoilt.</summary>
    /// <param name="matrix">n x n values; becomes the factor.</param>
    /// <param name="right">n values; becomes the solution.</param>
    /// <param name="n">Size.</param>
    public static bool TrySolve(Span<double> matrix, Span<double> right, int n)
    {
        if (!Factor(matrix, n))
        {
            return false;
        }

        Substitute(matrix, right, n);
        return true;
    }

    /// <summary>The inverse. False where the matrix is not positive.</summary>
    /// <param name="matrix">n x n values; becomes the factor.</param>
    /// <param name="inverse">Receives n x n values.</param>
    /// <param name="n">Size.</param>
    public static bool TryInvert(Span<double> matrix, Span<double> inverse, int n)
    {
        if (!Factor(matrix, n))
        {
            return false;
        }

        inverse.Clear();
        for (var i = 0; i < n; i++)
        {
            inverse[(i * n) + i] = 1;
            Substitute(matrix, inverse.Slice(i * n, n), n);
        }

        return true;
    }

    private static bool Factor(Span<double> m, int n)
    {
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = m[(i * n) + j];
                for (var k = 0; k < j; k++)
                {
                    sum -= m[(i * n) + k] * m[(j * n) + k];
                }

                if (i > j)
                {
                    m[(i * n) + j] = sum / m[(j * n) + j];
                }
                else if (sum > 0 && double.IsFinite(sum))
                {
                    m[(i * n) + i] = Math.Sqrt(sum);
                }
                else
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static void Substitute(ReadOnlySpan<double> factor, Span<double> x, int n)
    {
        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < i; k++)
            {
                x[i] -= factor[(i * n) + k] * x[k];
            }

            x[i] /= factor[(i * n) + i];
        }

        for (var i = n - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < n; k++)
            {
                x[i] -= factor[(k * n) + i] * x[k];
            }

            x[i] /= factor[(i * n) + i];
        }
    }
}
