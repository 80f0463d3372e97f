using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Result of localres.</summary>
internal sealed record LocalresReport(
    [property: JsonPropertyName("median_A")] double? Median,
    [property: JsonPropertyName("quantile_levels")] double[] Levels,
    [property: JsonPropertyName("quantiles_A")] double?[] Quantiles,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    [property: JsonPropertyName("peak_rss_mb")] double PeakRssMegabyte,
    string[] Files,
    string Method,
    bool NoSignal,
    string[] Warnings);
