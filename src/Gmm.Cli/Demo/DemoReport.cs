using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Result of demo.</summary>
/// <param name="Simulated">Whether the images are simulated.</param>
/// <param name="Particles">Number of particles.</param>
/// <param name="Disturbed">At the disturbed poses.</param>
/// <param name="Refined">At the refined poses.</param>
/// <param name="TruePoses">At the true poses.</param>
/// <param name="WallSeconds">Wall time of the call.</param>
/// <param name="PeakRssMegabyte">Peak resident memory of the process.</param>
/// <param name="Files">The files written.</param>
internal sealed record DemoReport(
    bool Simulated,
    int Particles,
    DemoStage Disturbed,
    DemoStage Refined,
    DemoStage TruePoses,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    [property: JsonPropertyName("peak_rss_mb")] double PeakRssMegabyte,
    string[] Files);
