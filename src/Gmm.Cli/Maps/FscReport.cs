using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Result of fsc.</summary>
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
