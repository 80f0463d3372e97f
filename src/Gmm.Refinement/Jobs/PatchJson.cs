using System.Text.Json;
using System.Text.Json.Serialization;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>The state file of an iteration of patches: written last, so its presence says that all is there.</summary>
internal sealed record PatchStateFile : IRecord
{
    [JsonPropertyName("iteration")]
    public required int Iteration { get; init; }

    [JsonPropertyName("limit_A")]
    public required double Limit { get; init; }

    [JsonPropertyName("resolution_0143_A")]
    public required double? Resolution { get; init; }

    /// <summary>Names and centres of the patches.</summary>
    [JsonPropertyName("patches")]
    public required IReadOnlyList<PatchPlace> Patches { get; init; }

    /// <summary>For halves 1 and 2 and each patch, 36 covariances of the motion learnt.</summary>
    [JsonPropertyName("motions")]
    public required double[][][] Motions { get; init; }

    void IRecord.Validate(RecordCheck check)
    {
        check["iteration"].NotNegative(Iteration);
        check["limit_A"].Positive(Limit);
        check["resolution_0143_A"].PositiveOrNull(Resolution);
        check["patches"].Require(Patches.Count > 0, "is empty");
        check["patches"].All(Patches);
        check["patches"].AllDifferent(Patches.Select(p => p.Name), "Name");
        check["motions"].Count(Motions.Length, 2);
        for (var h = 0; h < Motions.Length; h++)
        {
            var half = check["motions"][h];
            half.Count(half.Some(Motions[h]).Length, Patches.Count);
            for (var k = 0; k < Patches.Count; k++)
            {
                const int m = RigidMotionPrior.Parameters;
                half[k].Count(half[k].Some(Motions[h][k]).Length, m * m);
                half[k].AllFinite(Motions[h][k]);
                for (var i = 0; i < m; i++)
                {
                    half[k][i * (m + 1)].Positive(Motions[h][k][i * (m + 1)]);
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

/// <summary>Name and centre of a patch.</summary>
internal sealed record PatchPlace(string Name, double X, double Y, double Z) : IRecord
{
    void IRecord.Validate(RecordCheck check)
    {
        // It becomes part of names of files.
        check["Name"].PlainName(Name);
        check["X"].Finite(X);
        check["Y"].Finite(Y);
        check["Z"].Finite(Z);
    }
}

/// <summary>Source-generated JSON of the files of patches.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(PatchStateFile))]
[JsonSerializable(typeof(PatchProvenance))]
internal sealed partial class PatchJson : JsonSerializerContext;
