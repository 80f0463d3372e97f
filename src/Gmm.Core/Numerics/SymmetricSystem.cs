using Gmm.Core;

namespace Gmm.Core;

/// <summary>Small symmetric positive systems of the size of a pose step, by Cholesky factorisation on the scaled matrix.</summary>
internal static class SymmetricSystem
{
    private const int N = Pose.ParameterCount;

    /// <summary>Solves (M + damping diag M) x = b. False where the matrix is not positive.</summary>
    public static bool Solve(ReadOnlySpan<double> matrix, ReadOnlySpan<double> right, double damping, Span<double> solution)
    {
        Span<double> factor = stackalloc double[N * N], scale = stackalloc double[N];
        if (!Factor(matrix, damping, factor, scale))
        {
            return false;
        }

        Substitute(factor, scale, right, solution);
        return true;
    }

    /// <summary>The inverse of a matrix. False where it is not positive.</summary>
    public static bool Invert(ReadOnlySpan<double> matrix, Span<double> inverse)
    {
        Span<double> factor = stackalloc double[N * N], scale = stackalloc double[N], unit = stackalloc double[N];
        if (!Factor(matrix, 0, factor, scale))
        {
            return false;
        }

        for (var column = 0; column < N; column++)
        {
            unit.Clear();
            unit[column] = 1;
            Substitute(factor, scale, unit, inverse.Slice(column * N, N));
        }

        return true;
    }

    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    /// <summary>Cholesky factor of the matrix scaled to a unit diagonal: radians and angstrom differ by orders of magnitude.</summary>
    private static bool Factor(ReadOnlySpan<double> matrix, double damping, Span<double> factor, Span<double> scale)
    {
        for (var i = 0; i < N; i++)
        {
            var d = matrix[(i * N) + i];
            if (!(d > 0) || !double.IsFinite(d))
            {
                return false;
            }

            scale[i] = 1 / Math.Sqrt(d);
        }

        for (var i = 0; i < N; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = matrix[(i * N) + j] * scale[i] * scale[j];
                if (i == j)
                {
                    sum += damping;
                }

                for (var k = 0; k < j; k++)
                {
                    sum -= factor[(i * N) + k] * factor[(j * N) + k];
                }

                if (i == j)
                {
                    if (!(sum > 1e-12))
                    {
                        return false;
                    }

                    factor[(i * N) + i] = Math.Sqrt(sum);
                }
                else
                {
                    factor[(i * N) + j] = sum / factor[(j * N) + j];
                }
            }
        }

        return true;
    }

    private static void Substitute(ReadOnlySpan<double> factor, ReadOnlySpan<double> scale, ReadOnlySpan<double> right, Span<double> solution)
    {
        for (var i = 0; i < N; i++)
        {
            var sum = right[i] * scale[i];
            for (var k = 0; k < i; k++)
            {
                sum -= factor[(i * N) + k] * solution[k];
            }

            solution[i] = sum / factor[(i * N) + i];
        }

        for (var i = N - 1; i >= 0; i--)
        {
            var sum = solution[i];
            for (var k = i + 1; k < N; k++)
            {
                sum -= factor[(k * N) + i] * solution[k];
            }

            solution[i] = sum / factor[(i * N) + i];
        }

        for (var i = 0; i < N; i++)
        {
            solution[i] *= scale[i];
        }
    }
}
