namespace Gmm.Maps;

/// <summary>How well a pose is known (gmmPoseRotationSigma, gmmPoseShiftSigma).</summary>
/// <param name="RotationDegrees">Standard deviation of the rotation, three axes together, degrees.</param>
/// <param name="ShiftAngstrom">Standard deviation of the shift, both axes together, angstrom.</param>
public readonly record struct PoseSigma(double RotationDegrees, double ShiftAngstrom)
{
    /// <summary>
    /// The B factor of what the uncertainty blurs: exp(-(2 pi k d)^2 / 2), d the standard deviation of where an atom is seen along one axis, mean over a
    /// molecule of a radius of gyration R: d^2 = shift^2 / 2 + (2/9) rotation^2 R^2.
    /// </summary>
    /// <param name="gyrationRadius">R, angstrom.</param>
    /// <returns>Square angstrom: exp(-B k^2 / 4) is the envelope. 0 where the uncertainty is not known.</returns>
    public double BFactor(double gyrationRadius)
    {
        var rotation = RotationDegrees * (Math.PI / 180) * gyrationRadius;
        var variance = (0.5 * ShiftAngstrom * ShiftAngstrom) + (2.0 / 9 * rotation * rotation);
        return RotationDegrees >= 0 && ShiftAngstrom >= 0 && double.IsFinite(variance) ? 8 * Math.PI * Math.PI * variance : 0;
    }
}
