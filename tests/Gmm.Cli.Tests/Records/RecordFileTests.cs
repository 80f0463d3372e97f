using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gmm.Core;
using Gmm.Heterogeneity;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;
using Gmm.TestData;

namespace Gmm.Cli.Tests;

/// <summary>Every member of every record, damaged in every way: the record is read, or the error names file and field.</summary>
public sealed class RecordFileTests
{
    public static TheoryData<string> Names() => [.. RecordSamples.All().Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_whole_record_is_read(string name) => Read(name, j => j);

    [Theory]
    [MemberData(nameof(Names))]
    public void Null_is_refused_wherever_a_value_must_be(string name)
    {
        string[] optional =
        [
            "consensus_file", "root", "focus_file", "previous_limit_A", "statistics", "focus", "motion", "symmetry", "composite_b_factor",
            "resolution_0143_A", "consensus_resolution_0143_A", "composite_resolution_0143_A", "verdict", "images", "first_constant", "most_unlike",
            "contrast", "map_skewness", "model_correlation", "heldout_gain", "heldout_gain_error", "training_gain", "mean_correlation", "mean_steps",
            "median_rotation_change_deg", "median_shift_change_A", "median_rotation_sigma_deg", "median_shift_A", "median_rotation_deg",
            "median_shift_sigma_A", "rotation_sigma_deg", "shift_sigma_A",
        ];
        foreach (var path in Paths(name))
        {
            var last = path.Split('.')[^1];
            var error = Damage(name, path, (parent, key) => Put(parent, key, null));
            var mayBeNull = last switch
            {
                // A rate is a figure that may be none, and in an iteration's record computed.
                "particles_per_second" => path.StartsWith("training", StringComparison.Ordinal) || path.Contains("statistics", StringComparison.Ordinal),
                "wall_s" => path.Contains("epochs", StringComparison.Ordinal),
                "rotation_deg" or "shift_A" => path.StartsWith("patch_statistics", StringComparison.Ordinal),
                "half1" or "half2" => path.Contains(".model_fsc.", StringComparison.Ordinal),
                "symmetry" => name != nameof(PartialSumsInfo),
                _ => optional.Contains(last),
            };
            Assert.True(error is null == mayBeNull || last == "position", $"{path}: {error}");
            Assert.True(error is null || error.Contains(path, StringComparison.Ordinal), $"{path}: {error}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Other_kinds_of_values_and_missing_members_are_refused_by_name(string name)
    {
        foreach (var path in Paths(name))
        {
            var node = At(RecordSamples.All().First(s => s.Name == name).Json, path);
            if (node is not JsonObject)
            {
                var error = Damage(name, path, (parent, key) => Put(parent, key, new JsonObject()));
                Assert.True(error?.Contains(path, StringComparison.Ordinal), $"{path}: {error}");
            }

            if (node.GetValueKind() is not (JsonValueKind.String or JsonValueKind.Number))
            {
                var error = Damage(name, path, (parent, key) => Put(parent, key, "no"));
                Assert.True(error?.Contains(path, StringComparison.Ordinal), $"{path}: {error}");
            }

            // Members with defaults may be missing; no crash is all that is asked of those.
            Damage(name, path, (parent, key) =>
            {
                if (parent is JsonObject o)
                {
                    o.Remove(key);
                }
                else
                {
                    parent.AsArray().RemoveAt(int.Parse(key, null));
                }
            });
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Numbers_that_cannot_be_are_refused_by_name(string name)
    {
        // What tells of an epoch that diverged, or was not measured, may be anything.
        string[] free = ["heldout_gain", "heldout_gain_error", "training_gain", "seed", "threads", "particles_per_second"];
        foreach (var path in Paths(name))
        {
            if (At(RecordSamples.All().First(s => s.Name == name).Json, path).GetValueKind() == JsonValueKind.Number
                && !free.Contains(path.Split('.')[^1]) && !path.EndsWith("symmetry.resolution_A", StringComparison.Ordinal))
            {
                foreach (var text in new[] { "1e400", "-1e400" })
                {
                    var error = Damage(name, path, (parent, key) => Put(parent, key, JsonNode.Parse(text)));
                    Assert.True(error?.Contains(path, StringComparison.Ordinal), $"{path} = {text}: {error}");
                }
            }
        }
    }

    [Fact]
    public void A_member_twice_an_empty_file_and_no_json_are_refused()
    {
        var (_, json, read) = RecordSamples.All().First(s => s.Name == nameof(PartialSumsInfo));
        var text = json.ToJsonString();
        Assert.Contains("box", Fails(read, text.Replace("{", "{\"box\":24,", StringComparison.Ordinal)), StringComparison.Ordinal);
        foreach (var none in new[] { string.Empty, " ", "[", "null", "[1]", "{\"a\"", "\u0000", "{\"box\":\"\\ud800\"}", new string('[', 100_000) })
        {
            Assert.StartsWith("file.json", Fails(read, none), StringComparison.Ordinal);
        }

        Fails(b => read([0xFF, 0xFE, .. b]), text);
        read([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)]);
    }

    [Theory]
    [InlineData(nameof(PatchStateFile), "name", "patch01")]
    [InlineData(nameof(PatchStateFile), "name", "Patch01")]
    [InlineData(nameof(PatchProvenance), "name", null)]
    public void Two_patches_of_one_name_are_refused(string name, string member, string? second)
    {
        JsonNode Twice(JsonNode json, string? called)
        {
            var patches = json["patches"]!.AsArray();
            var copy = patches[0]!.DeepClone();
            copy[member] = called ?? copy[member]!.GetValue<string>();
            patches.Add(copy);
            foreach (var half in new[] { "half1", "half2" })
            {
                json["motions"]?[half]!.AsArray().Add(json["motions"]![half]![0]!.DeepClone());
            }

            if (json["patch_statistics"] is JsonArray statistics)
            {
                statistics.Add(statistics[0]!.DeepClone());
            }

            if (json["rotation_between_patches_deg"] is not null)
            {
                json["rotation_between_patches_deg"] = new JsonArray(new JsonArray(0, 1), new JsonArray(1, 0));
            }

            return json;
        }

        Read(name, j => Twice(j, "another"));
        var error = Assert.Throws<InvalidInputException>(() => Read(name, j => Twice(j, second)));
        Assert.Equal($"patches[1].{member}", error.Field);
        Assert.Contains("also the name of patches[0]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_that_holds_null_is_refused()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Data", "hostile", "min_refine_state_null.json");
        var error = Assert.Throws<InvalidInputException>(() => RecordFile.Read(path, JobJson.Default.StateFile, "a state of a refinement"));
        Assert.Equal($"{path}: is not a state of a refinement: it holds null", error.Message);
    }

    [Theory]
    [InlineData("autoencoder_NullReferenceException_AutoencoderCreate.gmmae", "weights: is null")]
    [InlineData("autoencoder_OutOfMemoryException_AutoencoderFileRead.gmmae", "model: belongs to another model")]
    public void Hostile_autoencoders_are_refused(string name, string problem)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Data", "hostile", name);
        var error = Assert.Throws<InvalidInputException>(() => AutoencoderFile.Read(path, PoseTestData.Ball(20, 30, 5, 32, 2)));
        Assert.Equal(path, error.File);
        Assert.True(error.Message.Contains(problem, StringComparison.Ordinal), error.Message);
    }

    private static void Read(string name, Func<JsonNode, JsonNode> change)
    {
        var (_, json, read) = RecordSamples.All().First(s => s.Name == name);
        read(Encoding.UTF8.GetBytes(change(json).ToJsonString()));
    }

    private static string Fails(Action<byte[]> read, string text) => Assert.Throws<InvalidInputException>(() => read(Encoding.UTF8.GetBytes(text))).Message;

    /// <summary>The error that a change at a path gives; null if there is none.</summary>
    private static string? Damage(string name, string path, Action<JsonNode, string> change)
    {
        try
        {
            Read(name, json =>
            {
                var cut = Math.Max(path.LastIndexOf('.'), path.LastIndexOf('['));
                change(cut < 0 ? json : At(json, path[..cut]), path[(cut + 1)..].TrimEnd(']'));
                return json;
            });
            return null;
        }
        catch (InvalidInputException e)
        {
            Assert.StartsWith("file.json", e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', e.Message);
            Assert.DoesNotContain("System.", e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("Gmm.", e.Message, StringComparison.Ordinal);
            return e.Message;
        }
    }

    private static void Put(JsonNode parent, string key, JsonNode? value)
    {
        if (parent is JsonObject o)
        {
            o[key] = value;
        }
        else
        {
            parent.AsArray()[int.Parse(key, null)] = value;
        }
    }

    private static JsonNode At(JsonNode json, string path)
    {
        foreach (var key in path.Replace("[", ".[", StringComparison.Ordinal).Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            json = (key[0] == '[' ? json[int.Parse(key[1..^1], null)] : json[key])!;
        }

        return json;
    }

    private static List<string> Paths(string name)
    {
        var paths = new List<string>();
        void Walk(JsonNode node, string path)
        {
            if (path.Length > 0)
            {
                paths.Add(path);
            }

            if (node is JsonObject o)
            {
                foreach (var (key, value) in o)
                {
                    // What is computed from others is written, and not read; settings are any object.
                    if (value is not null && key != "settings" && !(key == "particles_per_second" && (path.EndsWith(']') || path == "record")))
                    {
                        Walk(value, path.Length == 0 ? key : $"{path}.{key}");
                    }
                }
            }
            else if (node is JsonArray a)
            {
                for (var i = 0; i < a.Count && i < 2; i++)
                {
                    Walk(a[i]!, $"{path}[{i}]");
                }
            }
        }

        Walk(RecordSamples.All().First(s => s.Name == name).Json, string.Empty);
        return paths;
    }
}
