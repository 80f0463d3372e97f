using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Where a curve falls: the half maps', the model's, or a region's.</summary>
/// <param name="Name">The curve.</param>
/// <param name="Resolution0143">Where the FSC falls below 0.143; null where there is no resolution.</param>
/// <param name="ResolutionIsNyquist">Whether the FSC never falls below 0.143, so that the resolution is only what the pixel size allows.</param>
/// <param name="Resolution05">Where the FSC falls below 0.5; null where there is no resolution.</param>
/// <param name="Resolution05IsNyquist">Whether the FSC never falls below 0.5.</param>
internal sealed record FscCurveReport(
    string Name,
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution0143,
    bool ResolutionIsNyquist,
    [property: JsonPropertyName("resolution_05_A")] double? Resolution05,
    [property: JsonPropertyName("resolution_05_is_nyquist")] bool Resolution05IsNyquist);
