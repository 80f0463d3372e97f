using System.Text.Json.Serialization;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>One patch or body.</summary>
internal sealed record PatchReport(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution,
    [property: JsonPropertyName("consensus_resolution_0143_A")] double? ConsensusResolution,
    [property: JsonPropertyName("rotation_median_deg")] double MedianRotation,
    [property: JsonPropertyName("shift_median_A")] double MedianShift,
    [property: JsonPropertyName("rotation_sigma_median_deg")] double MedianRotationSigma,
    [property: JsonPropertyName("shift_sigma_median_A")] double MedianShiftSigma,
    [property: JsonPropertyName("particles_file")] string ParticlesFile);

/// <summary>Result of patches and bodies.</summary>
internal sealed record PatchesReport(
    [property: JsonPropertyName("patches")] PatchReport[] Patches,
    [property: JsonPropertyName("composite_resolution_0143_A")] double? CompositeResolution,
    [property: JsonPropertyName("consensus_resolution_0143_A")] double? ConsensusResolution,
    [property: JsonPropertyName("particles")] int Particles,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    [property: JsonPropertyName("peak_rss_mb")] double PeakRssMegabyte,
    [property: JsonPropertyName("verdict")] Gmm.Refinement.Verdict? Verdict,
    [property: JsonPropertyName("files")] string[] Files,
    [property: JsonPropertyName("warnings")] IReadOnlyList<string> Warnings);

/// <summary>Result of composite.</summary>
internal sealed record CompositeReport(
    [property: JsonPropertyName("patches")] int Patches,
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution0143,
    [property: JsonPropertyName("resolution_is_nyquist")] bool ResolutionIsNyquist,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    [property: JsonPropertyName("files")] string[] Files);
