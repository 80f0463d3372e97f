using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>One iteration of refine.</summary>
internal sealed record IterationReport(
    int Iteration,
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution0143,
    bool ResolutionIsNyquist,
    [property: JsonPropertyName("rotation_change_median_deg")] double RotationChange,
    [property: JsonPropertyName("shift_change_median_A")] double ShiftChange,
    double ParticlesPerSecond,
    [property: JsonPropertyName("wall_s")] double WallSeconds);
