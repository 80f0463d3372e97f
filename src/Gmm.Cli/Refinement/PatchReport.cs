using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>One patch or body.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Resolution">Where the FSC falls below 0.143; null where there is no resolution.</param>
/// <param name="ConsensusResolution">The same of the consensus.</param>
/// <param name="MedianRotation">Median angle of the motion from the consensus; null where none was refined.</param>
/// <param name="MedianShift">Median shift of the same; null where none was refined.</param>
/// <param name="MedianRotationSigma">Median posterior standard deviation of the rotation; null where there is none.</param>
/// <param name="MedianShiftSigma">That of the shift; null where there is none.</param>
/// <param name="HeldOutGain">Mean held-out gain in log-likelihood of a particle of this part alone; null where it was not judged.</param>
/// <param name="HeldOutError">Its standard error; null where it was not judged.</param>
/// <param name="ParticlesFile">The particles with its poses.</param>
internal sealed record PatchReport(
    string Name,
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution,
    [property: JsonPropertyName("consensus_resolution_0143_A")] double? ConsensusResolution,
    [property: JsonPropertyName("rotation_median_deg")] double MedianRotation,
    [property: JsonPropertyName("shift_median_A")] double MedianShift,
    [property: JsonPropertyName("rotation_sigma_median_deg")] double MedianRotationSigma,
    [property: JsonPropertyName("shift_sigma_median_A")] double MedianShiftSigma,
    [property: JsonPropertyName("heldout_gain")] double? HeldOutGain,
    [property: JsonPropertyName("heldout_gain_error")] double? HeldOutError,
    string ParticlesFile);
