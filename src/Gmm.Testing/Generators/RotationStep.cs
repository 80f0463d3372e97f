using Gmm.Core;

namespace Gmm.Testing;

/// <summary>A rotation's axis times its angle in radians, as FsCheck draws it: from 1e-12 of a radian to more than a turn.</summary>
/// <param name="X">Along x, radians.</param>
/// <param name="Y">Along y, radians.</param>
/// <param name="Z">Along z, radians.</param>
public readonly record struct RotationStep(double X, double Y, double Z)
{
    /// <summary>The rotation.</summary>
    /// <returns><see cref="Rotation.FromRotationVector"/> of the three numbers.</returns>
    public Rotation ToRotation() => Rotation.FromRotationVector(X, Y, Z);
}
