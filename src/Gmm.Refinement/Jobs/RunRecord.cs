using System.Text.Json.Serialization;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>The record of a run (run.json): what was done with what, and what came out.</summary>
public sealed record RunRecord : JobRecord, IRecord
{
    /// <summary>The file of consensus poses that a focused refinement measured the motion against, if it was another.</summary>
    public string? ConsensusFile { get; init; }

    /// <summary>Threads.</summary>
    public required int Threads { get; init; }

    /// <summary>The iterations, from 0.</summary>
    public required IReadOnlyList<IterationRecord> Iterations { get; init; }

    /// <summary>Final gold-standard resolution, angstrom; null where the half maps show none.</summary>
    [JsonPropertyName("resolution_0143_A")]
    public required double? Resolution { get; init; }

    /// <summary>Whether the half maps show no resolution at all.</summary>
    public bool NoResolution
    {
        get => Resolution is null;
        init => _ = value;
    }

    /// <summary>Whether the FSC never falls below 0.143, so that the resolution is only what the pixel size allows.</summary>
    public bool ResolutionIsNyquist { get; init; }

    /// <summary>Where the FSC of the half maps without a mask falls below 0.143, angstrom; null where there is no resolution.</summary>
    [JsonPropertyName("unmasked_resolution_0143_A")]
    public double? UnmaskedResolution { get; init; }

    /// <summary>B factor that sharpened the map (run.mrc), square angstrom; null where it could not be fitted and the map is not sharpened.</summary>
    [JsonPropertyName("b_factor")]
    public double? BFactor { get; init; }

    /// <summary>Particles that kept their pose in the last iteration because they could not be refined.</summary>
    public required int NotRefined { get; init; }

    /// <summary>What a person should know of the result, a sentence each; for example a symmetry that the map does not have.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Why it stopped.</summary>
    public required string StopReason { get; init; }

    /// <summary>Reads a record.</summary>
    /// <param name="path">run.json.</param>
    /// <returns>The record.</returns>
    /// <exception cref="InvalidInputException">The file cannot be read or is no such record; the message names the field.</exception>
    public static RunRecord Read(string path) => RecordFile.Read(path, JobJson.Default.RunRecord, "the record of a refinement");

    void IRecord.Validate(RecordCheck check)
    {
        ValidateJob(check);
        check["iterations"].All(Iterations);
        check["resolution_0143_A"].PositiveOrNull(Resolution);
        check["unmasked_resolution_0143_A"].PositiveOrNull(UnmaskedResolution);
        check["b_factor"].Finite(BFactor ?? 0);
        check["not_refined"].NotNegative(NotRefined);
        check["warnings"].AllTexts(Warnings);
    }
}
