using Gmm.Core;

namespace Gmm.Simulation;

/// <summary>The rigid motion that best lays some points on others: Horn's closed form, J. Opt. Soc. Am. A 4 (1987) 629.</summary>
public static class PointAlignment
{
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
        s.Clear();
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

        var rotation = HornRotation.Of(s);
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
}
