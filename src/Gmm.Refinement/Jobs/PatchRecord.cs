using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>One patch or body in the record of a run (provenance.json). Paths are from the folder of the record.</summary>
public sealed record PatchRecord : IRecord
{
    /// <summary>patch01, body02.</summary>
    public required string Name { get; init; }

    /// <summary>Its mask, which is also its weight in the composite.</summary>
    public required string Mask { get; init; }

    /// <summary>The particles with the patch's poses.</summary>
    public required string Particles { get; init; }

    /// <summary>Half map 1 at these poses, unfiltered: sharp in the patch.</summary>
    public required string Half1 { get; init; }

    /// <summary>Half map 2.</summary>
    public required string Half2 { get; init; }

    /// <summary>Its FSC curves.</summary>
    public required string Fsc { get; init; }

    /// <summary>The point about which its rotations are counted, angstrom from the box centre.</summary>
    [JsonPropertyName("centre_A")]
    public required double[] Centre { get; init; }

    /// <summary>Where the corrected FSC of its half maps in its mask falls below 0.143, angstrom; null where there is no resolution.</summary>
    [JsonPropertyName("resolution_0143_A")]
    public required double? Resolution { get; init; }

    /// <summary>The same of the consensus half maps in the patch's mask.</summary>
    [JsonPropertyName("consensus_resolution_0143_A")]
    public required double? ConsensusResolution { get; init; }

    /// <summary>Median angle between a particle's pose of the patch and its consensus pose, degrees; NaN, null in JSON, where none was refined.</summary>
    [JsonPropertyName("median_rotation_deg"), JsonConverter(typeof(UnmeasuredNumber))]
    public required double MedianRotation { get; init; }

    /// <summary>Median shift of the patch's centre from the consensus, angstrom in the image; NaN, null in JSON, where none was refined.</summary>
    [JsonPropertyName("median_shift_A"), JsonConverter(typeof(UnmeasuredNumber))]
    public required double MedianShift { get; init; }

    /// <summary>Median posterior standard deviation of the rotation, three axes together, degrees; NaN, null in JSON, where none was refined.</summary>
    [JsonPropertyName("median_rotation_sigma_deg"), JsonConverter(typeof(UnmeasuredNumber))]
    public required double MedianRotationSigma { get; init; }

    /// <summary>Median posterior standard deviation of the shift, both axes together, angstrom; NaN, null in JSON, where there is none.</summary>
    [JsonPropertyName("median_shift_sigma_A"), JsonConverter(typeof(UnmeasuredNumber))]
    public required double MedianShiftSigma { get; init; }

    /// <summary>
    /// Mean gain in log-likelihood of a particle where this part alone is at its own pose and the others at the consensus, on coefficients that did not
    /// find it; null where it was not judged, and in records of earlier versions.
    /// </summary>
    [JsonPropertyName("heldout_gain")]
    public double? HeldOutGain { get; init; }

    /// <summary>Its standard error; null where there is none.</summary>
    [JsonPropertyName("heldout_gain_error")]
    public double? HeldOutError { get; init; }

    /// <summary>Root mean square rotation of the motion that each half's particles taught (the prior), three axes together, degrees.</summary>
    [JsonPropertyName("learnt_rotation_deg")]
    public required HalfPair<double> LearntRotation { get; init; }

    /// <summary>Root mean square displacement of the same, three axes together, angstrom.</summary>
    [JsonPropertyName("learnt_shift_A")]
    public required HalfPair<double> LearntShift { get; init; }

    void IRecord.Validate(RecordCheck check)
    {
        check["name"].PlainName(Name);
        check["mask"].RelativePath(Mask);
        check["half1"].RelativePath(Half1);
        check["half2"].RelativePath(Half2);
        check["particles"].RelativePathOrNone(Particles);
        check["fsc"].RelativePathOrNone(Fsc);
        check["centre_A"].Count(Centre.Length, 3);
        check["centre_A"].AllFinite(Centre);
        check["resolution_0143_A"].PositiveOrNull(Resolution);
        check["consensus_resolution_0143_A"].PositiveOrNull(ConsensusResolution);
        check["median_rotation_deg"].Unknown(MedianRotation);
        check["median_shift_A"].Unknown(MedianShift);
        check["median_rotation_sigma_deg"].Unknown(MedianRotationSigma);
        check["median_shift_sigma_A"].Unknown(MedianShiftSigma);
        check["heldout_gain"].Finite(HeldOutGain ?? 0);
        check["heldout_gain_error"].NotNegative(HeldOutError ?? 0);
        foreach (var (values, name) in new[] { (LearntRotation, "learnt_rotation_deg"), (LearntShift, "learnt_shift_A") })
        {
            check[name]["half1"].Finite(values.Half1);
            check[name]["half2"].Finite(values.Half2);
        }
    }
}
