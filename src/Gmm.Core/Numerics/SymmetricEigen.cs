namespace Gmm.Core;

/// <summary>
/// Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations: for the 3 to 6 rows of rigid motions and the few hundred of anchor
/// statistics.
/// </summary>
internal static class SymmetricEigen
{
    private const int Sweeps = 40;

    /// <summary>Decomposes a matrix.</summary>
    /// <param name="matrix">n x n values, symmetric; not changed.</param>
    /// <param name="n">Size.</param>
    /// <returns>Eigenvalues from the largest down, and the eigenvectors, one after the other in that order.</returns>
    public static (double[] Values, double[] Vectors) Decompose(ReadOnlySpan<double> matrix, int n)
    {
        var a = matrix.ToArray();
        var v = new double[n * n];
        double norm = 0;
        for (var i = 0; i < n; i++)
        {
            v[(i * n) + i] = 1;
        }

        foreach (var x in a)
        {
            norm += x * x;
        }

        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            double off = 0;
            for (var p = 0; p < n; p++)
            {
                for (var q = p + 1; q < n; q++)
                {
                    off += a[(p * n) + q] * a[(p * n) + q];
                    Turn(a, v, n, p, q);
                }
            }

            if (off <= 1e-24 * norm)
            {
                break;
            }
        }

        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(i => a[(i * n) + i]).ThenBy(i => i)];
        var vectors = new double[n * n];
        for (var k = 0; k < n; k++)
        {
            v.AsSpan(order[k] * n, n).CopyTo(vectors.AsSpan(k * n));
        }

        return ([.. order.Select(i => a[(i * n) + i])], vectors);
    }

    /// <summary>One rotation that makes element (p, q) zero; rows of v are the eigenvectors.</summary>
    private static void Turn(double[] a, double[] v, int n, int p, int q)
    {
        var apq = a[(p * n) + q];
        if (apq == 0)
        {
            return;
        }

        var theta = (a[(q * n) + q] - a[(p * n) + p]) / (2 * apq);
        var t = Math.Abs(theta) > 1e150 ? 0.5 / theta : Math.CopySign(1, theta) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1));
        var c = 1 / Math.Sqrt((t * t) + 1);
        var s = t * c;
        for (var k = 0; k < n; k++)
        {
            double x = a[(k * n) + p], y = a[(k * n) + q];
            a[(k * n) + p] = (c * x) - (s * y);
            a[(k * n) + q] = (s * x) + (c * y);
        }

        for (var k = 0; k < n; k++)
        {
            double x = a[(p * n) + k], y = a[(q * n) + k];
            a[(p * n) + k] = (c * x) - (s * y);
            a[(q * n) + k] = (s * x) + (c * y);
            (x, y) = (v[(p * n) + k], v[(q * n) + k]);
            v[(p * n) + k] = (c * x) - (s * y);
            v[(q * n) + k] = (s * x) + (c * y);
        }
    }
}
