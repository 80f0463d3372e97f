using System.Collections.Concurrent;
using System.Text.Json;
using Json.Schema;

namespace Gmm.Cli.Tests;

/// <summary>Validates JSON against the schema files of the repository with JsonSchema.Net, which knows nothing of the types.</summary>
internal static class SchemaCheck
{
    private static readonly ConcurrentDictionary<string, JsonSchema> s_schemas = new();

    /// <summary>What is wrong; null if nothing is.</summary>
    public static string? Problem(string name, string json)
    {
        var schema = s_schemas.GetOrAdd(name, n => JsonSchema.FromText(File.ReadAllText(RecordSchemas.FileOf(n))));
        using var document = JsonDocument.Parse(json);
        var result = schema.Evaluate(document.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        return result.IsValid
            ? null
            : $"{name}: "
                + string.Join(
                    "; ",
                    (result.Details ?? []).Where(d => d.Errors is { Count: > 0 }).Select(d => $"{d.InstanceLocation}: {string.Join(", ", d.Errors!.Values)}"));
    }

    /// <summary>Requires that a record fits.</summary>
    public static void Valid(string name, string json) => Assert.Null(Problem(name, json));

    /// <summary>Requires that what a verb printed with --json is one of the records that it may print.</summary>
    public static void ValidResult(string verb, string json)
    {
        string[] names = verb switch
        {
            "ctf" => ["refine"],
            "bodies" => ["patches"],
            "info" => ["validate"],
            "reconstruct" => ["reconstruct", "reconstruct-partial"],
            "demo" => ["demo", "demo-real"],
            _ => [verb],
        };
        string?[] problems = [.. names.Select(n => Problem(n, json))];
        Assert.True(problems.Contains(null), problems[0]);
    }

    /// <summary>Requires that every record in a folder and those below fits; how many there are, by schema.</summary>
    public static Dictionary<string, int> ValidFiles(string folder)
    {
        var counts = new Dictionary<string, int>();
        foreach (var file in Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(file);
            var name = Path.GetFileName(file) switch
            {
                "run.json" => "run",
                "provenance.json" => "provenance",
                "heterogeneity.json" => "heterogeneity-record",
                "landscape.json" => "landscape",
                "gmm_files.json" => "gmm-files",
                _ when text.Contains("\"domains\"", StringComparison.Ordinal) => "motion",
                var f when f.EndsWith("_state.json", StringComparison.Ordinal) || f.EndsWith("_poses.json", StringComparison.Ordinal) =>
                    text.Contains("\"record\":", StringComparison.Ordinal) ? "refine-state" : "patches-state",
                var f => throw new InvalidOperationException($"{f} has no schema"),
            };
            var problem = Problem(name, text);
            Assert.True(problem is null, $"{file}: {problem}");
            counts[name] = counts.GetValueOrDefault(name) + 1;
        }

        return counts;
    }
}
