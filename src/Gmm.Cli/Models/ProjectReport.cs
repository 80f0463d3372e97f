using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Result of project.</summary>
/// <param name="Particles">Number of particles.</param>
/// <param name="Gaussians">Number of Gaussians.</param>
/// <param name="ParticlesPerSecond">Images per second.</param>
/// <param name="WallSeconds">Wall time of the call.</param>
/// <param name="Files">The files written.</param>
internal sealed record ProjectReport(
    int Particles,
    int Gaussians,
    double ParticlesPerSecond,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    string[] Files);
