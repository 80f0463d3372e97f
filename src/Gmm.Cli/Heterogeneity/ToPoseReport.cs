using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>Result of to-pose.</summary>
internal sealed record ToPoseReport(
    string Mode,
    int Particles,
    HalfPair<ToPoseHalf> Halves,
    double ParticlesPerSecond,
    [property: JsonPropertyName("resolution_in_mask_A")] double? Resolution,
    RefineReport? Refinement,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    string[] Files);
