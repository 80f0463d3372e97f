using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Poses and maps of the demo at one stage.</summary>
internal sealed record DemoStage(
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution0143,
    bool ResolutionIsNyquist,
    [property: JsonPropertyName("rotation_error_median_deg")] double RotationErrorMedian,
    [property: JsonPropertyName("rotation_error_rms_deg")] double RotationErrorRms,
    [property: JsonPropertyName("shift_error_rms_A")] double ShiftErrorRms);
