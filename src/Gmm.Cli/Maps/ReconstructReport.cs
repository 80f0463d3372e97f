using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>Result of reconstruct.</summary>
internal sealed record ReconstructReport(
    int Particles,
    HalfPair<int> Halves,
    int Box,
    [property: JsonPropertyName("pixel_size_A")] double PixelSize,
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution0143,
    bool? ResolutionIsNyquist,
    string Symmetry,
    double Padding,
    string Weights,
    int Rejected,
    string? RejectedBy,
    HalfPair<double?>? WorstKept,
    bool Wiener,
    double ParticlesPerSecond,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    string[] Files,
    IReadOnlyList<string> Warnings);
