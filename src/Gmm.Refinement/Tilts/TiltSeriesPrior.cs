namespace Gmm.Refinement;

/// <summary>How far the poses of tilt series may be from those in the source: standard deviations of normal distributions.</summary>
public sealed record TiltSeriesPrior
{
    /// <summary>Greatest standard deviation of a rotation, degrees.</summary>
    internal const double MostDegrees = 45;

    /// <summary>Greatest standard deviation of a place or a shift, angstrom.</summary>
    internal const double MostAngstrom = 10_000;

    /// <summary>
    /// Of a particle's rotation, the three axes together, degrees, to 45; 0 says nothing. With one, rotations to refine from are sought up to twice as far, in
    /// steps that move the particle by half the resolution.
    /// </summary>
    public double RotationSigmaDegrees { get; init; }

    /// <summary>Of a particle's place along each of three axes, angstrom, to 10,000; 0 says nothing.</summary>
    public double PositionSigmaAngstrom { get; init; }

    /// <summary>Of each image's own shift beside the particle's, along each axis, angstrom, to 10,000; 0 keeps the series rigid.</summary>
    public double ShiftSigmaAngstrom { get; init; }

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentException">A value that is negative, too large or not finite.</exception>
    public void Validate()
    {
        foreach (var (value, most) in new[]
        {
            (RotationSigmaDegrees, MostDegrees), (PositionSigmaAngstrom, MostAngstrom), (ShiftSigmaAngstrom, MostAngstrom),
        })
        {
            if (!(value >= 0 && value <= most))
            {
                throw new ArgumentException($"A standard deviation of a pose cannot be {value}.");
            }
        }
    }
}
