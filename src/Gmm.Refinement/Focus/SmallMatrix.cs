namespace Gmm.Refinement;

/// <summary>Small dense matrices in float64, row by row: what the algebra of rigid motions needs.</summary>
internal static class SmallMatrix
{
    /// <summary>A B, A of rows x inner, B of inner x columns.</summary>
    public static double[] Multiply(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int rows, int inner, int columns)
    {
        var c = new double[rows * columns];
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                double sum = 0;
                for (var k = 0; k < inner; k++)
                {
                    sum += a[(i * inner) + k] * b[(k * columns) + j];
                }

                c[(i * columns) + j] = sum;
            }
        }

        return c;
    }

    /// <summary>The transpose of a matrix of rows x columns.</summary>
    public static double[] Transpose(ReadOnlySpan<double> a, int rows, int columns)
    {
        var t = new double[rows * columns];
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                t[(j * rows) + i] = a[(i * columns) + j];
            }
        }

        return t;
    }

    /// <summary>A B A', B of inner x inner.</summary>
    public static double[] Sandwich(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int rows, int inner) =>
        Multiply(Multiply(a, b, rows, inner, inner), Transpose(a, rows, inner), rows, inner, rows);

    /// <summary>Solves A X = B by elimination with row pivots; both are overwritten, B by X. False where A is singular.</summary>
    public static bool Solve(Span<double> a, Span<double> b, int n, int columns)
    {
        for (var k = 0; k < n; k++)
        {
            var pivot = k;
            for (var i = k + 1; i < n; i++)
            {
                pivot = Math.Abs(a[(i * n) + k]) > Math.Abs(a[(pivot * n) + k]) ? i : pivot;
            }

            if (!(Math.Abs(a[(pivot * n) + k]) > 1e-300))
            {
                return false;
            }

            Swap(a, k * n, pivot * n, n);
            Swap(b, k * columns, pivot * columns, columns);
            for (var i = 0; i < n; i++)
            {
                var factor = i == k ? 0 : a[(i * n) + k] / a[(k * n) + k];
                if (factor == 0)
                {
                    continue;
                }

                for (var j = k; j < n; j++)
                {
                    a[(i * n) + j] -= factor * a[(k * n) + j];
                }

                for (var j = 0; j < columns; j++)
                {
                    b[(i * columns) + j] -= factor * b[(k * columns) + j];
                }
            }
        }

        for (var k = 0; k < n; k++)
        {
            for (var j = 0; j < columns; j++)
            {
                b[(k * columns) + j] /= a[(k * n) + k];
            }
        }

        return true;
    }

    /// <summary>Eigenvalues, largest first, and eigenvectors (row i belongs to value i) of a symmetric matrix, by Jacobi's rotations.</summary>
    public static (double[] Values, double[] Vectors) Eigen(ReadOnlySpan<double> symmetric, int n)
    {
        var a = symmetric.ToArray();
        var v = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            v[(i * n) + i] = 1;
        }

        for (var sweep = 0; sweep < 60; sweep++)
        {
            for (var p = 0; p < n; p++)
            {
                for (var q = p + 1; q < n; q++)
                {
                    Rotate(a, v, n, p, q);
                }
            }
        }

        var order = Enumerable.Range(0, n).OrderByDescending(i => a[(i * n) + i]).ToArray();
        return ([.. order.Select(i => a[(i * n) + i])], [.. order.SelectMany(i => v.AsSpan(i * n, n).ToArray())]);
    }

    private static void Rotate(double[] a, double[] v, int n, int p, int q)
    {
        var off = a[(p * n) + q];
        if (Math.Abs(off) <= 1e-15 * Math.Sqrt(Math.Abs(a[(p * n) + p] * a[(q * n) + q])) || off == 0)
        {
            return;
        }

        var theta = (a[(q * n) + q] - a[(p * n) + p]) / (2 * off);
        var t = (theta < 0 ? -1 : 1) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1));
        var c = 1 / Math.Sqrt((t * t) + 1);
        var s = t * c;
        for (var k = 0; k < n; k++)
        {
            (a[(k * n) + p], a[(k * n) + q]) = ((c * a[(k * n) + p]) - (s * a[(k * n) + q]), (s * a[(k * n) + p]) + (c * a[(k * n) + q]));
        }

        for (var k = 0; k < n; k++)
        {
            (a[(p * n) + k], a[(q * n) + k]) = ((c * a[(p * n) + k]) - (s * a[(q * n) + k]), (s * a[(p * n) + k]) + (c * a[(q * n) + k]));
            (v[(p * n) + k], v[(q * n) + k]) = ((c * v[(p * n) + k]) - (s * v[(q * n) + k]), (s * v[(p * n) + k]) + (c * v[(q * n) + k]));
        }
    }

    private static void Swap(Span<double> a, int i, int j, int count)
    {
        for (var k = 0; i != j && k < count; k++)
        {
            (a[i + k], a[j + k]) = (a[j + k], a[i + k]);
        }
    }
}
