using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Poses and maps of the demo at one stage.</summary>
/// <param name="Resolution0143">Where the FSC falls below 0.143; null where there is no resolution.</param>
/// <param name="ResolutionIsNyquist">Whether the FSC never falls below 0.143, so that the resolution is only what the pixel size allows.</param>
/// <param name="RotationErrorMedian">Median angle to the true poses.</param>
/// <param name="RotationErrorRms">Root mean square of the same.</param>
/// <param name="ShiftErrorRms">Root mean square distance from the true shifts.</param>
internal sealed record DemoStage(
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution0143,
    bool ResolutionIsNyquist,
    [property: JsonPropertyName("rotation_error_median_deg")] double RotationErrorMedian,
    [property: JsonPropertyName("rotation_error_rms_deg")] double RotationErrorRms,
    [property: JsonPropertyName("shift_error_rms_A")] double ShiftErrorRms);
