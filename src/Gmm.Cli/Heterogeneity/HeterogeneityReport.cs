using System.Text.Json.Serialization;
using Gmm.IO;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>Result of heterogeneity.</summary>
internal sealed record HeterogeneityReport(
    int Particles,
    double? ParticlesPerSecond,
    [property: JsonPropertyName("heldout_gain"), JsonConverter(typeof(UnmeasuredNumber))] double HeldOutGain,
    bool MotionFound,
    HalfPair<HeterogeneityHalf> Halves,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    string[] Files,
    IReadOnlyList<string> Warnings,
    Gmm.Refinement.Verdict Verdict);
