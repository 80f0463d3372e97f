using System.Text.Json;
using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>The state file of an iteration: its record. Written last, so its presence says that all is there.</summary>
internal sealed record StateFile : IRecord
{
    /// <summary>What run.json will say of the iteration.</summary>
    public required IterationRecord Record { get; init; }

    void IRecord.Validate(RecordCheck check) => check["record"].Maybe(Record);
}

/// <summary>Source-generated JSON of the job's files.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(RecordNumber)], RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(StateFile))]
[JsonSerializable(typeof(RunRecord))]
internal sealed partial class JobJson : JsonSerializerContext;
