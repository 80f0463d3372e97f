using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>Result of reconstruct --partial.</summary>
/// <param name="Part">Which part, from 1.</param>
/// <param name="Parts">Number of parts.</param>
/// <param name="Particles">Number of particles.</param>
/// <param name="Halves">Particles of each half in this part.</param>
/// <param name="Box">Side of the maps, voxels.</param>
/// <param name="PixelSize">Size of a voxel.</param>
/// <param name="Symmetry">Point group.</param>
/// <param name="Weights">Where the particles' weights come from; "none" for equal ones.</param>
/// <param name="Rejected">Particles left out.</param>
/// <param name="ParticlesPerSecond">Particles per second.</param>
/// <param name="WallSeconds">Wall time of the call.</param>
/// <param name="Files">The files written.</param>
/// <param name="Call">Verb, arguments and the options given: what --options repeats.</param>
internal sealed record PartialSumsReport(
    int Part,
    int Parts,
    int Particles,
    HalfPair<int> Halves,
    int Box,
    [property: JsonPropertyName("pixel_size_A")] double PixelSize,
    string Symmetry,
    string Weights,
    int Rejected,
    double ParticlesPerSecond,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    string[] Files,
    JsonObject Call);
