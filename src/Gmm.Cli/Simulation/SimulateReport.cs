using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Result of simulate.</summary>
/// <param name="Particles">Number of particles.</param>
/// <param name="Atoms">Number of atoms.</param>
/// <param name="Box">Side of the maps, voxels.</param>
/// <param name="PixelSize">Size of a voxel.</param>
/// <param name="Snr">Signal to noise within the silhouette; null for images without noise.</param>
/// <param name="SilhouetteFraction">Share of the image that the molecule covers.</param>
/// <param name="ModelRadius">Largest distance of an atom from the centre.</param>
/// <param name="ModelCentre">The centre, in the frame of the model file: x, y, z.</param>
/// <param name="Seed">The seed.</param>
/// <param name="ParticlesPerSecond">Images per second.</param>
/// <param name="WallSeconds">Wall time of the call.</param>
/// <param name="Files">The files written.</param>
internal sealed record SimulateReport(
    int Particles,
    int Atoms,
    int Box,
    [property: JsonPropertyName("pixel_size_A")] double PixelSize,
    double? Snr,
    double SilhouetteFraction,
    [property: JsonPropertyName("model_radius_A")] double ModelRadius,
    [property: JsonPropertyName("model_centre_A")] double[] ModelCentre,
    int Seed,
    double ParticlesPerSecond,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    string[] Files);
