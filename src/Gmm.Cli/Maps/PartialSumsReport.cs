using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>Result of reconstruct --partial.</summary>
internal sealed record PartialSumsReport(
    int Part,
    int Parts,
    int Particles,
    HalfPair<int> Halves,
    int Box,
    [property: JsonPropertyName("pixel_size_A")] double PixelSize,
    string Symmetry,
    string Weights,
    int Rejected,
    double ParticlesPerSecond,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    string[] Files);
