namespace Gmm.Testing;

/// <summary>What a random model looks like (<see cref="Draw.Model"/>, <see cref="Generate.Models"/>).</summary>
public sealed record ModelShape
{
    /// <summary>Number of Gaussians.</summary>
    public int Count { get; init; } = 200;

    /// <summary>Radius of the ball that the centres lie in, angstrom.</summary>
    public double Radius { get; init; } = 40;

    /// <summary>Whether the ball is pressed to 0.8 along y and bent along z, so that no rotation but none leaves it as it is.</summary>
    public bool Lopsided { get; init; } = true;

    /// <summary>Least and greatest amplitude (integral of a Gaussian, density times cubic angstrom).</summary>
    public (double Low, double High) Amplitudes { get; init; } = (50, 150);

    /// <summary>Least and greatest width (standard deviation of a Gaussian), angstrom.</summary>
    public (double Low, double High) Widths { get; init; } = (1.8, 2.6);

    /// <summary>Side of the box, voxels.</summary>
    public int BoxSize { get; init; } = 64;

    /// <summary>Angstrom per voxel.</summary>
    public double PixelSize { get; init; } = 2.5;
}
