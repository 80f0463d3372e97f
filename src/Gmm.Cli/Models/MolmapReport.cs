using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Result of molmap.</summary>
internal sealed record MolmapReport(
    int Atoms,
    [property: JsonPropertyName("resolution_A")] double Resolution,
    int[] Box,
    [property: JsonPropertyName("pixel_size_A")] double PixelSize,
    [property: JsonPropertyName("origin_A")] double[] Origin,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    string[] Files);
