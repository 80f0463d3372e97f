using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>One iteration of refine.</summary>
/// <param name="Iteration">The iteration, 0 for the maps at the starting poses.</param>
/// <param name="Resolution0143">Where the FSC falls below 0.143; null where there is no resolution.</param>
/// <param name="ResolutionIsNyquist">Whether the FSC never falls below 0.143, so that the resolution is only what the pixel size allows.</param>
/// <param name="RotationChange">Median angle between a particle's pose before and after.</param>
/// <param name="ShiftChange">Median length of the shift's change.</param>
/// <param name="ParticlesPerSecond">Particles refined per second.</param>
/// <param name="WallSeconds">Wall time of the iteration.</param>
internal sealed record IterationReport(
    int Iteration,
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution0143,
    bool ResolutionIsNyquist,
    [property: JsonPropertyName("rotation_change_median_deg")] double RotationChange,
    [property: JsonPropertyName("shift_change_median_A")] double ShiftChange,
    double ParticlesPerSecond,
    [property: JsonPropertyName("wall_s")] double WallSeconds);
