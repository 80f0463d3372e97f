using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>Result of reconstruct.</summary>
/// <param name="Particles">Number of particles.</param>
/// <param name="Halves">Particles of each half.</param>
/// <param name="Box">Side of the maps, voxels.</param>
/// <param name="PixelSize">Size of a voxel.</param>
/// <param name="Resolution0143">Where the FSC falls below 0.143; null where there is no resolution.</param>
/// <param name="ResolutionIsNyquist">Whether the FSC never falls below 0.143; null without two half maps.</param>
/// <param name="Symmetry">Point group.</param>
/// <param name="Padding">Side of the Fourier grid over the side of the map.</param>
/// <param name="Weights">Where the particles' weights come from; "none" for equal ones.</param>
/// <param name="Rejected">Particles left out.</param>
/// <param name="RejectedBy">The column by which particles were left out; null where none was.</param>
/// <param name="WorstKept">The worst value kept in each half; null where no particle was left out.</param>
/// <param name="Wiener">Whether a Wiener-filtered sum was written.</param>
/// <param name="Ewald">The curvature of the Ewald sphere.</param>
/// <param name="ParticlesPerSecond">Particles per second.</param>
/// <param name="WallSeconds">Wall time of the call.</param>
/// <param name="Files">The files written.</param>
/// <param name="Warnings">What a person should know, a sentence each.</param>
/// <param name="Call">Verb, arguments and the options given: what --options repeats.</param>
internal sealed record ReconstructReport(
    int Particles,
    HalfPair<int> Halves,
    int Box,
    [property: JsonPropertyName("pixel_size_A")] double PixelSize,
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution0143,
    bool? ResolutionIsNyquist,
    string Symmetry,
    double Padding,
    string Weights,
    int Rejected,
    string? RejectedBy,
    HalfPair<double?>? WorstKept,
    bool Wiener,
    EwaldReport Ewald,
    double ParticlesPerSecond,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    string[] Files,
    IReadOnlyList<string> Warnings,
    JsonObject Call);
