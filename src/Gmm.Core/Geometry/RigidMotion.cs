namespace Gmm.Core;

/// <summary>A rigid motion of a part of a structure: r becomes R r + t, in angstrom from the box centre.</summary>
/// <param name="Rotation">R.</param>
/// <param name="X">t along x, angstrom.</param>
/// <param name="Y">t along y, angstrom.</param>
/// <param name="Z">t along z, angstrom.</param>
public readonly record struct RigidMotion(Rotation Rotation, double X, double Y, double Z)
{
    /// <summary>No motion.</summary>
    public static RigidMotion Identity => new(Rotation.Identity, 0, 0, 0);

    /// <summary>Axis of R times its angle, degrees.</summary>
    public (double X, double Y, double Z) RotationVectorDegrees
    {
        get
        {
            // The antisymmetric part of R is sin(angle) times the axis.
            double x = Rotation.M21 - Rotation.M12, y = Rotation.M02 - Rotation.M20, z = Rotation.M10 - Rotation.M01;
            var sine = Math.Sqrt((x * x) + (y * y) + (z * z));
            var scale = 180 / Math.PI * (sine > 1e-12 ? Rotation.AngleTo(Rotation.Identity) / sine : 0.5);
            return (scale * x, scale * y, scale * z);
        }
    }

    /// <summary>A rotation about a point.</summary>
    /// <param name="rotation">The rotation.</param>
    /// <param name="point">The point that stays where it is, angstrom from the box centre.</param>
    /// <returns>The motion.</returns>
    public static RigidMotion About(in Rotation rotation, (double X, double Y, double Z) point)
    {
        var (x, y, z) = rotation.Apply(point.X, point.Y, point.Z);
        return new RigidMotion(rotation, point.X - x, point.Y - y, point.Z - z);
    }

    /// <summary>Moves a point.</summary>
    /// <param name="point">The point, angstrom from the box centre.</param>
    /// <returns>Where it is afterwards.</returns>
    public (double X, double Y, double Z) Apply((double X, double Y, double Z) point)
    {
        var (x, y, z) = Rotation.Apply(point.X, point.Y, point.Z);
        return (x + X, y + Y, z + Z);
    }

    /// <summary>This motion, then another.</summary>
    /// <param name="next">The motion that follows.</param>
    /// <returns>Both as one.</returns>
    public RigidMotion Then(in RigidMotion next)
    {
        var (x, y, z) = next.Apply((X, Y, Z));
        return new RigidMotion(next.Rotation * Rotation, x, y, z);
    }

    /// <summary>
    /// The pose at which the part at rest is seen where the moved part is: A' = A R, t' = shift + (A t)_xy.
    /// </summary>
    /// <param name="pose">The pose of the whole structure.</param>
    /// <returns>The part's own pose.</returns>
    public Pose SeenAt(in Pose pose)
    {
        var (x, y, _) = pose.Rotation.Apply(X, Y, Z);
        return new Pose((pose.Rotation * Rotation).Orthonormalized(), pose.ShiftX + x, pose.ShiftY + y);
    }
}
