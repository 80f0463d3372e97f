using System.Text.Json.Serialization;
using Gmm.Simulation;

namespace Gmm.Cli;

/// <summary>Result of postprocess.</summary>
internal sealed record PostprocessReport(
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution0143,
    bool ResolutionIsNyquist,
    [property: JsonPropertyName("resolution_05_A")] double? Resolution05,
    [property: JsonPropertyName("resolution_unmasked_A")] double? ResolutionUnmasked,
    [property: JsonPropertyName("b_factor_A2")] double? BFactor,
    bool ModelAmplitudes,
    [property: JsonPropertyName("randomised_from_A")] double RandomisedFrom,
    string[] Warnings,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    string[] Files)
{
    /// <summary>Whether the half maps show no resolution at all.</summary>
    public bool NoResolution => Resolution0143 is null;
}
