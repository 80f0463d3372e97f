using System.Text.Json.Serialization;
using Gmm.IO;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>Result of heterogeneity.</summary>
/// <param name="Particles">Number of particles.</param>
/// <param name="ParticlesPerSecond">Particles per second; null where none was worked on.</param>
/// <param name="HeldOutGain">Mean gain in log-likelihood of a held-out particle; null where training diverged.</param>
/// <param name="MotionFound">Whether the held-out particles of both halves show motion.</param>
/// <param name="Halves">For each half.</param>
/// <param name="WallSeconds">Wall time of the call.</param>
/// <param name="Files">The files written.</param>
/// <param name="Warnings">What a person should know, a sentence each.</param>
/// <param name="Verdict">Whether the result is better than what it started from.</param>
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
