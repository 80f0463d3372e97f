using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Result of experiment flexible-domains.</summary>
/// <param name="Resolution">By structure, where the FSC of the half maps falls below 0.143.</param>
/// <param name="Resolution05">By structure, where it falls below 0.5.</param>
/// <param name="SameNoise">By structure, 0.143 with the same noise in both structures.</param>
/// <param name="NoiseFree">By structure, 0.143 without noise.</param>
/// <param name="Masked">By structure, 0.143 in the mask of the rigid part.</param>
/// <param name="MeanFsc">By structure, mean FSC of the half maps to Nyquist.</param>
/// <param name="SameNoiseMeanFsc">By structure, the same with the same noise.</param>
/// <param name="MeanDifference">Mean FSC of the structure whose flexible part is worse less that of the better.</param>
/// <param name="SameNoiseMeanDifference">The same with the same noise.</param>
/// <param name="WorseIsHigher">Whether the structure with the worse part resolves more.</param>
/// <param name="WorseIsHigherAtSameNoise">The same with the same noise.</param>
/// <param name="Structures">By structure, its two parts.</param>
/// <param name="WallSeconds">Wall time of the call.</param>
/// <param name="Files">The files written.</param>
internal sealed record ExperimentReport(
    [property: JsonPropertyName("resolution_0143_A")] Dictionary<string, double> Resolution,
    [property: JsonPropertyName("resolution_05_A")] Dictionary<string, double> Resolution05,
    [property: JsonPropertyName("same_noise_0143_A")] Dictionary<string, double> SameNoise,
    [property: JsonPropertyName("noise_free_0143_A")] Dictionary<string, double> NoiseFree,
    [property: JsonPropertyName("masked_0143_A")] Dictionary<string, double> Masked,
    Dictionary<string, double> MeanFsc,
    Dictionary<string, double> SameNoiseMeanFsc,
    [property: JsonPropertyName("mean_fsc_difference")] double MeanDifference,
    [property: JsonPropertyName("same_noise_mean_fsc_difference")] double SameNoiseMeanDifference,
    [property: JsonPropertyName("worse_half_has_higher_fsc")] bool WorseIsHigher,
    [property: JsonPropertyName("worse_half_has_higher_fsc_at_same_noise")] bool WorseIsHigherAtSameNoise,
    Dictionary<string, ExperimentStructure> Structures,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    string[] Files);
