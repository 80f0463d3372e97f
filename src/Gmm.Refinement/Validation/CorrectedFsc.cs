using System.Globalization;

namespace Gmm.Refinement;

/// <summary>The four curves of a gold-standard FSC with a mask, as relion_postprocess reports them.</summary>
/// <param name="Unmasked">Between the half maps as they are.</param>
/// <param name="Masked">Between the masked half maps.</param>
/// <param name="Randomised">
/// Between masked half maps whose phases are random from <paramref name="RandomisedFrom"/> on, the mean over all draws: what the mask alone adds.
/// </param>
/// <param name="Corrected">The masked curve less the mask's effect (Chen et al. 2013).</param>
/// <param name="RandomisedFrom">First shell with random phases.</param>
public sealed record CorrectedFsc(FscCurve Unmasked, FscCurve Masked, FscCurve Randomised, FscCurve Corrected, int RandomisedFrom)
{
    /// <summary>Correlation of random phases at the resolution over which a mask is too tight (RELION's).</summary>
    private const double HighRandomFsc = 0.1;

    /// <summary>What is doubtful about the curves: that they never fall, that the mask is too tight, or that it hides the resolution.</summary>
    /// <returns>A line each; empty if nothing is.</returns>
    public IReadOnlyList<string> Warnings()
    {
        var warnings = new List<string>();
        var resolution = Corrected.Resolution();
        if (!Corrected.Falls())
        {
            warnings.Add(string.Create(CultureInfo.InvariantCulture, $"the correlation never falls below 0.143; the resolution is Nyquist, {resolution:0.##} A"));
        }

        var shell = Math.Min(Randomised.Count - 1, (int)Math.Round(Corrected.BoxSize * Corrected.PixelSize / resolution));
        if (shell >= RandomisedFrom + 2 && Randomised[shell] > HighRandomFsc)
        {
            warnings.Add(string.Create(
                CultureInfo.InvariantCulture, $"random phases still correlate by {Randomised[shell]:0.00} at the resolution: the mask is too tight or too sharp"));
        }

        if (Corrected.Falls() && Unmasked.Falls() && resolution > Unmasked.Resolution() + 1e-9)
        {
            warnings.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"the masked, corrected resolution ({resolution:0.##} A) is worse than the unmasked one ({Unmasked.Resolution():0.##} A): does the mask fit the map?"));
        }

        return warnings;
    }
}
