using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Result of reconstruct --partial.</summary>
internal sealed record PartialSumsReport(
    int Part,
    int Parts,
    int Particles,
    [property: JsonPropertyName("half1")] int Half1,
    [property: JsonPropertyName("half2")] int Half2,
    int Box,
    [property: JsonPropertyName("pixel_size_A")] double PixelSize,
    string Symmetry,
    string Weights,
    int Rejected,
    double ParticlesPerSecond,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    string[] Files);
