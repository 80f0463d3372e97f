using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Result of simulate.</summary>
internal sealed record SimulateReport(
    int Particles,
    int Atoms,
    int Box,
    [property: JsonPropertyName("pixel_size_A")] double PixelSize,
    double? Snr,
    double SilhouetteFraction,
    [property: JsonPropertyName("model_radius_A")] double ModelRadius,
    [property: JsonPropertyName("model_centre_A")] double[] ModelCentre,
    int Seed,
    double ParticlesPerSecond,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    string[] Files);
