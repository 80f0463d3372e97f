using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Result of experiment flexible-domains.</summary>
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
