namespace Gmm.Core;

/// <summary>Symmetric positive systems of any small size, by Cholesky factorisation of the matrix scaled to a unit diagonal. Reusable scratch of one thread.</summary>
/// <param name="capacity">Largest number of unknowns.</param>
internal sealed class NormalEquations(int capacity)
{
    private readonly double[] _factor = new double[capacity * capacity];
    private readonly double[] _scale = new double[capacity];

    /// <summary>Solves (M + damping diag M) x = b. False where the matrix is not positive.</summary>
    public bool Solve(int n, ReadOnlySpan<double> matrix, ReadOnlySpan<double> right, double damping, Span<double> solution)
    {
        if (!Factor(n, matrix, damping))
        {
            return false;
        }

        Substitute(n, right, solution);
        return true;
    }

    /// <summary>The inverse of a matrix. False where it is not positive.</summary>
    public bool Invert(int n, ReadOnlySpan<double> matrix, Span<double> inverse)
    {
        if (!Factor(n, matrix, 0))
        {
            return false;
        }

        Span<double> unit = stackalloc double[n];
        for (var column = 0; column < n; column++)
        {
            unit.Clear();
            unit[column] = 1;
            Substitute(n, unit, inverse.Slice(column * n, n));
        }

        return true;
    }

    private bool Factor(int n, ReadOnlySpan<double> matrix, double damping)
    {
        Span<double> factor = _factor, scale = _scale;
        for (var i = 0; i < n; i++)
        {
            var d = matrix[(i * n) + i];
            if (!(d > 0) || !double.IsFinite(d))
            {
                return false;
            }

            scale[i] = 1 / Math.Sqrt(d);
        }

        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = (matrix[(i * n) + j] * scale[i] * scale[j]) + (i == j ? damping : 0);
                for (var k = 0; k < j; k++)
                {
                    sum -= factor[(i * n) + k] * factor[(j * n) + k];
                }

                if (i != j)
                {
                    factor[(i * n) + j] = sum / factor[(j * n) + j];
                }
                else if (sum > 1e-12)
                {
                    factor[(i * n) + i] = Math.Sqrt(sum);
                }
                else
                {
                    return false;
                }
            }
        }

        return true;
    }

    private void Substitute(int n, ReadOnlySpan<double> right, Span<double> solution)
    {
        ReadOnlySpan<double> factor = _factor, scale = _scale;
        for (var i = 0; i < n; i++)
        {
            var sum = right[i] * scale[i];
            for (var k = 0; k < i; k++)
            {
                sum -= factor[(i * n) + k] * solution[k];
            }

            solution[i] = sum / factor[(i * n) + i];
        }

        for (var i = n - 1; i >= 0; i--)
        {
            var sum = solution[i];
            for (var k = i + 1; k < n; k++)
            {
                sum -= factor[(k * n) + i] * solution[k];
            }

            solution[i] = sum / factor[(i * n) + i];
        }

        for (var i = 0; i < n; i++)
        {
            solution[i] *= scale[i];
        }
    }
}
