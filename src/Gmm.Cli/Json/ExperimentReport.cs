using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>One region of one structure of the experiment.</summary>
internal sealed record ExperimentRegion(
    [property: JsonPropertyName("displacement_A")] double Displacement,
    [property: JsonPropertyName("noise_free_resolution_A")] double Reached,
    [property: JsonPropertyName("half_map_resolution_0143_A")] double HalfMaps,
    [property: JsonPropertyName("truth_resolution_05_A")] double Truth,
    [property: JsonPropertyName("local_resolution_median_A")] double LocalMedian,
    [property: JsonPropertyName("mean_q")] double MeanQ);

/// <summary>One structure of the experiment.</summary>
internal sealed record ExperimentStructure(
    [property: JsonPropertyName("rigid")] ExperimentRegion Rigid,
    [property: JsonPropertyName("flexible")] ExperimentRegion Flexible);

/// <summary>Result of experiment flexible-domains.</summary>
internal sealed record ExperimentReport(
    [property: JsonPropertyName("resolution_0143_A")] Dictionary<string, double> Resolution,
    [property: JsonPropertyName("resolution_05_A")] Dictionary<string, double> Resolution05,
    [property: JsonPropertyName("same_noise_0143_A")] Dictionary<string, double> SameNoise,
    [property: JsonPropertyName("noise_free_0143_A")] Dictionary<string, double> NoiseFree,
    [property: JsonPropertyName("masked_0143_A")] Dictionary<string, double> Masked,
    [property: JsonPropertyName("mean_fsc")] Dictionary<string, double> MeanFsc,
    [property: JsonPropertyName("same_noise_mean_fsc")] Dictionary<string, double> SameNoiseMeanFsc,
    [property: JsonPropertyName("mean_fsc_difference")] double MeanDifference,
    [property: JsonPropertyName("same_noise_mean_fsc_difference")] double SameNoiseMeanDifference,
    [property: JsonPropertyName("worse_half_has_higher_fsc")] bool WorseIsHigher,
    [property: JsonPropertyName("worse_half_has_higher_fsc_at_same_noise")] bool WorseIsHigherAtSameNoise,
    [property: JsonPropertyName("structures")] Dictionary<string, ExperimentStructure> Structures,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    [property: JsonPropertyName("files")] string[] Files);
