using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>One half in the result of landscape.</summary>
internal sealed record LandscapeHalf(
    [property: JsonPropertyName("half")] int Half,
    [property: JsonPropertyName("particles")] int Particles,
    [property: JsonPropertyName("component_rms_A")] double[] ComponentRms,
    [property: JsonPropertyName("component_share")] double[] ComponentShare,
    [property: JsonPropertyName("match_to_half1")] double[]? Match,
    [property: JsonPropertyName("cluster_sizes")] int[]? ClusterSizes);

/// <summary>One point of the trajectory.</summary>
internal sealed record LandscapePoint(
    [property: JsonPropertyName("point")] int Point,
    [property: JsonPropertyName("scores_half1_A")] double[] Scores1,
    [property: JsonPropertyName("scores_half2_A")] double[] Scores2,
    [property: JsonPropertyName("particles")] int Particles,
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution,
    [property: JsonPropertyName("agreement")] LandscapeAgreement? Agreement = null);

/// <summary>How well two half maps agree inside the mask.</summary>
internal sealed record MapAgreement(
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution,
    [property: JsonPropertyName("mean_fsc")] double MeanFsc);

/// <summary>How well the halves' maps agree at a point, and, as a yardstick, half 1's with half 2's of another point, which shows another conformation.</summary>
internal sealed record LandscapeAgreement(
    [property: JsonPropertyName("halves")] MapAgreement Halves,
    [property: JsonPropertyName("other_point")] int OtherPoint,
    [property: JsonPropertyName("with_other_point")] MapAgreement WithOther);

/// <summary>How far a residue goes.</summary>
internal sealed record ResidueReport(
    [property: JsonPropertyName("residue")] string Residue,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("path_A")] double Path,
    [property: JsonPropertyName("end_to_end_A")] double EndToEnd,
    [property: JsonPropertyName("most_A")] double Most);

/// <summary>The atomic model in the result of landscape.</summary>
internal sealed record MorphReport(
    [property: JsonPropertyName("atoms")] int Atoms,
    [property: JsonPropertyName("atoms_far_from_gaussians")] int Far,
    [property: JsonPropertyName("reach_A")] double Reach,
    [property: JsonPropertyName("first_to_last_rms_A")] double FirstToLast,
    [property: JsonPropertyName("halves_differ_rms_A")] double HalvesDiffer,
    [property: JsonPropertyName("longest")] ResidueReport Longest,
    [property: JsonPropertyName("residue")] ResidueReport? Residue);

/// <summary>Result of landscape.</summary>
internal sealed record LandscapeReport(
    [property: JsonPropertyName("particles")] int Particles,
    [property: JsonPropertyName("motion_found")] bool MotionFound,
    [property: JsonPropertyName("halves")] LandscapeHalf[] Halves,
    [property: JsonPropertyName("points")] LandscapePoint[] Points,
    [property: JsonPropertyName("agreement_mask")] string? AgreementMask,
    [property: JsonPropertyName("morph")] MorphReport? Morph,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    [property: JsonPropertyName("files")] string[] Files);
