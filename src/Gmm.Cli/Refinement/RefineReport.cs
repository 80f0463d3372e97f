using System.Text.Json.Serialization;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>Result of refine.</summary>
/// <param name="Iterations">The iterations, from 0.</param>
/// <param name="Resolution0143">Where the masked, corrected FSC of the last iteration falls below 0.143; null where there is no resolution.</param>
/// <param name="ResolutionIsNyquist">Whether the FSC never falls below 0.143, so that the resolution is only what the pixel size allows.</param>
/// <param name="UnmaskedResolution">Where the FSC of the half maps without a mask falls below 0.143, angstrom; null where there is no resolution.</param>
/// <param name="BFactor">B factor that sharpened run.mrc, square angstrom; null where none could be fitted.</param>
/// <param name="Particles">Number of particles.</param>
/// <param name="NotRefined">Particles that kept their pose.</param>
/// <param name="StopReason">Why it stopped.</param>
/// <param name="WallSeconds">Wall time of the call.</param>
/// <param name="PeakRssMegabyte">Peak resident memory of the process.</param>
/// <param name="Files">The files written.</param>
/// <param name="Focus">What the last iteration found of the focused region; left out without --focus.</param>
/// <param name="Optics">What the last iteration found of the optics; left out where they were not estimated.</param>
/// <param name="Warnings">What a person should know, a sentence each.</param>
/// <param name="Verdict">Whether the result is better than what it started from.</param>
internal sealed record RefineReport(
    IterationReport[] Iterations,
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution0143,
    bool ResolutionIsNyquist,
    [property: JsonPropertyName("unmasked_resolution_0143_A")] double? UnmaskedResolution,
    double? BFactor,
    int Particles,
    int NotRefined,
    string StopReason,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    [property: JsonPropertyName("peak_rss_mb")] double PeakRssMegabyte,
    string[] Files,
    [property: JsonPropertyName("focus"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Gmm.Refinement.FocusRecord? Focus = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Gmm.Refinement.OpticsRecord? Optics = null,
    IReadOnlyList<string>? Warnings = null,
    Gmm.Refinement.Verdict? Verdict = null)
{
    /// <summary>Whether the half maps show no resolution at all.</summary>
    public bool NoResolution => Resolution0143 is null;
}
