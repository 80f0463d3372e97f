using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>One region of one structure of the experiment.</summary>
internal sealed record ExperimentRegion(
    [property: JsonPropertyName("displacement_A")] double Displacement,
    [property: JsonPropertyName("noise_free_resolution_A")] double Reached,
    [property: JsonPropertyName("half_map_resolution_0143_A")] double HalfMaps,
    [property: JsonPropertyName("truth_resolution_05_A")] double Truth,
    [property: JsonPropertyName("local_resolution_median_A")] double LocalMedian,
    double MeanQ);
