namespace Gmm.Core;

/// <summary>RELION's ZYZ Euler angles, in degrees.</summary>
/// <param name="RotDegrees">First angle, about Z (rlnAngleRot).</param>
/// <param name="TiltDegrees">Second angle, about the new Y (rlnAngleTilt), 0 to 180 when computed here.</param>
/// <param name="PsiDegrees">Third angle, about the new Z (rlnAnglePsi), the in-plane rotation.</param>
public readonly record struct EulerAngles(double RotDegrees, double TiltDegrees, double PsiDegrees);
