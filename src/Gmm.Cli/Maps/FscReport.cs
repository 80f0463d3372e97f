using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Result of fsc.</summary>
/// <param name="Resolution0143">Where the FSC falls below 0.143; null where there is no resolution.</param>
/// <param name="ResolutionIsNyquist">Whether the FSC never falls below 0.143, so that the resolution is only what the pixel size allows.</param>
/// <param name="Resolution05">Where the FSC falls below 0.5; null where there is no resolution.</param>
/// <param name="Resolution05IsNyquist">Whether the FSC never falls below 0.5.</param>
/// <param name="Masked">Whether a mask was used.</param>
/// <param name="Shells">The curve, shell by shell.</param>
/// <param name="Curves">Where each curve falls.</param>
/// <param name="RandomisedFrom">Resolution beyond which phases were randomised to correct for the mask; null without it.</param>
/// <param name="Warnings">What a person should know, a sentence each.</param>
/// <param name="Files">The files written.</param>
internal sealed record FscReport(
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution0143,
    bool ResolutionIsNyquist,
    [property: JsonPropertyName("resolution_05_A")] double? Resolution05,
    [property: JsonPropertyName("resolution_05_is_nyquist")] bool Resolution05IsNyquist,
    bool Masked,
    ShellReport[] Shells,
    FscCurveReport[] Curves,
    [property: JsonPropertyName("randomised_from_A")] double? RandomisedFrom,
    string[] Warnings,
    string[] Files)
{
    /// <summary>Whether the maps show no resolution at all.</summary>
    public bool NoResolution => Resolution0143 is null;
}
