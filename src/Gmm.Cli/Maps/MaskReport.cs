using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Result of mask.</summary>
/// <param name="Box">Side of the maps, voxels.</param>
/// <param name="PixelSize">Size of a voxel.</param>
/// <param name="Fraction">Sum of the mask over the number of voxels.</param>
/// <param name="Volume">Volume of the mask.</param>
/// <param name="Files">The files written.</param>
internal sealed record MaskReport(
    int Box,
    [property: JsonPropertyName("pixel_size_A")] double PixelSize,
    double Fraction,
    [property: JsonPropertyName("volume_A3")] double Volume,
    string[] Files);
