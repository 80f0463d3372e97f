using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Result of to-pose, one half.</summary>
/// <param name="Half">The half, 1 or 2.</param>
/// <param name="Particles">Number of particles.</param>
/// <param name="GaussiansInMask">Gaussians in the focus mask.</param>
/// <param name="RotationRms">Root mean square rotation of the region.</param>
/// <param name="MovementRms">Root mean square movement of the region.</param>
/// <param name="ResidualRms">Part of it that is not rigid, root mean square.</param>
/// <param name="ResidualMedian">The same, median.</param>
/// <param name="RotationSigma">Median standard deviation of the rotation; null where there is none.</param>
/// <param name="ShiftSigma">That of the shift; null where there is none.</param>
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
