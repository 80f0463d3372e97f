using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// Poses seen from a patch's centre c: the same rotation, and the shift of c instead of that of the box centre, so that a rotation turns the
/// patch where it is and does not swing it about.
/// </summary>
internal static class PatchFrame
{
    public static Pose ToPatch(in Pose pose, Patch patch)
    {
        var (x, y, _) = pose.Rotation.Apply(patch.X, patch.Y, patch.Z);
        return new Pose(pose.Rotation, pose.ShiftX + x, pose.ShiftY + y);
    }

    public static Pose FromPatch(in Pose pose, Patch patch)
    {
        var (x, y, _) = pose.Rotation.Apply(patch.X, patch.Y, patch.Z);
        return new Pose(pose.Rotation, pose.ShiftX - x, pose.ShiftY - y);
    }

    /// <summary>The step from one pose to another in the tangent space at the first: rotation vector (radians), then shift (angstrom).</summary>
    public static void Step(in Pose from, in Pose to, Span<double> step)
    {
        var m = to.Rotation * from.Rotation.Transpose();
        double x = m.M21 - m.M12, y = m.M02 - m.M20, z = m.M10 - m.M01;
        var sine = 0.5 * Math.Sqrt((x * x) + (y * y) + (z * z));
        var scale = sine < 1e-12 ? 0.5 : Math.Atan2(sine, 0.5 * (m.M00 + m.M11 + m.M22 - 1)) / (2 * sine);
        (step[0], step[1], step[2]) = (scale * x, scale * y, scale * z);
        (step[3], step[4]) = (to.ShiftX - from.ShiftX, to.ShiftY - from.ShiftY);
    }

    /// <summary>A model moved so that a patch's centre is the box centre.</summary>
    public static GaussianModel Centred(GaussianModel model, Patch patch)
    {
        float[] x = model.X.ToArray(), y = model.Y.ToArray(), z = model.Z.ToArray();
        for (var j = 0; j < x.Length; j++)
        {
            x[j] = (float)(x[j] - patch.X);
            y[j] = (float)(y[j] - patch.Y);
            z[j] = (float)(z[j] - patch.Z);
        }

        return new GaussianModel(x, y, z, model.Amplitudes, model.Widths, model.BoxSize, model.PixelSize, model.Provenance);
    }
}
