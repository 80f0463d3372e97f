using System.Text.Json.Serialization;
using Gmm.Simulation;

namespace Gmm.Cli;

/// <summary>Result of postprocess.</summary>
/// <param name="Resolution0143">Where the FSC falls below 0.143; null where there is no resolution.</param>
/// <param name="ResolutionIsNyquist">Whether the FSC never falls below 0.143, so that the resolution is only what the pixel size allows.</param>
/// <param name="Resolution05">Where the FSC falls below 0.5; null where there is no resolution.</param>
/// <param name="ResolutionUnmasked">Where the unmasked FSC falls below 0.143; null where there is no resolution.</param>
/// <param name="BFactor">B factor that sharpened the map; null where it was not sharpened so.</param>
/// <param name="ModelAmplitudes">Whether amplitudes were set to a model's.</param>
/// <param name="RandomisedFrom">Resolution beyond which phases were randomised to correct for the mask; null without it.</param>
/// <param name="Warnings">What a person should know, a sentence each.</param>
/// <param name="WallSeconds">Wall time of the call.</param>
/// <param name="Files">The files written.</param>
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
