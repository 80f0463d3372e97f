using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gmm.Refinement;

/// <summary>The state file of an iteration: its record and the settings it was made with. Written last, so its presence says that all is there.</summary>
internal sealed record StateFile
{
    [JsonPropertyName("settings")]
    public required string Settings { get; init; }

    [JsonPropertyName("record")]
    public required IterationRecord Record { get; init; }
}

/// <summary>Source-generated JSON of the job's files.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, IncludeFields = true)]
[JsonSerializable(typeof(StateFile))]
[JsonSerializable(typeof(RunRecord))]
internal sealed partial class JobJson : JsonSerializerContext;
