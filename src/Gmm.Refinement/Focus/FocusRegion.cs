using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>The shape of a focus mask: where its centre is, and how far a rotation about it moves what is inside.</summary>
internal sealed class FocusRegion
{
    private readonly double[] _second;

    /// <summary>Measures a mask.</summary>
    /// <param name="mask">The mask.</param>
    public FocusRegion(SolventMask mask)
    {
        var n = mask.Size;
        var sums = new double[10];
        for (var z = 0; z < n; z++)
        {
            for (var y = 0; y < n; y++)
            {
                for (var x = 0; x < n; x++)
                {
                    double m = mask.Voxels[(((z * n) + y) * n) + x];
                    if (m > 0)
                    {
                        double dx = x - (n / 2), dy = y - (n / 2), dz = z - (n / 2);
                        Span<double> moments = [1, dx, dy, dz, dx * dx, dy * dy, dz * dz, dx * dy, dx * dz, dy * dz];
                        for (var i = 0; i < sums.Length; i++)
                        {
                            sums[i] += m * moments[i];
                        }
                    }
                }
            }
        }

        double a = mask.PixelSize, a2 = a * a, w = sums[0];
        double cx = sums[1] / w, cy = sums[2] / w, cz = sums[3] / w;
        Centre = (cx * a, cy * a, cz * a);
        double xx = a2 * ((sums[4] / w) - (cx * cx)), yy = a2 * ((sums[5] / w) - (cy * cy)), zz = a2 * ((sums[6] / w) - (cz * cz));
        double xy = a2 * ((sums[7] / w) - (cx * cy)), xz = a2 * ((sums[8] / w) - (cx * cz)), yz = a2 * ((sums[9] / w) - (cy * cz));
        Inertia = [yy + zz, -xy, -xz, -xy, xx + zz, -yz, -xz, -yz, xx + yy];
        _second = [xx, xy, xz, xy, yy, yz, xz, yz, zz];
    }

    /// <summary>Centre of mass, angstrom from the box centre.</summary>
    public (double X, double Y, double Z) Centre { get; }

    /// <summary>Mean of |r|^2 I - r r' about the centre, square angstrom, nine values: w'Jw is the mean squared movement under a rotation w.</summary>
    public double[] Inertia { get; }

    /// <summary>
    /// How far apart two poses show the region: the angle (radians), the shift of its centre, and the rms movement of its mass, in the image
    /// (angstrom).
    /// </summary>
    public (double Angle, double Shift, double Movement) Movement(in Pose from, in Pose to)
    {
        Rotation a = from.Rotation, b = to.Rotation;
        ReadOnlySpan<double> rows = [b.M00 - a.M00, b.M01 - a.M01, b.M02 - a.M02, b.M10 - a.M10, b.M11 - a.M11, b.M12 - a.M12];
        var dx = to.ShiftX - from.ShiftX + (rows[0] * Centre.X) + (rows[1] * Centre.Y) + (rows[2] * Centre.Z);
        var dy = to.ShiftY - from.ShiftY + (rows[3] * Centre.X) + (rows[4] * Centre.Y) + (rows[5] * Centre.Z);
        var spread = SmallMatrix.Sandwich(rows, _second, 2, 3);
        var shift2 = (dx * dx) + (dy * dy);
        return (b.AngleTo(a), Math.Sqrt(shift2), Math.Sqrt(shift2 + Math.Max(0, spread[0] + spread[3])));
    }
}
