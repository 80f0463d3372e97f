namespace Gmm.Maps;

/// <summary>What an image knows: how strong the structure is in it, relative to the others of its half and optics group.</summary>
/// <param name="Scale">Factor on the scale of its signal.</param>
/// <param name="BFactor">Added to the B factor of its envelope, square angstrom.</param>
/// <param name="Weight">The probability that it shows the structure at its pose at all.</param>
/// <param name="Evidence">Logarithm of the likelihood that it does over that it holds noise alone; NaN where the image was not read.</param>
public readonly record struct ParticleSignal(double Scale, double BFactor, float Weight, double Evidence)
{
    /// <summary>That of an image about which nothing is known.</summary>
    public static ParticleSignal Unknown { get; } = new(1, 0, 1, double.NaN);
}
