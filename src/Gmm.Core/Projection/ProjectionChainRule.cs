using System.Numerics;

namespace Gmm.Core;

/// <summary>From derivatives in the image plane to those of a Gaussian's centre and of a pose step, shared by the projectors.</summary>
internal static class ProjectionChainRule
{
    /// <summary>Adds one Gaussian's part of the pose gradient; du = (w_y z - w_z y + dt_x, w_z x - w_x z + dt_y).</summary>
    public static void AddPose(Span<double> pose, double x, double y, double z, double gx, double gy)
    {
        pose[0] -= gy * z;
        pose[1] += gx * z;
        pose[2] += (gy * x) - (gx * y);
        pose[3] += gx;
        pose[4] += gy;
    }

    /// <summary>Adds one Gaussian's derivatives; the centre's are A^T (gx, gy, 0).</summary>
    public static void AddGaussian<T>(ModelGradient<T> gradient, int j, in Rotation a, double gx, double gy, double amplitude, double width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        gradient.X[j] += T.CreateChecked((a.M00 * gx) + (a.M10 * gy));
        gradient.Y[j] += T.CreateChecked((a.M01 * gx) + (a.M11 * gy));
        gradient.Z[j] += T.CreateChecked((a.M02 * gx) + (a.M12 * gy));
        gradient.Amplitudes[j] += T.CreateChecked(amplitude);
        gradient.Widths[j] += T.CreateChecked(width);
    }
}
