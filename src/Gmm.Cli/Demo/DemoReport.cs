using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Result of demo.</summary>
internal sealed record DemoReport(
    bool Simulated,
    int Particles,
    DemoStage Disturbed,
    DemoStage Refined,
    DemoStage TruePoses,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    [property: JsonPropertyName("peak_rss_mb")] double PeakRssMegabyte,
    string[] Files);
