using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>Result of landscape.</summary>
internal sealed record LandscapeReport(
    int Particles,
    bool MotionFound,
    HalfPair<LandscapeHalf> Halves,
    LandscapePoint[] Points,
    string? AgreementMask,
    MorphReport? Morph,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    string[] Files);
