using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>The rigid motion that best lays some points on others: Horn's closed form, J. Opt. Soc. Am. A 4 (1987) 629.</summary>
public static class PointAlignment
{
    private const int Sweeps = 30;

    /// <summary>Finds the motion of least squared distance.</summary>
    /// <param name="moving">x, y, z of each point, angstrom, one after the other.</param>
    /// <param name="target">Where each should come to.</param>
    /// <returns>The motion that takes <paramref name="moving"/> to <paramref name="target"/>.</returns>
    /// <exception cref="InvalidInputException">Fewer than three points, or not as many of each.</exception>
    public static RigidMotion Fit(ReadOnlySpan<double> moving, ReadOnlySpan<double> target)
    {
        if (moving.Length < 9 || moving.Length != target.Length)
        {
            throw new InvalidInputException($"{moving.Length / 3} and {target.Length / 3} points cannot be aligned; three or more of each are needed");
        }

        (double X, double Y, double Z) a = Mean(moving), b = Mean(target);
        Span<double> s = stackalloc double[9];
        for (var i = 0; i < moving.Length; i += 3)
        {
            double x = moving[i] - a.X, y = moving[i + 1] - a.Y, z = moving[i + 2] - a.Z;
            for (var c = 0; c < 3; c++)
            {
                var t = target[i + c] - (c == 0 ? b.X : c == 1 ? b.Y : b.Z);
                s[c] += x * t;
                s[3 + c] += y * t;
                s[6 + c] += z * t;
            }
        }

        double[,] n =
        {
            { s[0] + s[4] + s[8], s[5] - s[7], s[6] - s[2], s[1] - s[3] },
            { s[5] - s[7], s[0] - s[4] - s[8], s[1] + s[3], s[6] + s[2] },
            { s[6] - s[2], s[1] + s[3], s[4] - s[0] - s[8], s[5] + s[7] },
            { s[1] - s[3], s[6] + s[2], s[5] + s[7], s[8] - s[0] - s[4] },
        };
        var q = TopVector(n);
        var rotation = Rotation.FromQuaternion(q[0], q[1], q[2], q[3]);
        var (u, v, w) = rotation.Apply(a.X, a.Y, a.Z);
        return new RigidMotion(rotation, b.X - u, b.Y - v, b.Z - w);
    }

    private static (double X, double Y, double Z) Mean(ReadOnlySpan<double> points)
    {
        double x = 0, y = 0, z = 0;
        for (var i = 0; i < points.Length; i += 3)
        {
            (x, y, z) = (x + points[i], y + points[i + 1], z + points[i + 2]);
        }

        var scale = 3.0 / points.Length;
        return (x * scale, y * scale, z * scale);
    }

    /// <summary>Eigenvector of the largest eigenvalue of a symmetric 4 x 4 matrix, by Jacobi rotations.</summary>
    private static double[] TopVector(double[,] m)
    {
        double[,] v = { { 1, 0, 0, 0 }, { 0, 1, 0, 0 }, { 0, 0, 1, 0 }, { 0, 0, 0, 1 } };
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            for (var p = 0; p < 3; p++)
            {
                for (var q = p + 1; q < 4; q++)
                {
                    Rotate(m, v, p, q);
                }
            }
        }

        var top = Enumerable.Range(0, 4).MaxBy(i => m[i, i]);
        return [v[0, top], v[1, top], v[2, top], v[3, top]];
    }

    private static void Rotate(double[,] m, double[,] v, int p, int q)
    {
        if (Math.Abs(m[p, q]) <= 1e-300)
        {
            return;
        }

        var theta = (m[q, q] - m[p, p]) / (2 * m[p, q]);
        var t = (theta < 0 ? -1 : 1) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1));
        var c = 1 / Math.Sqrt((t * t) + 1);
        var s = t * c;
        for (var k = 0; k < 4; k++)
        {
            (m[k, p], m[k, q]) = ((c * m[k, p]) - (s * m[k, q]), (s * m[k, p]) + (c * m[k, q]));
        }

        for (var k = 0; k < 4; k++)
        {
            (m[p, k], m[q, k]) = ((c * m[p, k]) - (s * m[q, k]), (s * m[p, k]) + (c * m[q, k]));
            (v[k, p], v[k, q]) = ((c * v[k, p]) - (s * v[k, q]), (s * v[k, p]) + (c * v[k, q]));
        }
    }
}
