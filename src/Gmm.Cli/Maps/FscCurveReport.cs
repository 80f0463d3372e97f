using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Where a curve falls: the half maps', the model's, or a region's.</summary>
internal sealed record FscCurveReport(
    string Name,
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution0143,
    bool ResolutionIsNyquist,
    [property: JsonPropertyName("resolution_05_A")] double? Resolution05,
    [property: JsonPropertyName("resolution_05_is_nyquist")] bool Resolution05IsNyquist);
