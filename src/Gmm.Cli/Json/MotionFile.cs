using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>The motion that simulate --motion reads.</summary>
internal sealed record MotionFile : IRecord
{
    [JsonPropertyName("domains")]
    public MotionDomain[]? Domains { get; init; }

    [JsonPropertyName("path")]
    public MotionPath? Path { get; init; }

    void IRecord.Validate(RecordCheck check)
    {
        if (Domains is not null)
        {
            check["domains"].All(Domains);
        }

        check["path"].Maybe(Path);
    }
}

/// <summary>A moving domain.</summary>
internal sealed record MotionDomain : IRecord
{
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [JsonPropertyName("atoms")]
    public required string Atoms { get; init; }

    [JsonPropertyName("hinge")]
    public MotionHinge? Hinge { get; init; }

    [JsonPropertyName("jitter_deg")]
    public double JitterDegrees { get; init; }

    [JsonPropertyName("jitter_A")]
    public double JitterAngstrom { get; init; }

    void IRecord.Validate(RecordCheck check)
    {
        check["jitter_deg"].NotNegative(JitterDegrees);
        check["jitter_A"].NotNegative(JitterAngstrom);
        check["hinge"].Maybe(Hinge);
    }
}

/// <summary>A hinge: where, and how far.</summary>
internal sealed record MotionHinge : IRecord
{
    [JsonPropertyName("residues")]
    public string? Residues { get; init; }

    [JsonPropertyName("point")]
    public double[]? Point { get; init; }

    [JsonPropertyName("axis")]
    public double[]? Axis { get; init; }

    [JsonPropertyName("sd_deg")]
    public double SdDegrees { get; init; }

    [JsonPropertyName("range_deg")]
    public double RangeDegrees { get; init; }

    [JsonPropertyName("range_A")]
    public double RangeAngstrom { get; init; }

    void IRecord.Validate(RecordCheck check)
    {
        foreach (var (vector, name) in new[] { (Point, "point"), (Axis, "axis") })
        {
            if (vector is not null)
            {
                check[name].Count(vector.Length, 3);
                check[name].AllFinite(vector);
            }
        }

        check["sd_deg"].NotNegative(SdDegrees);
        check["range_deg"].NotNegative(RangeDegrees);
        check["range_A"].NotNegative(RangeAngstrom);
    }
}

/// <summary>A path: models in order, or one trajectory.</summary>
internal sealed record MotionPath : IRecord
{
    [JsonPropertyName("frames")]
    public required string[] Frames { get; init; }

    [JsonPropertyName("align")]
    public string? Align { get; init; }

    [JsonPropertyName("every")]
    public int? Every { get; init; }

    void IRecord.Validate(RecordCheck check)
    {
        check["frames"].Require(Frames.Length > 0, "is empty");
        check["frames"].AllTexts(Frames);
        check["every"].Require(Every is null or >= 1, "must be 1 or more");
    }
}

/// <summary>Reads motion files, without reflection; a name that is not known is an error, since it would otherwise be ignored in silence.</summary>
[JsonSourceGenerationOptions(UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowTrailingCommas = true, ReadCommentHandling = System.Text.Json.JsonCommentHandling.Skip,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(MotionFile))]
internal sealed partial class MotionJson : JsonSerializerContext;
