using Gmm.Core;

namespace Gmm.Testing;

/// <summary>The step that leads from one pose to another: the inverse of <see cref="Pose.Step"/>.</summary>
public static class TangentStep
{
    /// <summary>The step.</summary>
    /// <param name="from">The pose to leave.</param>
    /// <param name="to">The pose to reach, less than half a turn away.</param>
    /// <returns>Five values: the rotation vector of R_to R_from' (radians), and the shifts (angstrom).</returns>
    public static double[] Between(Pose from, Pose to)
    {
        var (x, y, z) = RotationVector.Of(to.Rotation * from.Rotation.Transpose());
        return [x, y, z, to.ShiftX - from.ShiftX, to.ShiftY - from.ShiftY];
    }
}
