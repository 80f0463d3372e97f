using System.Text.Json.Serialization;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>
/// The record of a refinement of patches or bodies (provenance.json): what was done with what, and which files make the composite. Paths of
/// outputs are from the folder of the record, so that the folder can be moved; those of inputs are as they were given.
/// </summary>
public sealed record PatchProvenance : JobRecord, IRecord
{
    /// <summary>How the composite is made.</summary>
    public string Rule { get; init; } = "V = (sum m_i V_i + max(0, 1 - sum m_i) V_0) / (sum m_i + max(0, 1 - sum m_i)), half by half, on unfiltered maps";

    /// <summary>Side of the maps, voxels.</summary>
    public required int Box { get; init; }

    /// <summary>Angstrom per voxel.</summary>
    [JsonPropertyName("pixel_size_A")]
    public required double PixelSize { get; init; }

    /// <summary>The solvent mask of the whole.</summary>
    public required string Mask { get; init; }

    /// <summary>Half map 1 at the consensus poses: what fills the rest.</summary>
    public required string ConsensusHalf1 { get; init; }

    /// <summary>Half map 2 at the consensus poses.</summary>
    public required string ConsensusHalf2 { get; init; }

    /// <summary>Where the corrected FSC of the consensus in the solvent mask falls below 0.143, angstrom; null where there is no resolution.</summary>
    [JsonPropertyName("consensus_resolution_0143_A")]
    public required double? ConsensusResolution { get; init; }

    /// <summary>Composite half map 1.</summary>
    public required string CompositeHalf1 { get; init; }

    /// <summary>Composite half map 2.</summary>
    public required string CompositeHalf2 { get; init; }

    /// <summary>Their mean, sharpened and filtered.</summary>
    public required string Composite { get; init; }

    /// <summary>FSC curves of the composite half maps in the solvent mask.</summary>
    public required string CompositeFsc { get; init; }

    /// <summary>Where the corrected FSC of the composite in the solvent mask falls below 0.143, angstrom; null where there is no resolution.</summary>
    [JsonPropertyName("composite_resolution_0143_A")]
    public required double? CompositeResolution { get; init; }

    /// <summary>B factor that sharpened the composite, square angstrom; null where it could not be fitted and the map is not sharpened.</summary>
    public double? CompositeBFactor { get; init; }

    /// <summary>The patches.</summary>
    public required IReadOnlyList<PatchRecord> Patches { get; init; }

    /// <summary>Root mean square angle between the poses of every two patches over the particles, degrees.</summary>
    [JsonPropertyName("rotation_between_patches_deg")]
    public required IReadOnlyList<double[]> RotationBetween { get; init; }

    /// <summary>What is doubtful, a line each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Those of them that are about the images, which are said at the start.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> ImageWarnings { get; init; } = [];

    /// <summary>Reads a record.</summary>
    /// <param name="path">provenance.json.</param>
    /// <returns>The record.</returns>
    /// <exception cref="InvalidInputException">The file cannot be read or is no such record.</exception>
    public static PatchProvenance Read(string path) => RecordFile.Read(path, PatchJson.Default.PatchProvenance, "a record of patches");

    void IRecord.Validate(RecordCheck check)
    {
        ValidateJob(check);
        check["box"].Positive(Box);
        check["pixel_size_A"].Positive(PixelSize);
        check["consensus_resolution_0143_A"].PositiveOrNull(ConsensusResolution);
        check["composite_resolution_0143_A"].PositiveOrNull(CompositeResolution);
        check["composite_b_factor"].Finite(CompositeBFactor ?? 0);
        foreach (var (name, field) in new[] { (Mask, "mask"), (ConsensusHalf1, "consensus_half1"), (ConsensusHalf2, "consensus_half2") })
        {
            check[field].RelativePath(name);
        }

        // These only tell what was written.
        check["composite_half1"].RelativePathOrNone(CompositeHalf1);
        check["composite_half2"].RelativePathOrNone(CompositeHalf2);
        check["composite"].RelativePathOrNone(Composite);
        check["composite_fsc"].RelativePathOrNone(CompositeFsc);

        check["patches"].Require(Patches.Count > 0, "is empty");
        check["patches"].All(Patches);
        check["patches"].AllDifferent(Patches.Select(p => p.Name), "name");
        var between = check["rotation_between_patches_deg"];
        between.Count(RotationBetween.Count, Patches.Count);
        for (var k = 0; k < RotationBetween.Count; k++)
        {
            between[k].Count(between[k].Some(RotationBetween[k]).Length, Patches.Count);
            between[k].AllFinite(RotationBetween[k]);
        }

        check["warnings"].AllTexts(Warnings);
    }
}
