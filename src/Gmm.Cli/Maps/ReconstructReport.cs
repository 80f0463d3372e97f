using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Result of reconstruct.</summary>
internal sealed record ReconstructReport(
    int Particles,
    [property: JsonPropertyName("half1")] int Half1,
    [property: JsonPropertyName("half2")] int Half2,
    int Box,
    [property: JsonPropertyName("pixel_size_A")] double PixelSize,
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution0143,
    bool? ResolutionIsNyquist,
    string Symmetry,
    double Padding,
    string Weights,
    int Rejected,
    string? RejectedBy,
    double?[]? WorstKept,
    bool Wiener,
    double ParticlesPerSecond,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    string[] Files,
    IReadOnlyList<string> Warnings);
