namespace Gmm.Core;

/// <summary>Small dense matrices in float64, row by row: what the algebra of rigid motions needs.</summary>
internal static class SmallMatrix
{
    /// <summary>a'b.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    /// <summary>Length of a vector.</summary>
    public static double Length(ReadOnlySpan<double> v) => Math.Sqrt(Dot(v, v));

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

    private static void Swap(Span<double> a, int i, int j, int count)
    {
        for (var k = 0; i != j && k < count; k++)
        {
            (a[i + k], a[j + k]) = (a[j + k], a[i + k]);
        }
    }
}
