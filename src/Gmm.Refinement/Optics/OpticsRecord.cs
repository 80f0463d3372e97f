using System.Text.Json.Serialization;
using Gmm.IO;
using static System.FormattableString;

namespace Gmm.Refinement;

/// <summary>What an iteration found of the optics, each half from its own particles and reference.</summary>
/// <param name="Groups">The groups of half 1, then those of half 2.</param>
/// <param name="Defoci">Particles whose defocus was estimated.</param>
/// <param name="Held">Of those, particles whose images would have it far from all others of their micrograph: they were put to its mean.</param>
/// <param name="DefocusChange">Median change of a defocus in this iteration, angstrom; null where none was estimated.</param>
/// <param name="DefocusMoved">Median distance of a defocus from the one that was given, angstrom.</param>
/// <param name="DefocusSigma">Median standard deviation of a defocus, angstrom.</param>
/// <param name="AstigmatismSigma">Median standard deviation of either part of half the difference of rlnDefocusU and V, angstrom.</param>
/// <param name="PhaseShiftSigma">Median standard deviation of a phase shift, degrees; null where none was estimated.</param>
/// <param name="PriorSigma">Spread of the particles' defoci about their micrograph's, angstrom, in half 1 and 2.</param>
/// <param name="HalvesDifference">
/// Mean over all terms of the squared difference between the halves, in units of its variance: 1 where the stated uncertainties are right; null where no
/// term was found in both.
/// </param>
public sealed record OpticsRecord(
    IReadOnlyList<OpticsGroupRecord> Groups,
    int Defoci,
    int Held,
    [property: JsonPropertyName("defocus_change_median_A")] double? DefocusChange,
    [property: JsonPropertyName("defocus_moved_median_A")] double? DefocusMoved,
    [property: JsonPropertyName("defocus_sigma_median_A")] double? DefocusSigma,
    [property: JsonPropertyName("astigmatism_sigma_median_A")] double? AstigmatismSigma,
    [property: JsonPropertyName("phase_shift_sigma_median_deg")] double? PhaseShiftSigma,
    [property: JsonPropertyName("defocus_prior_sigma_A")] IReadOnlyList<double> PriorSigma,
    double? HalvesDifference) : IRecord
{
    /// <summary>From here on a defocus is counted as far from the one given, angstrom: CTF programs are off by a few hundred.</summary>
    internal const double FarAngstrom = 1000;

    /// <summary>Spread about a micrograph's defocus from which on it is said, angstrom: a layer of ice 0.1 micrometre thick has under 300.</summary>
    private const double WideSpread = 500;

    /// <summary>Uncertainties that defoci as a whole may move by before it is said, and the least distance, angstrom.</summary>
    private const double ManySigmas = 5;
    private const double LeastMoved = 500;

    /// <summary>Share of the defoci that may be far from those given before it is said.</summary>
    private const double FarShare = 0.1;

    /// <summary>Particles whose images do not look like the reference at all (no positive correlation): they say nothing, and their defocus stays.</summary>
    public int Unlike { get; init; }

    /// <summary>Defoci that ended more than 1000 angstrom from those given.</summary>
    [JsonPropertyName("far_from_given")]
    public int Far { get; init; }

    /// <summary>Spread of the defoci that were given about their micrograph's, angstrom, in half 1 and 2.</summary>
    [JsonPropertyName("defocus_given_spread_A")]
    public IReadOnlyList<double>? GivenSpread { get; init; }

    /// <summary>What is said of particles that look unlike the reference; null where there are none.</summary>
    internal string? UnlikeText() => (Unlike, Defoci) switch
    {
        (0, _) => null,
        (1, 0) => "1 particle does not look like the reference: it says nothing of the optics",
        (1, _) => "1 particle does not look like the reference: its defocus stays",
        (_, 0) => $"{Unlike} particles do not look like the reference: they say nothing of the optics",
        _ => $"{Unlike} particles do not look like the reference: their defoci stay",
    };

    /// <summary>
    /// How far the terms that the data determine moved in this iteration, in their standard deviations: the root of the mean square, and the most; 0 where
    /// there is none.
    /// </summary>
    internal (double Rms, double Largest) Changes()
    {
        double[] changes = [.. Groups.SelectMany(g => g.Terms).Select(t => t.RelativeChange).OfType<double>()];
        return changes.Length == 0 ? (0, 0) : (Math.Sqrt(changes.Average(c => c * c)), changes.Max());
    }

    /// <summary>What a person should know of them, a sentence each.</summary>
    /// <returns>The sentences.</returns>
    public IEnumerable<string> Warnings()
    {
        foreach (var kept in Groups.Where(g => g.Kept is not null))
        {
            yield return $"optics group {kept.Name}, half {kept.Half}: {kept.Kept}";
        }

        if (Held > 0)
        {
            yield return $"the images of {Held} particles put their defocus far from that of all others of their micrograph; it was held at its mean";
        }

        if (UnlikeText() is { } unlike)
        {
            yield return unlike + " (no positive correlation with its projection)";
        }

        var moved = DefocusMoved > LeastMoved && DefocusMoved > ManySigmas * DefocusSigma;
        if (moved || (Far > 0 && Far >= FarShare * Defoci))
        {
            yield return Invariant($"the defoci ended {DefocusMoved:F0} A from those given (median of {Defoci}; {Far} of them by more than ")
                + Invariant($"{FarAngstrom:F0} A), with an uncertainty of {DefocusSigma:F0} A: ")
                + "are these particles, and are voltage, pixel size and the defoci given right?";
        }

        double spread = PriorSigma.DefaultIfEmpty(0).Max(), given = (GivenSpread ?? []).DefaultIfEmpty(0).Max();
        if (spread > Math.Max(WideSpread, 2 * given))
        {
            yield return Invariant($"the defoci are spread by {spread:F0} A about their micrographs' (those given by {given:F0} A), ")
                + "which is more than a layer of ice has: are these particles?";
        }
    }

    void IRecord.Validate(RecordCheck check)
    {
        check["groups"].All(Groups);
        check["defoci"].NotNegative(Defoci);
        check["held"].NotNegative(Held);
        check["defocus_change_median_A"].NotNegative(DefocusChange ?? 0);
        check["defocus_moved_median_A"].NotNegative(DefocusMoved ?? 0);
        check["defocus_sigma_median_A"].NotNegative(DefocusSigma ?? 0);
        check["astigmatism_sigma_median_A"].NotNegative(AstigmatismSigma ?? 0);
        check["phase_shift_sigma_median_deg"].NotNegative(PhaseShiftSigma ?? 0);
        check["defocus_prior_sigma_A"].AllFinite(PriorSigma);
        check["unlike"].NotNegative(Unlike);
        check["far_from_given"].NotNegative(Far);
        check["defocus_given_spread_A"].AllFinite(GivenSpread ?? []);
        check["halves_difference"].NotNegative(HalvesDifference ?? 0);
    }

    /// <summary>Compares what the halves found of the same terms.</summary>
    internal static double? Difference(IReadOnlyList<OpticsGroupRecord> groups)
    {
        var found = groups.Where(g => g.Half == 2)
            .SelectMany(g => g.Terms.Where(t => t.FoundSigma is not null).Select(t => ((g.Name, t.Name), t)))
            .ToDictionary(p => p.Item1, p => p.t);
        double sum = 0;
        var count = 0;
        foreach (var group in groups.Where(g => g.Half == 1))
        {
            foreach (var term in group.Terms.Where(t => t.FoundSigma is not null))
            {
                if (found.TryGetValue((group.Name, term.Name), out var other))
                {
                    sum += Math.Pow(term.Value - other.Value, 2) / ((term.Sigma!.Value * term.Sigma.Value) + (other.Sigma!.Value * other.Sigma.Value));
                    count++;
                }
            }
        }

        return count > 0 ? sum / count : null;
    }
}
