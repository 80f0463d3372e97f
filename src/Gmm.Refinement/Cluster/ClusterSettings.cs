using System.Text.Json.Serialization;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>How a cluster is asked for workers: a small JSON file, all of whose members may be left out.</summary>
/// <remarks>Settable, because generated readers give members that only begin with a value no chance to keep it.</remarks>
internal sealed record ClusterSettings : IRecord
{
    /// <summary>Most seconds between two signs of life of a worker.</summary>
    internal const double LongestBeatSeconds = 600;

    /// <summary>Workers at once.</summary>
    public int Workers { get; set; } = 2;

    /// <summary>Threads of each.</summary>
    public int Threads { get; set; } = 4;

    /// <summary>The partition or queue.</summary>
    public string? Partition { get; set; }

    /// <summary>Time limit of a worker, as the scheduler writes it: 4:00:00.</summary>
    public string? Time { get; set; }

    /// <summary>Memory of a worker, as the scheduler writes it: 8G.</summary>
    public string? Memory { get; set; }

    /// <summary>GPUs of a worker.</summary>
    public string? Gpus { get; set; }

    /// <summary>Values of placeholders of your own in the template, by their names.</summary>
    public IReadOnlyDictionary<string, string> More { get; set; } = new Dictionary<string, string>();

    /// <summary>The template of the job script, from the folder of the settings' file; null takes the one for SLURM that is built in.</summary>
    public string? Template { get; set; }

    /// <summary>Submits {script}.</summary>
    public string Submit { get; set; } = "sbatch --parsable {script}";

    /// <summary>Prints a line for each worker called {name} that works or waits.</summary>
    public string Queue { get; set; } = "squeue --noheader --array --name={name} --format=%T";

    /// <summary>Ends all workers called {name}.</summary>
    public string Cancel { get; set; } = "scancel --name={name}";

    /// <summary>What stands for a worker's number in the name of its log: %a of SLURM, ^array_index^ of PBS, %I of LSF.</summary>
    public string ArrayMark { get; set; } = "%a";

    /// <summary>Seconds between two questions to the scheduler.</summary>
    [JsonPropertyName("queue_s")]
    public double QueueSeconds { get; set; } = 20;

    /// <summary>Seconds between two looks at the tasks on the shared disk.</summary>
    [JsonPropertyName("poll_s")]
    public double PollSeconds { get; set; } = 2;

    /// <summary>Seconds between two signs of life of a worker.</summary>
    [JsonPropertyName("beat_s")]
    public double BeatSeconds { get; set; } = 10;

    /// <summary>Seconds without one after which a worker is lost.</summary>
    [JsonPropertyName("lost_after_s")]
    public double LostSeconds { get; set; } = 120;

    /// <summary>The times of a board.</summary>
    [JsonIgnore]
    public TaskTimes Times => new()
    {
        Poll = TimeSpan.FromSeconds(PollSeconds),
        Beat = TimeSpan.FromSeconds(BeatSeconds),
        LostAfter = TimeSpan.FromSeconds(LostSeconds),
    };

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">It cannot be read, or a member is unknown or not usable.</exception>
    public static ClusterSettings Read(string path)
    {
        var settings = RecordFile.Read(path, ClusterJson.Default.ClusterSettings, "settings of a cluster");
        return settings.Template is null ? settings
            : settings with { Template = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, settings.Template) };
    }

    void IRecord.Validate(RecordCheck check)
    {
        check["workers"].Within(Workers, 1, 10_000);
        check["threads"].Within(Threads, 1, 4096);
        check["queue_s"].Within(QueueSeconds, 0.1, 3600);
        check["poll_s"].Within(PollSeconds, 0.01, 600);
        check["beat_s"].Within(BeatSeconds, 0.05, LongestBeatSeconds);
        check["lost_after_s"].Within(LostSeconds, 2 * BeatSeconds, 1e6);
        check["more"].AllSome(More);
        foreach (var (name, text) in More.Concat([
            new("partition", Partition ?? string.Empty), new("time", Time ?? string.Empty), new("memory", Memory ?? string.Empty),
            new("gpus", Gpus ?? string.Empty)]))
        {
            check[name].Require(!text.Any(char.IsControl), "is more than one line");
        }

        check["submit"].Require(Submit.Contains("{script}", StringComparison.Ordinal), "lacks {script}");
        check["queue"].Require(Queue.Contains("{name}", StringComparison.Ordinal), "lacks {name}");
        check["cancel"].Require(Cancel.Contains("{name}", StringComparison.Ordinal), "lacks {name}");
    }
}

/// <summary>Source-generated JSON of the settings; a member that is none is most likely misspelt.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ClusterSettings))]
internal sealed partial class ClusterJson : JsonSerializerContext;
