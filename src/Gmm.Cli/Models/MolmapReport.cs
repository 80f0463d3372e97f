using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Result of molmap.</summary>
/// <param name="Atoms">Number of atoms.</param>
/// <param name="Resolution">Resolution of the map.</param>
/// <param name="Box">Voxels along x, y and z.</param>
/// <param name="PixelSize">Size of a voxel.</param>
/// <param name="Origin">Where the first voxel lies: x, y, z.</param>
/// <param name="WallSeconds">Wall time of the call.</param>
/// <param name="Files">The files written.</param>
internal sealed record MolmapReport(
    int Atoms,
    [property: JsonPropertyName("resolution_A")] double Resolution,
    int[] Box,
    [property: JsonPropertyName("pixel_size_A")] double PixelSize,
    [property: JsonPropertyName("origin_A")] double[] Origin,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    string[] Files);
