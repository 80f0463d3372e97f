using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Result of composite.</summary>
internal sealed record CompositeReport(
    int Patches,
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution0143,
    bool ResolutionIsNyquist,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    string[] Files);
