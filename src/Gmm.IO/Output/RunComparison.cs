using System.Text.Json;
using System.Text.Json.Nodes;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>Compares what a run began with and what it is to go on with.</summary>
internal static class RunComparison
{
    /// <summary>Differences named in one message at most; the rest is counted.</summary>
    private const int MostNamed = 6;

    /// <summary>Refuses other settings, each named with its old and new value.</summary>
    public static void RequireSame(string folder, JsonObject before, JsonObject now)
    {
        const string None = "not set";
        var (old, mine) = (Flat(before), Flat(now));
        string[] differences = [.. old.Keys.Union(mine.Keys).Order(StringComparer.Ordinal)
            .Select(k => (Name: k, Before: old.GetValueOrDefault(k, None), Now: mine.GetValueOrDefault(k, None))).Where(d => d.Before != d.Now)
            .Select(d => $"{d.Name} was {d.Before}, now {d.Now}")];
        Refuse(folder, "the run to resume had other settings", differences);
    }

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

    /// <summary>Settings one by one, each by its path ("images.invert") and as text.</summary>
    private static SortedDictionary<string, string> Flat(JsonObject settings)
    {
        var flat = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Add(flat, string.Empty, settings);
        return flat;
    }

    private static void Add(SortedDictionary<string, string> flat, string prefix, JsonObject settings)
    {
        foreach (var (name, value) in settings)
        {
            if (value is JsonObject part && PartJson.Text(part) is { } text)
            {
                flat[prefix + name] = text;
            }
            else if (value is JsonObject inner)
            {
                Add(flat, $"{prefix}{name}.", inner);
            }
            else
            {
                flat[prefix + name] = value switch
                {
                    null => "none",
                    JsonValue word when word.GetValueKind() == JsonValueKind.String => word.GetValue<string>(),
                    _ => value.ToJsonString(),
                };
            }
        }
    }
}
