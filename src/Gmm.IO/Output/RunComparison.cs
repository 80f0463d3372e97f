using System.Text.Json.Nodes;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>Compares what a run began with and what it is to go on with.</summary>
internal static class RunComparison
{
    /// <summary>Differences named in one message at most; the rest is counted.</summary>
    private const int MostNamed = 6;

    /// <summary>Refuses other settings, each named with its old and new value.</summary>
    public static void RequireSame(string folder, JsonObject before, JsonObject now) =>
        Refuse(folder, "the run to resume had other settings", SettingWords.Differences(before, now));

    /// <summary>Refuses inputs that have changed. They may lie elsewhere now; their order is that in which the particles name them.</summary>
    public static void RequireSame(string folder, IReadOnlyList<FileStamp> before, IReadOnlyList<FileStamp> now)
    {
        string[] differences = before.Count != now.Count
            ? [$"there are {now.Count} files of images, there were {before.Count}"]
            : [.. now.Zip(before, (n, b) => (n.Path, Difference: n.DifferenceFrom(b)))
                .Where(d => d.Difference is not null)
                .Select(d => $"{d.Path} {d.Difference}")];
        Refuse(folder, "the run to resume read other images", differences);
    }

    private static void Refuse(string folder, string what, string[] differences)
    {
        if (differences.Length > 0)
        {
            var rest = differences.Length > MostNamed ? $"; and {differences.Length - MostNamed} more" : string.Empty;
            throw new InvalidInputException($"{what}: {string.Join("; ", differences.Take(MostNamed))}{rest}", folder);
        }
    }
}
