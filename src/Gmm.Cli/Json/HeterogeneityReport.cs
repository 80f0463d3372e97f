using System.Text.Json.Serialization;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>Result of heterogeneity, one half.</summary>
internal sealed record HeterogeneityHalf(
    [property: JsonPropertyName("half")] int Half,
    [property: JsonPropertyName("particles")] int Particles,
    [property: JsonPropertyName("heldout_gain")] double HeldOutGain,
    [property: JsonPropertyName("heldout_gain_error")] double HeldOutError,
    [property: JsonPropertyName("linear_gain")] double LinearGain,
    [property: JsonPropertyName("motion_A")] double[] Motion,
    [property: JsonPropertyName("latent_sd")] double[] LatentSd,
    [property: JsonPropertyName("latent_sigma")] double[] LatentSigma,
    [property: JsonPropertyName("best_epoch")] int BestEpoch,
    [property: JsonPropertyName("stopped")] string Stopped);

/// <summary>Result of heterogeneity.</summary>
internal sealed record HeterogeneityReport(
    [property: JsonPropertyName("particles")] int Particles,
    [property: JsonPropertyName("particles_per_second")] double? ParticlesPerSecond,
    [property: JsonPropertyName("heldout_gain")] double HeldOutGain,
    [property: JsonPropertyName("motion_found")] bool MotionFound,
    [property: JsonPropertyName("halves")] HeterogeneityHalf[] Halves,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    [property: JsonPropertyName("files")] string[] Files,
    [property: JsonPropertyName("warnings")] IReadOnlyList<string> Warnings,
    [property: JsonPropertyName("verdict")] Gmm.Refinement.Verdict Verdict);
