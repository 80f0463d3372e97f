using static System.FormattableString;

namespace Gmm.Maps;

/// <summary>The four curves of a gold-standard FSC with a mask, as relion_postprocess reports them, and whether they mean anything.</summary>
/// <param name="Unmasked">Between the half maps as they are.</param>
/// <param name="Masked">Between the masked half maps.</param>
/// <param name="Randomised">
/// Between masked half maps whose phases are random from <paramref name="RandomisedFrom"/> on, the mean over all draws: what the mask alone adds.
/// </param>
/// <param name="Corrected">The masked curve less the mask's effect (Chen et al. 2013).</param>
/// <param name="RandomisedFrom">First shell with random phases.</param>
/// <param name="Signal">Whether the half maps as they are have anything in common; no mask can change that.</param>
/// <param name="MaskedSignal">Whether what the mask leaves of them has, by the corrected curve.</param>
public sealed record CorrectedFsc(
    FscCurve Unmasked, FscCurve Masked, FscCurve Randomised, FscCurve Corrected, int RandomisedFrom, SignalTest Signal, SignalTest MaskedSignal)
{
    /// <summary>Correlation of random phases at the resolution over which a mask is too tight (RELION's).</summary>
    private const double HighRandomFsc = 0.1;

    /// <summary>
    /// The resolution: where the corrected curve falls below 0.143, angstrom; Nyquist if it never does (<see cref="IsNyquist"/>). Null, which is
    /// "no resolution", where the halves, or what the mask leaves of them, have no signal in common, or where the curve starts below.
    /// </summary>
    public double? Resolution => ResolutionAt(0.143);

    /// <summary>Whether the resolution is only what the pixel size allows: there is signal, and the curve never falls below 0.143.</summary>
    public bool IsNyquist => Resolution is not null && !Corrected.Falls();

    /// <summary>The resolution at another threshold, null where there is none.</summary>
    /// <param name="threshold">Correlation.</param>
    /// <returns>Angstrom.</returns>
    public double? ResolutionAt(double threshold) => Signal.Found && MaskedSignal.Found && Corrected[1] >= threshold ? Corrected.Resolution(threshold) : null;

    /// <summary>
    /// What is doubtful about the curves: that there is no signal, that they never fall, that the mask is too tight, hides the resolution or makes it.
    /// </summary>
    /// <returns>A line each; empty if nothing is.</returns>
    public IReadOnlyList<string> Warnings()
    {
        if (Resolution is not { } resolution)
        {
            // A mask so tight that random phases correlate leaves too little to tell signal from chance.
            var most = Enumerable.Range(RandomisedFrom + 2, Math.Max(0, Randomised.Count - RandomisedFrom - 2))
                .Select(s => Randomised[s])
                .DefaultIfEmpty()
                .Max();
            return Signal.Found && most > HighRandomFsc
                ? [NoResolution(), Invariant($"random phases still correlate by {most:0.00}: the mask is too tight or too sharp")]
                : [NoResolution()];
        }

        var warnings = new List<string>();
        if (IsNyquist)
        {
            warnings.Add(Invariant($"the correlation never falls below 0.143; the resolution is Nyquist, {resolution:0.##} A"));
        }

        var shell = Math.Min(Randomised.Count - 1, (int)Math.Round(Corrected.BoxSize * Corrected.PixelSize / resolution));
        if (shell >= RandomisedFrom + 2 && Randomised[shell] > HighRandomFsc)
        {
            warnings.Add(Invariant($"random phases still correlate by {Randomised[shell]:0.00} at the resolution: the mask is too tight or too sharp"));
        }

        if (Corrected.Falls() && Unmasked.Falls() && resolution > Unmasked.Resolution() + 1e-9)
        {
            warnings.Add(
                Invariant($"the masked, corrected resolution ({resolution:0.##} A) is worse than the unmasked one ({Unmasked.Resolution():0.##} A): ")
                    + "does the mask fit the map?");
        }

        if (Unsupported(shell) is { } from)
        {
            warnings.Add(
                Invariant($"between {from:0.##} A and the resolution given ({resolution:0.##} A) the unmasked half maps do not correlate at all: the ")
                    + "resolution rests on the mask alone");
        }

        return warnings;
    }

    /// <summary>Why there is no resolution.</summary>
    private string NoResolution() =>
        !Signal.Found
            ? $"no resolution: {Signal.Describe("the half maps")}"
            : !MaskedSignal.Found
                ? $"no resolution: {MaskedSignal.Describe("inside the mask the half maps")}"
                : Invariant($"no resolution: the corrected curve starts below 0.143 at {1 / Corrected.Frequency(1):0.##} A, the coarsest shell");

    /// <summary>
    /// Where the unmasked curve has ended if nothing is left of it up to a shell. A mask that takes solvent away raises a correlation, and makes none:
    /// between the
    /// two ends the unmasked curve is small, but over all these shells it is more than chance.
    /// </summary>
    private double? Unsupported(int shell)
    {
        if (!Unmasked.Falls())
        {
            return null;
        }

        var first = (int)Math.Ceiling(Corrected.BoxSize * Corrected.PixelSize / Unmasked.Resolution()) + 1;
        if (shell - first < 2)
        {
            return null;
        }

        var sum = Enumerable.Range(first, shell - first).Sum(s => Unmasked[s] * s);
        var chance = Math.Sqrt(Enumerable.Range(first, shell - first).Sum(_ => Signal.Redundancy / (4 * Math.PI)));
        return sum < 2 * chance ? Unmasked.Resolution() : null;
    }
}
