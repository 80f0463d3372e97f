using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>What is known of a run in a folder: which job it is of, with what it is made, and the files it made (gmm_files.json).</summary>
internal sealed record RunManifest : IRecord
{
    public const int CurrentVersion = 2;

    /// <summary>Version of the format.</summary>
    [JsonPropertyName("format_version")]
    public required int Version { get; init; }

    /// <summary>The job: refine, patches, simulate.</summary>
    public required string Job { get; init; }

    /// <summary>Program and command line.</summary>
    public required string Program { get; init; }

    /// <summary>All that decides the result.</summary>
    public required JsonObject Settings { get; init; }

    /// <summary>The images it reads, as they were at the start.</summary>
    public required IReadOnlyList<FileStamp> Inputs { get; init; }

    /// <summary>Whether the run came to its end.</summary>
    public bool Finished { get; init; }

    /// <summary>Paths of its files from the folder, "/" between names. A file is listed before it is written.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>
    /// What the files were from which a run goes on, each when it and those that belong to it were whole; null in lists of versions that kept none.
    /// </summary>
    public IReadOnlyDictionary<string, FileSeal>? Seals { get; init; }

    /// <summary>Reads a manifest; null if there is none.</summary>
    /// <exception cref="InvalidInputException">It cannot be read, is of another version, or names a file outside its folder.</exception>
    public static RunManifest? Read(string path) =>
        Path.Exists(path) ? RecordFile.Read(path, OutputJson.Default.RunManifest, "the list of a run's files") : null;

    void IRecord.Validate(RecordCheck check)
    {
        check["format_version"].Version(Version, CurrentVersion);
        for (var i = 0; i < Inputs.Count; i++)
        {
            check["inputs"][i].Some(Inputs[i]);
        }

        check["files"].AllTexts(Files);
        for (var i = 0; i < Files.Count; i++)
        {
            check["files"][i].RelativePath(Files[i]);
        }

        foreach (var (name, seal) in Seals ?? new Dictionary<string, FileSeal>())
        {
            check["seals"].RelativePath(name);
            check["seals"][name].Maybe(check["seals"][name].Some(seal));
        }
    }

    public void Write(string path) =>
        RecordOutput.Write(path, this, OutputJson.Default.RunManifest);
}

/// <summary>Source-generated JSON of locks and manifests.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(RecordNumber)], RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(LockOwner))]
[JsonSerializable(typeof(RunManifest))]
internal sealed partial class OutputJson : JsonSerializerContext;
