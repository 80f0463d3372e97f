using System.Text.Json.Serialization;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>Result of simulate.</summary>
internal sealed record SimulateReport(
    [property: JsonPropertyName("particles")] int Particles,
    [property: JsonPropertyName("atoms")] int Atoms,
    [property: JsonPropertyName("box")] int Box,
    [property: JsonPropertyName("pixel_size_A")] double PixelSize,
    [property: JsonPropertyName("snr")] double? Snr,
    [property: JsonPropertyName("silhouette_fraction")] double SilhouetteFraction,
    [property: JsonPropertyName("model_radius_A")] double ModelRadius,
    [property: JsonPropertyName("model_centre_A")] double[] ModelCentre,
    [property: JsonPropertyName("seed")] int Seed,
    [property: JsonPropertyName("particles_per_second")] double ParticlesPerSecond,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    [property: JsonPropertyName("files")] string[] Files);

/// <summary>One shell of a Fourier shell correlation.</summary>
internal sealed record ShellReport(
    [property: JsonPropertyName("frequency")] double Frequency,
    [property: JsonPropertyName("fsc")] double? Fsc);

/// <summary>Result of fsc.</summary>
internal sealed record FscReport(
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution0143,
    [property: JsonPropertyName("resolution_is_nyquist")] bool ResolutionIsNyquist,
    [property: JsonPropertyName("resolution_05_A")] double? Resolution05,
    [property: JsonPropertyName("resolution_05_is_nyquist")] bool Resolution05IsNyquist,
    [property: JsonPropertyName("masked")] bool Masked,
    [property: JsonPropertyName("shells")] ShellReport[] Shells,
    [property: JsonPropertyName("curves")] FscCurveReport[] Curves,
    [property: JsonPropertyName("randomised_from_A")] double? RandomisedFrom,
    [property: JsonPropertyName("warnings")] string[] Warnings,
    [property: JsonPropertyName("files")] string[] Files)
{
    /// <summary>Whether the maps show no resolution at all.</summary>
    [JsonPropertyName("no_resolution")]
    public bool NoResolution => Resolution0143 is null;
}

/// <summary>Where a curve falls: the half maps', the model's, or a region's.</summary>
internal sealed record FscCurveReport(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution0143,
    [property: JsonPropertyName("resolution_is_nyquist")] bool ResolutionIsNyquist,
    [property: JsonPropertyName("resolution_05_A")] double? Resolution05,
    [property: JsonPropertyName("resolution_05_is_nyquist")] bool Resolution05IsNyquist);

/// <summary>Result of reconstruct.</summary>
internal sealed record ReconstructReport(
    [property: JsonPropertyName("particles")] int Particles,
    [property: JsonPropertyName("half1")] int Half1,
    [property: JsonPropertyName("half2")] int Half2,
    [property: JsonPropertyName("box")] int Box,
    [property: JsonPropertyName("pixel_size_A")] double PixelSize,
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution0143,
    [property: JsonPropertyName("resolution_is_nyquist")] bool? ResolutionIsNyquist,
    [property: JsonPropertyName("symmetry")] string Symmetry,
    [property: JsonPropertyName("padding")] double Padding,
    [property: JsonPropertyName("weights")] string Weights,
    [property: JsonPropertyName("rejected")] int Rejected,
    [property: JsonPropertyName("rejected_by")] string? RejectedBy,
    [property: JsonPropertyName("worst_kept")] double?[]? WorstKept,
    [property: JsonPropertyName("wiener")] bool Wiener,
    [property: JsonPropertyName("particles_per_second")] double ParticlesPerSecond,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    [property: JsonPropertyName("files")] string[] Files,
    [property: JsonPropertyName("warnings")] IReadOnlyList<string> Warnings);

/// <summary>Result of reconstruct --partial.</summary>
internal sealed record PartialSumsReport(
    [property: JsonPropertyName("part")] int Part,
    [property: JsonPropertyName("parts")] int Parts,
    [property: JsonPropertyName("particles")] int Particles,
    [property: JsonPropertyName("half1")] int Half1,
    [property: JsonPropertyName("half2")] int Half2,
    [property: JsonPropertyName("box")] int Box,
    [property: JsonPropertyName("pixel_size_A")] double PixelSize,
    [property: JsonPropertyName("symmetry")] string Symmetry,
    [property: JsonPropertyName("weights")] string Weights,
    [property: JsonPropertyName("rejected")] int Rejected,
    [property: JsonPropertyName("particles_per_second")] double ParticlesPerSecond,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    [property: JsonPropertyName("files")] string[] Files);

/// <summary>Result of build.</summary>
internal sealed record BuildReport(
    [property: JsonPropertyName("gaussians")] int Gaussians,
    [property: JsonPropertyName("mean_fsc")] double MeanFsc,
    [property: JsonPropertyName("resolution_A")] double Resolution,
    [property: JsonPropertyName("iterations")] int Iterations,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    [property: JsonPropertyName("files")] string[] Files);

/// <summary>Result of project.</summary>
internal sealed record ProjectReport(
    [property: JsonPropertyName("particles")] int Particles,
    [property: JsonPropertyName("gaussians")] int Gaussians,
    [property: JsonPropertyName("particles_per_second")] double ParticlesPerSecond,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    [property: JsonPropertyName("files")] string[] Files);

/// <summary>One iteration of refine.</summary>
internal sealed record IterationReport(
    [property: JsonPropertyName("iteration")] int Iteration,
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution0143,
    [property: JsonPropertyName("resolution_is_nyquist")] bool ResolutionIsNyquist,
    [property: JsonPropertyName("rotation_change_median_deg")] double RotationChange,
    [property: JsonPropertyName("shift_change_median_A")] double ShiftChange,
    [property: JsonPropertyName("particles_per_second")] double ParticlesPerSecond,
    [property: JsonPropertyName("wall_s")] double WallSeconds);

/// <summary>Result of refine.</summary>
internal sealed record RefineReport(
    [property: JsonPropertyName("iterations")] IterationReport[] Iterations,
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution0143,
    [property: JsonPropertyName("resolution_is_nyquist")] bool ResolutionIsNyquist,
    [property: JsonPropertyName("particles")] int Particles,
    [property: JsonPropertyName("not_refined")] int NotRefined,
    [property: JsonPropertyName("stop_reason")] string StopReason,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    [property: JsonPropertyName("peak_rss_mb")] double PeakRssMegabyte,
    [property: JsonPropertyName("files")] string[] Files,
    [property: JsonPropertyName("focus"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Gmm.Refinement.FocusRecord? Focus = null,
    [property: JsonPropertyName("warnings")] IReadOnlyList<string>? Warnings = null,
    [property: JsonPropertyName("verdict")] Gmm.Refinement.Verdict? Verdict = null)
{
    /// <summary>Whether the half maps show no resolution at all.</summary>
    [JsonPropertyName("no_resolution")]
    public bool NoResolution => Resolution0143 is null;
}

/// <summary>Poses and maps of the demo at one stage.</summary>
internal sealed record DemoStage(
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution0143,
    [property: JsonPropertyName("resolution_is_nyquist")] bool ResolutionIsNyquist,
    [property: JsonPropertyName("rotation_error_median_deg")] double RotationErrorMedian,
    [property: JsonPropertyName("rotation_error_rms_deg")] double RotationErrorRms,
    [property: JsonPropertyName("shift_error_rms_A")] double ShiftErrorRms);

/// <summary>Result of demo.</summary>
internal sealed record DemoReport(
    [property: JsonPropertyName("simulated")] bool Simulated,
    [property: JsonPropertyName("particles")] int Particles,
    [property: JsonPropertyName("disturbed")] DemoStage Disturbed,
    [property: JsonPropertyName("refined")] DemoStage Refined,
    [property: JsonPropertyName("true_poses")] DemoStage TruePoses,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    [property: JsonPropertyName("peak_rss_mb")] double PeakRssMegabyte,
    [property: JsonPropertyName("files")] string[] Files);
