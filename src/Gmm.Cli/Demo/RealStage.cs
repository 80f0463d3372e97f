using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>What the maps and poses of the real images give at one stage.</summary>
internal sealed record RealStage(
    [property: JsonPropertyName("halves_resolution_05_A")] double HalvesResolution05,
    [property: JsonPropertyName("halves_resolution_05_is_nyquist")] bool HalvesResolution05IsNyquist,
    [property: JsonPropertyName("halves_fsc_nyquist")] double HalvesNyquist,
    [property: JsonPropertyName("model_resolution_05_A")] double ModelResolution05,
    [property: JsonPropertyName("model_resolution_05_is_nyquist")] bool ModelResolution05IsNyquist,
    [property: JsonPropertyName("model_fsc_mean_fine")] double ModelFine,
    [property: JsonPropertyName("model_fsc_nyquist")] double ModelNyquist,
    [property: JsonPropertyName("pose_distance_median_deg")] double? DistanceMedian,
    [property: JsonPropertyName("pose_distance_90_percent_deg")] double? DistanceNinety,
    [property: JsonPropertyName("pose_distance_over_10_deg_share")] double? DistanceFar)
{
    /// <summary>A pose farther off than this is counted as lost, degrees.</summary>
    public const double FarDegrees = 10;
}
