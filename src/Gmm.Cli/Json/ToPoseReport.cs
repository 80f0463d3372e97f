using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Result of to-pose, one half.</summary>
internal sealed record ToPoseHalf(
    [property: JsonPropertyName("half")] int Half,
    [property: JsonPropertyName("particles")] int Particles,
    [property: JsonPropertyName("gaussians_in_mask")] int GaussiansInMask,
    [property: JsonPropertyName("rotation_rms_deg")] double RotationRms,
    [property: JsonPropertyName("movement_rms_A")] double MovementRms,
    [property: JsonPropertyName("residual_rms_A")] double ResidualRms,
    [property: JsonPropertyName("residual_median_A")] double ResidualMedian,
    [property: JsonPropertyName("rotation_sigma_median_deg")] double? RotationSigma,
    [property: JsonPropertyName("shift_sigma_median_A")] double? ShiftSigma);

/// <summary>Result of to-pose.</summary>
internal sealed record ToPoseReport(
    [property: JsonPropertyName("mode")] string Mode,
    [property: JsonPropertyName("particles")] int Particles,
    [property: JsonPropertyName("halves")] ToPoseHalf[] Halves,
    [property: JsonPropertyName("particles_per_second")] double ParticlesPerSecond,
    [property: JsonPropertyName("resolution_in_mask_A")] double? Resolution,
    [property: JsonPropertyName("refinement")] RefineReport? Refinement,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    [property: JsonPropertyName("files")] string[] Files);
