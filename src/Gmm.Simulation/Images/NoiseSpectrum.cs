namespace Gmm.Simulation;

/// <summary>
/// The shape of the noise's power over frequency: N(k) = (1 + a / (1 + (k L)^2)) (h + (1 - h) exp(-b k^2 / 4)), a rise towards low
/// frequency (ice, carbon, background) times a fall towards high frequency (the detector). The scale is set by the variance of a pixel.
/// </summary>
public sealed record NoiseSpectrum
{
    /// <summary>The default shape, like a counting detector's images of vitreous ice: a = 1.5, L = 25 A, h = 0.6, b = 20 A^2.</summary>
    public static NoiseSpectrum Coloured { get; } = new() { LowFrequencyAmplitude = 1.5, HighFrequencyFloor = 0.6 };

    /// <summary>The same power at every frequency.</summary>
    public static NoiseSpectrum White { get; } = new();

    /// <summary>a, extra power at zero frequency over the plateau.</summary>
    public double LowFrequencyAmplitude { get; init; }

    /// <summary>L, the length over which the extra power falls, angstrom.</summary>
    public double LowFrequencyLength { get; init; } = 25;

    /// <summary>h, the fraction of the power left at high frequency; 1 means no fall.</summary>
    public double HighFrequencyFloor { get; init; } = 1;

    /// <summary>b, how fast the power falls, square angstrom.</summary>
    public double HighFrequencyBFactor { get; init; } = 20;

    /// <summary>N(k), before it is scaled to the variance.</summary>
    /// <param name="k">Frequency, 1/angstrom.</param>
    /// <returns>The relative power.</returns>
    public double Power(double k) =>
        (1 + (LowFrequencyAmplitude / (1 + (k * LowFrequencyLength * k * LowFrequencyLength))))
        * (HighFrequencyFloor + ((1 - HighFrequencyFloor) * Math.Exp(-HighFrequencyBFactor * k * k / 4)));
}
