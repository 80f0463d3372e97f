using System.Text.Json.Serialization;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>Result of heterogeneity.</summary>
internal sealed record HeterogeneityReport(
    int Particles,
    double? ParticlesPerSecond,
    [property: JsonPropertyName("heldout_gain")] double HeldOutGain,
    bool MotionFound,
    HeterogeneityHalf[] Halves,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    string[] Files,
    IReadOnlyList<string> Warnings,
    Gmm.Refinement.Verdict Verdict);
