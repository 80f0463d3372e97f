using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Result of mask.</summary>
internal sealed record MaskReport(
    int Box,
    [property: JsonPropertyName("pixel_size_A")] double PixelSize,
    double Fraction,
    [property: JsonPropertyName("volume_A3")] double Volume,
    string[] Files);
