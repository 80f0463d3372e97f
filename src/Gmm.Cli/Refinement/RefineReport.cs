using System.Text.Json.Serialization;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>Result of refine.</summary>
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
    IReadOnlyList<string>? Warnings = null,
    Gmm.Refinement.Verdict? Verdict = null)
{
    /// <summary>Whether the half maps show no resolution at all.</summary>
    public bool NoResolution => Resolution0143 is null;
}
