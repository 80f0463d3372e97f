using System.Text.Json;
using System.Text.Json.Serialization;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>The state file of an iteration of patches: written last, so its presence says that all is there.</summary>
internal sealed record PatchStateFile : IRecord
{
    /// <summary>The iteration; 0 for the maps at the consensus poses.</summary>
    public required int Iteration { get; init; }

    /// <summary>The limit for the next iteration, angstrom.</summary>
    [JsonPropertyName("limit_A")]
    public required double Limit { get; init; }

    /// <summary>Where the corrected FSC of the composite falls below 0.143, angstrom; null where there is no resolution.</summary>
    [JsonPropertyName("resolution_0143_A")]
    public required double? Resolution { get; init; }

    /// <summary>Names and centres of the patches.</summary>
    public required IReadOnlyList<PatchPlace> Patches { get; init; }

    /// <summary>For each half and each patch, 36 covariances of the motion learnt.</summary>
    public required HalfPair<double[][]> Motions { get; init; }

    void IRecord.Validate(RecordCheck check)
    {
        check["iteration"].NotNegative(Iteration);
        check["limit_A"].Positive(Limit);
        check["resolution_0143_A"].PositiveOrNull(Resolution);
        check["patches"].Require(Patches.Count > 0, "is empty");
        check["patches"].All(Patches);
        check["patches"].AllDifferent(Patches.Select(p => p.Name), "name");
        foreach (var (name, motions) in new[] { ("half1", Motions.Half1), ("half2", Motions.Half2) })
        {
            var half = check["motions"][name];
            half.Count(half.Some(motions).Length, Patches.Count);
            for (var k = 0; k < Patches.Count; k++)
            {
                const int m = RigidMotionPrior.Parameters;
                half[k].Count(half[k].Some(motions[k]).Length, m * m);
                half[k].AllFinite(motions[k]);
                for (var i = 0; i < m; i++)
                {
                    half[k][i * (m + 1)].Positive(motions[k][i * (m + 1)]);
                }
            }
        }

        if (Statistics.Count > 0)
        {
            check["patch_statistics"].Count(Statistics.Count, Patches.Count);
        }

        check["patch_statistics"].All(Statistics);
    }

    /// <summary>
    /// What the record says of each patch, from the estimates themselves: their text in STAR files has six digits. None before the first iteration.
    /// </summary>
    [JsonPropertyName("patch_statistics")]
    public required IReadOnlyList<PatchStatistics> Statistics { get; init; }
}

/// <summary>Source-generated JSON of the files of patches.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(RecordNumber)], RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(PatchStateFile))]
[JsonSerializable(typeof(PatchProvenance))]
internal sealed partial class PatchJson : JsonSerializerContext;
