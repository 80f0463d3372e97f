using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>What the maps and poses of the real images give at one stage.</summary>
/// <param name="HalvesResolution05">Where the FSC of the half maps falls below 0.5.</param>
/// <param name="HalvesResolution05IsNyquist">Whether that never falls below 0.5.</param>
/// <param name="HalvesNyquist">FSC of the half maps at Nyquist.</param>
/// <param name="ModelResolution05">Where the FSC with the published model falls below 0.5.</param>
/// <param name="ModelResolution05IsNyquist">Whether that never falls below 0.5.</param>
/// <param name="ModelFine">Its mean over the finer half of the shells, 14.2 to 7.08 angstrom.</param>
/// <param name="ModelNyquist">FSC with the model at Nyquist.</param>
/// <param name="DistanceMedian">Median angle to the published poses; null for these.</param>
/// <param name="DistanceNinety">Angle that nine in ten poses are within; null for the published poses.</param>
/// <param name="DistanceFar">Share of the poses more than 10 degrees off; null for the published poses.</param>
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
