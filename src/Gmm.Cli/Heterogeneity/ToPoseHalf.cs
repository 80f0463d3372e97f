using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Result of to-pose, one half.</summary>
internal sealed record ToPoseHalf(
    int Half,
    int Particles,
    int GaussiansInMask,
    [property: JsonPropertyName("rotation_rms_deg")] double RotationRms,
    [property: JsonPropertyName("movement_rms_A")] double MovementRms,
    [property: JsonPropertyName("residual_rms_A")] double ResidualRms,
    [property: JsonPropertyName("residual_median_A")] double ResidualMedian,
    [property: JsonPropertyName("rotation_sigma_median_deg")] double? RotationSigma,
    [property: JsonPropertyName("shift_sigma_median_A")] double? ShiftSigma);
