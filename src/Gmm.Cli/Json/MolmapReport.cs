using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Result of molmap.</summary>
internal sealed record MolmapReport(
    [property: JsonPropertyName("atoms")] int Atoms,
    [property: JsonPropertyName("resolution_A")] double Resolution,
    [property: JsonPropertyName("box")] int[] Box,
    [property: JsonPropertyName("pixel_size_A")] double PixelSize,
    [property: JsonPropertyName("origin_A")] double[] Origin,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    [property: JsonPropertyName("files")] string[] Files);
