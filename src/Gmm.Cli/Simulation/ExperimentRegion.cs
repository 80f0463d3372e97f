using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>One region of one structure of the experiment.</summary>
/// <param name="Displacement">Root mean square displacement of its atoms.</param>
/// <param name="Reached">Resolution that the displacement leaves.</param>
/// <param name="HalfMaps">Where the FSC of the half maps in the region falls below 0.143.</param>
/// <param name="Truth">Where the FSC with the true map falls below 0.5.</param>
/// <param name="LocalMedian">Median local resolution.</param>
/// <param name="MeanQ">Mean Q-score of its atoms.</param>
internal sealed record ExperimentRegion(
    [property: JsonPropertyName("displacement_A")] double Displacement,
    [property: JsonPropertyName("noise_free_resolution_A")] double Reached,
    [property: JsonPropertyName("half_map_resolution_0143_A")] double HalfMaps,
    [property: JsonPropertyName("truth_resolution_05_A")] double Truth,
    [property: JsonPropertyName("local_resolution_median_A")] double LocalMedian,
    double MeanQ);
