namespace Gmm.Core;

/// <summary>
/// Where a particle's structure is seen: a rotation, then a shift in the image plane. A point r of the structure appears at
/// u = (A r)_xy + t, in angstrom from the image's <see cref="DiscTransform.OriginPixel"/>.
/// </summary>
/// <param name="Rotation">RELION's matrix A.</param>
/// <param name="ShiftX">t_x in angstrom: minus rlnOriginXAngst.</param>
/// <param name="ShiftY">t_y in angstrom: minus rlnOriginYAngst.</param>
public readonly record struct Pose(Rotation Rotation, double ShiftX, double ShiftY)
{
    /// <summary>Number of parameters of a pose step: three of rotation (radians), two of shift (angstrom).</summary>
    public const int ParameterCount = 5;

    /// <summary>No rotation, no shift.</summary>
    public static Pose Identity => new(Rotation.Identity, 0, 0);

    /// <summary>The pose of RELION's five numbers.</summary>
    /// <param name="angles">rlnAngleRot, rlnAngleTilt, rlnAnglePsi.</param>
    /// <param name="originXAngstrom">rlnOriginXAngst.</param>
    /// <param name="originYAngstrom">rlnOriginYAngst.</param>
    /// <returns>The pose.</returns>
    public static Pose FromRelion(EulerAngles angles, double originXAngstrom, double originYAngstrom) =>
        new(Rotation.FromEuler(angles), -originXAngstrom, -originYAngstrom);

    /// <summary>
    /// The pose after a step in the tangent space of SO(3) x R^2: the small rotation exp(w) is applied on the left
    /// (in the image's frame), so a Gaussian at rotated position (x, y, z) moves by (w_y z - w_z y, w_z x - w_x z).
    /// </summary>
    /// <param name="step">w_x, w_y, w_z in radians, then shift x and y in angstrom.</param>
    /// <returns>The new pose, its rotation orthonormal.</returns>
    /// <exception cref="ArgumentException">The step has not five numbers.</exception>
    public Pose Step(ReadOnlySpan<double> step)
    {
        if (step.Length != ParameterCount)
        {
            throw new ArgumentException("A pose step has five numbers.", nameof(step));
        }

        var rotation = (Rotation.FromRotationVector(step[0], step[1], step[2]) * Rotation).Orthonormalized();
        return new Pose(rotation, ShiftX + step[3], ShiftY + step[4]);
    }
}
