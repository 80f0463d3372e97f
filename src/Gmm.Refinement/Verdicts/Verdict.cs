using System.Globalization;
using System.Text.Json.Serialization;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>The end of a run in one word, by figures that can go down, with the reason and what to do.</summary>
public sealed record Verdict
{
    /// <summary>Standard errors that a held-out gain must be away from 0.</summary>
    internal const double Sure = 3;

    /// <summary>What to do where poses got worse.</summary>
    /// <param name="ofSeries">Whether images that show one particle were refined together.</param>
    internal static string KeepPoses(bool ofSeries) => "Keep the poses you had. Likely causes: "
        + (ofSeries
            ? "the images of a particle say too little about its pose (small particles, too little dose)"
            : "one image says too little about its own pose (a tilt series without --tilt-series, small particles)")
        + ", a wrong CTF, scale or handedness, or a start too far off (docs/troubleshooting.md).";

    /// <summary>What to do where there is nothing to judge by.</summary>
    internal const string LookAtInput = "Look at the input: constant or broken images, pixel size or defocus of another unit, starting poses far off, "
        + "or simply too few particles (docs/troubleshooting.md). In run_data.star gmmPoseStatus, where there is one, says why a particle kept its pose.";

    /// <summary>What to do where poses explain images better and something else speaks against them.</summary>
    internal const string CheckFirst = "Look before you go on: at the maps, and at pixel size, defocus and handedness; a wrong one lets poses follow "
        + "what is wrong with the model.";

    /// <summary>Improved, unchanged, worse, no signal, or cannot be judged.</summary>
    public required VerdictOutcome Outcome { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>What to do; null where nothing is to be done.</summary>
    public string? Advice { get; init; }

    /// <summary>Mean gain in log-likelihood of a particle over the start, judged by what had no part in it; null where it could not be measured.</summary>
    [JsonPropertyName("heldout_gain")]
    public double? HeldOutGain { get; init; }

    /// <summary>Standard error of that mean.</summary>
    [JsonPropertyName("heldout_gain_error")]
    public double? HeldOutError { get; init; }

    /// <summary>Particles that the mean is over.</summary>
    [JsonPropertyName("heldout_particles")]
    public int HeldOutParticles { get; init; }

    /// <summary>Mean corrected FSC of the half maps at the start, in one mask, to the finer of the two resolutions; null where it was not measured.</summary>
    public double? FscBefore { get; init; }

    /// <summary>The same at the end, in the same mask and shells.</summary>
    public double? FscAfter { get; init; }

    /// <summary>The verdict for people: one line, and the advice.</summary>
    /// <returns>Lines.</returns>
    public IReadOnlyList<string> Lines()
    {
        var word = Outcome switch
        {
            VerdictOutcome.Improved => "improved",
            VerdictOutcome.Unchanged => "unchanged",
            VerdictOutcome.Worse => "worse",
            VerdictOutcome.NoSignal => "no signal",
            _ => "cannot be judged",
        };
        return [$"verdict: {word}: {Reason}", .. Advice is null ? Array.Empty<string>() : [$"  {Advice}"]];
    }

    /// <summary>The verdict where the half maps at the start have nothing in common.</summary>
    internal static Verdict NoSignal(CorrectedFsc start) => new()
    {
        Outcome = VerdictOutcome.NoSignal,
        Reason = start.Warnings()[0],
        Advice = "Keep the poses you had: they, the images or their halves hold nothing that a refinement could go by.",
    };

    /// <summary>"4.1 +- 0.2 per particle".</summary>
    internal static string Gain(double gain, double error) => string.Create(CultureInfo.InvariantCulture, $"{gain:0.00} +- {error:0.00} per particle");
}
