using System.Text.Json.Serialization;
using Gmm.Simulation;

namespace Gmm.Cli;

/// <summary>Result of mask.</summary>
internal sealed record MaskReport(
    [property: JsonPropertyName("box")] int Box,
    [property: JsonPropertyName("pixel_size_A")] double PixelSize,
    [property: JsonPropertyName("fraction")] double Fraction,
    [property: JsonPropertyName("volume_A3")] double Volume,
    [property: JsonPropertyName("files")] string[] Files);

/// <summary>Result of postprocess.</summary>
internal sealed record PostprocessReport(
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution0143,
    [property: JsonPropertyName("resolution_is_nyquist")] bool ResolutionIsNyquist,
    [property: JsonPropertyName("resolution_05_A")] double? Resolution05,
    [property: JsonPropertyName("resolution_unmasked_A")] double? ResolutionUnmasked,
    [property: JsonPropertyName("b_factor_A2")] double? BFactor,
    [property: JsonPropertyName("model_amplitudes")] bool ModelAmplitudes,
    [property: JsonPropertyName("randomised_from_A")] double RandomisedFrom,
    [property: JsonPropertyName("warnings")] string[] Warnings,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    [property: JsonPropertyName("files")] string[] Files)
{
    /// <summary>Whether the half maps show no resolution at all.</summary>
    [JsonPropertyName("no_resolution")]
    public bool NoResolution => Resolution0143 is null;
}

/// <summary>Result of localres.</summary>
internal sealed record LocalresReport(
    [property: JsonPropertyName("median_A")] double? Median,
    [property: JsonPropertyName("quantile_levels")] double[] Levels,
    [property: JsonPropertyName("quantiles_A")] double?[] Quantiles,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    [property: JsonPropertyName("peak_rss_mb")] double PeakRssMegabyte,
    [property: JsonPropertyName("files")] string[] Files,
    [property: JsonPropertyName("method")] string Method,
    [property: JsonPropertyName("no_signal")] bool NoSignal,
    [property: JsonPropertyName("warnings")] string[] Warnings);
