using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Result of build.</summary>
internal sealed record BuildReport(
    int Gaussians,
    double MeanFsc,
    [property: JsonPropertyName("resolution_A")] double Resolution,
    int Iterations,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    string[] Files);
