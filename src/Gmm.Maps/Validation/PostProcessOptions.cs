namespace Gmm.Maps;

/// <summary>How a map is sharpened and filtered.</summary>
public sealed record PostProcessOptions
{
    /// <summary>B factor to apply, square angstrom, negative to sharpen; null fits it.</summary>
    public double? BFactor { get; init; }

    /// <summary>Coarse end of the Guinier fit, angstrom.</summary>
    public double FitFrom { get; init; } = 10;

    /// <summary>Fine end of the Guinier fit, angstrom; null is the resolution. RELION fits to Nyquist.</summary>
    public double? FitTo { get; init; }

    /// <summary>
    /// Amplitude of each shell from 0 that the masked map gets, in place of a B factor: the profile of a map simulated from the atomic model
    /// (<c>Gmm.Simulation.ModelAmplitudes</c>).
    /// </summary>
    public IReadOnlyList<double>? ModelAmplitudes { get; init; }

    /// <summary>Whether shells are weighted by sqrt(2 FSC / (1 + FSC)) (Rosenthal and Henderson 2003).</summary>
    public bool WeightByFsc { get; init; } = true;

    /// <summary>Resolution of the low-pass filter, angstrom; null is the resolution of the maps.</summary>
    public double? LowPass { get; init; }
}
