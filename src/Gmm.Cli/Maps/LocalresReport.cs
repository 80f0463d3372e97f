using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Result of localres.</summary>
/// <param name="Median">Median of the local resolution; null where there is no signal.</param>
/// <param name="Levels">The shares of the mask at which quantiles are given, 0 to 1.</param>
/// <param name="Quantiles">Local resolution at these shares; null where there is none.</param>
/// <param name="WallSeconds">Wall time of the call.</param>
/// <param name="PeakRssMegabyte">Peak resident memory of the process.</param>
/// <param name="Files">The files written.</param>
/// <param name="Method">How it was measured.</param>
/// <param name="NoSignal">Whether the half maps have nothing in common.</param>
/// <param name="Warnings">What a person should know, a sentence each.</param>
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
