using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Result of composite.</summary>
/// <param name="Patches">Number of parts.</param>
/// <param name="Resolution0143">Where the FSC falls below 0.143; null where there is no resolution.</param>
/// <param name="ResolutionIsNyquist">Whether the FSC never falls below 0.143, so that the resolution is only what the pixel size allows.</param>
/// <param name="WallSeconds">Wall time of the call.</param>
/// <param name="Files">The files written.</param>
internal sealed record CompositeReport(
    int Patches,
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution0143,
    bool ResolutionIsNyquist,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    string[] Files);
