using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Cli.Tests;

/// <summary>docs/schemas are the schemas of the types, and records fit them.</summary>
public sealed partial class SchemaTests
{
    private static readonly JsonSerializerOptions s_readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Names() => [.. RecordSchemas.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_schema_file_is_that_of_the_type(string name)
    {
        // GMM_UPDATE_SCHEMAS=1 writes the files anew; look at the difference before it is committed.
        var (_, title, type) = RecordSchemas.All.First(s => s.Name == name);
        var text = RecordSchemas.Make(title, type).ToJsonString(s_readable).ReplaceLineEndings("\n") + "\n";
        if (Environment.GetEnvironmentVariable("GMM_UPDATE_SCHEMAS") == "1")
        {
            File.WriteAllText(RecordSchemas.FileOf(name), text);
        }

        Assert.Equal(File.ReadAllText(RecordSchemas.FileOf(name)).ReplaceLineEndings("\n"), text);
    }

    [Fact]
    public void No_schema_file_is_of_nothing() =>
        Assert.Equal(
            RecordSchemas.All.Select(s => s.Name + ".schema.json").Order(StringComparer.Ordinal),
            Directory.GetFiles(RecordSchemas.Folder, "*.json").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));

    /// <summary>Whatever a serializer of these packages writes for others has a schema; options are serialised only to be compared, inside settings.</summary>
    [Fact]
    public void Every_record_has_a_schema()
    {
        var known = RecordSchemas.All.Select(s => s.Type.Type).ToHashSet();
        string[] inner = ["SettingsJson", "HeterogeneitySettingsJson"];
        var contexts = RecordSchemas.All.Select(s => s.Type.Type.Assembly).Distinct()
            .SelectMany(a => a.GetTypes())
            .Where(t => t.IsSubclassOf(typeof(JsonSerializerContext)) && !inner.Contains(t.Name))
            .ToList();
        Assert.True(contexts.Count > 10);
        Assert.All(contexts, c => Assert.All(
            c.GetCustomAttributesData().Where(a => a.AttributeType == typeof(JsonSerializableAttribute)),
            a => Assert.True(known.Contains((Type)a.ConstructorArguments[0].Value!), $"{a.ConstructorArguments[0].Value} of {c.Name} has no schema")));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Names_are_in_snake_case_with_units_and_all_is_closed_and_described(string name)
    {
        var objects = 0;
        void Walk(JsonNode? node)
        {
            if (node is JsonArray list)
            {
                list.ToList().ForEach(Walk);
            }

            if (node is not JsonObject o)
            {
                return;
            }

            if (o["properties"] is JsonObject properties)
            {
                objects++;
                Assert.False(o["additionalProperties"]!.GetValue<bool>());
                foreach (var (member, schema) in properties)
                {
                    Assert.Matches(SnakeCase(), member);
                    Assert.False(string.IsNullOrWhiteSpace(schema!["description"]?.GetValue<string>()), member);
                }
            }

            o.ToList().ForEach(p => Walk(p.Value));
        }

        Walk(JsonNode.Parse(File.ReadAllText(RecordSchemas.FileOf(name))));
        Assert.True(objects > 0);
    }

    /// <summary>What the validator refuses, so that what it accepts says something.</summary>
    [Fact]
    public void A_record_with_a_member_too_many_too_few_or_of_another_kind_is_refused()
    {
        var error = RecordFile.ToText(
            new ErrorReport(new ErrorDetail("m", ErrorDetail.BadInput, null, 3, null, null, null, 1)), ErrorReports.Default.ErrorReport);
        SchemaCheck.Valid("error", error);
        foreach (var (from, to) in new[]
        {
            ("\"row\":3", "\"row\":\"3\""), ("\"row\":3,", string.Empty), ("\"row\":3", "\"row\":3,\"more\":1"),
            ("\"message\":\"m\"", "\"message\":null"),
        })
        {
            Assert.NotNull(SchemaCheck.Problem("error", error.Replace(from, to, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void Whole_examples_of_records_fit()
    {
        var names = RecordSchemas.All.ToDictionary(s => s.Type.Type.Name, s => s.Name);
        Assert.All(RecordSamples.All(), s => SchemaCheck.Valid(names[s.Name], s.Json.ToJsonString()));
    }

    [GeneratedRegex("^[a-z][a-z0-9]*(_[a-z0-9]+)*(_A[23]?)?$")]
    private static partial Regex SnakeCase();
}
