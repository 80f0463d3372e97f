using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gmm.Refinement;

/// <summary>The state file of an iteration of patches: written last, so its presence says that all is there.</summary>
internal sealed record PatchStateFile
{
    [JsonPropertyName("settings")]
    public required string Settings { get; init; }

    [JsonPropertyName("iteration")]
    public required int Iteration { get; init; }

    [JsonPropertyName("limit_A")]
    public required double Limit { get; init; }

    [JsonPropertyName("resolution_0143_A")]
    public required double Resolution { get; init; }

    /// <summary>Names and centres of the patches.</summary>
    [JsonPropertyName("patches")]
    public required IReadOnlyList<PatchPlace> Patches { get; init; }

    /// <summary>For halves 1 and 2 and each patch, 36 covariances of the motion learnt.</summary>
    [JsonPropertyName("motions")]
    public required double[][][] Motions { get; init; }
}

/// <summary>Name and centre of a patch.</summary>
internal sealed record PatchPlace(string Name, double X, double Y, double Z);

/// <summary>Source-generated JSON of the files of patches.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(PatchStateFile))]
[JsonSerializable(typeof(PatchProvenance))]
internal sealed partial class PatchJson : JsonSerializerContext;
