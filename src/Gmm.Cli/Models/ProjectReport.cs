using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Result of project.</summary>
internal sealed record ProjectReport(
    int Particles,
    int Gaussians,
    double ParticlesPerSecond,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    string[] Files);
