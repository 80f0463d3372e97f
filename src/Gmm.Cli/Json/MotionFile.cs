using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>The motion that simulate --motion reads.</summary>
internal sealed record MotionFile
{
    [JsonPropertyName("domains")]
    public MotionDomain[]? Domains { get; init; }

    [JsonPropertyName("path")]
    public MotionPath? Path { get; init; }
}

/// <summary>A moving domain.</summary>
internal sealed record MotionDomain
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
}

/// <summary>A hinge: where, and how far.</summary>
internal sealed record MotionHinge
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
}

/// <summary>A path: models in order, or one trajectory.</summary>
internal sealed record MotionPath
{
    [JsonPropertyName("frames")]
    public required string[] Frames { get; init; }

    [JsonPropertyName("align")]
    public string? Align { get; init; }

    [JsonPropertyName("every")]
    public int? Every { get; init; }
}

/// <summary>Reads motion files, without reflection; a name that is not known is an error, since it would otherwise be ignored in silence.</summary>
[JsonSourceGenerationOptions(UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowTrailingCommas = true, ReadCommentHandling = System.Text.Json.JsonCommentHandling.Skip)]
[JsonSerializable(typeof(MotionFile))]
internal sealed partial class MotionJson : JsonSerializerContext;
