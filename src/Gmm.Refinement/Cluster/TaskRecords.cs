using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>The list of a board's tasks (board.json): what must be the same for all who work on them.</summary>
internal sealed record BoardRecord : IRecord
{
    public const int CurrentVersion = 1;

    /// <summary>Version of the format.</summary>
    [JsonPropertyName("format_version")]
    public required int Version { get; init; }

    /// <summary>The program that made it, to the build: others would not give the same bits.</summary>
    public required string Program { get; init; }

    /// <summary>What the tasks are done on; results of another key are not taken.</summary>
    public required string Key { get; init; }

    /// <summary>The verb whose work it is, as a worker knows it.</summary>
    public required string Work { get; init; }

    /// <summary>The folder that the program was called in, by which the files of its command line are found.</summary>
    public required string CallFolder { get; init; }

    /// <summary>The command line, without the program.</summary>
    public required IReadOnlyList<string> CallWords { get; init; }

    /// <summary>The tasks, in the order in which results are added.</summary>
    public required IReadOnlyList<string> Tasks { get; init; }

    void IRecord.Validate(RecordCheck check)
    {
        check["format_version"].Version(Version, CurrentVersion);
        check["call_words"].AllTexts(CallWords);
        check["tasks"].AllTexts(Tasks);
        for (var i = 0; i < Tasks.Count; i++)
        {
            check["tasks"][i].PlainName(Tasks[i]);
        }

        check["tasks"].AllDifferent(Tasks, "name");
    }
}

/// <summary>Who works on tasks.</summary>
internal sealed record WorkerRecord : IRecord
{
    /// <summary>Its name among the workers of a board.</summary>
    public required string Id { get; init; }

    /// <summary>The machine.</summary>
    public required string Host { get; init; }

    /// <summary>Number of the process there.</summary>
    public required int Process { get; init; }

    /// <summary>When that began, UTC.</summary>
    public required DateTime Started { get; init; }

    /// <summary>Where it writes what it does; empty if nowhere.</summary>
    public required string Log { get; init; }

    /// <summary>Why it does not work on the tasks; null where it does.</summary>
    public string? Refusal { get; init; }

    void IRecord.Validate(RecordCheck check) => check["id"].PlainName(Id);
}

/// <summary>That somebody took a task.</summary>
internal sealed record ClaimRecord : IRecord
{
    /// <summary>The worker.</summary>
    public required string Worker { get; init; }

    void IRecord.Validate(RecordCheck check) => check["worker"].PlainName(Worker);
}

/// <summary>How a try ended that gave no result.</summary>
internal sealed record EndRecord : IRecord
{
    /// <summary>How.</summary>
    public required TryEnd End { get; init; }

    /// <summary>The worker, where it is known.</summary>
    public required string Worker { get; init; }

    /// <summary>Where it wrote what it did; empty if nowhere.</summary>
    public required string Log { get; init; }

    /// <summary>What went wrong.</summary>
    public required string Message { get; init; }

    void IRecord.Validate(RecordCheck check)
    {
    }
}

/// <summary>How a try ended that gave no result.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TryEnd>))]
internal enum TryEnd
{
    /// <summary>With an error.</summary>
    Failed,

    /// <summary>Its worker is gone, or says nothing any more.</summary>
    Lost,

    /// <summary>Its worker was asked to stop: a time limit, most often.</summary>
    Stopped,

    /// <summary>Its result could not be written: the disk is full.</summary>
    NoRoom,
}

/// <summary>Source-generated JSON of a board's files.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(BoardRecord))]
[JsonSerializable(typeof(WorkerRecord))]
[JsonSerializable(typeof(ClaimRecord))]
[JsonSerializable(typeof(EndRecord))]
internal sealed partial class TaskJson : JsonSerializerContext;
