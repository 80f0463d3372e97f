using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>One patch or body.</summary>
internal sealed record PatchReport(
    string Name,
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution,
    [property: JsonPropertyName("consensus_resolution_0143_A")] double? ConsensusResolution,
    [property: JsonPropertyName("rotation_median_deg")] double MedianRotation,
    [property: JsonPropertyName("shift_median_A")] double MedianShift,
    [property: JsonPropertyName("rotation_sigma_median_deg")] double MedianRotationSigma,
    [property: JsonPropertyName("shift_sigma_median_A")] double MedianShiftSigma,
    string ParticlesFile);
