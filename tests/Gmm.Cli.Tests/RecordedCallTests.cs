using System.Text.Json.Nodes;

namespace Gmm.Cli.Tests;

/// <summary>--options repeats a run from its record.</summary>
public sealed class RecordedCallTests : IDisposable
{
    private readonly Tool _tool = new();
    private readonly string _star;

    public RecordedCallTests() => _star = RefineSet.Write(_tool);

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void A_refinement_is_repeated_to_the_same_bits_and_what_is_given_wins()
    {
        Tool.Run(["refine", _star, "--out", _tool["a"], "--seed", "5", .. RefineSet.Quick]).RequireSuccess();
        var again = Tool.Run("refine", "--options", _tool["a/run.json"], "--out", _tool["b"]);
        again.RequireSuccess();
        Assert.Contains("options of ", again.Error, StringComparison.Ordinal);
        foreach (var name in new[] { "run_data.star", "run_half1_unfil.mrc", "run_half2_unfil.mrc", "fsc.star" })
        {
            Assert.Equal(File.ReadAllBytes(_tool[$"a/{name}"]), File.ReadAllBytes(_tool[$"b/{name}"]));
        }

        string Settings(string run) => JsonNode.Parse(File.ReadAllText(_tool[$"{run}/run.json"]))!["settings"]!.ToJsonString();
        Assert.Equal(Settings("a"), Settings("b"));

        var other = Tool.Run("refine", "--options", _tool["a/run.json"], "--out", _tool["c"], "--gaussians", "40");
        other.RequireSuccess();
        Assert.Contains("here --gaussians 40 in place of 50", other.Error, StringComparison.Ordinal);
        Assert.Equal(Settings("a").Replace("\"gaussians\":50", "\"gaussians\":40", StringComparison.Ordinal), Settings("c"));
    }

    [Theory]
    [InlineData("\"verb\": \"refine\"", "\"verb\": \"patches\"", "call.verb: is of gmm patches, not of gmm refine")]
    [InlineData("\"gaussians\"", "\"gausians\"", "call.options.gausians: is no option of gmm refine; did you mean gaussians?")]
    [InlineData("\"call\"", "\"coll\"", "has no command line to repeat")]
    [InlineData("{", "", "is not the record of a run")]
    public void A_record_that_cannot_be_repeated_is_told(string what, string with, string expected)
    {
        var text = "{ \"call\": { \"verb\": \"refine\", \"arguments\": [\"a.star\"], \"options\": { \"gaussians\": 50 } } }";
        var at = text.IndexOf(what, StringComparison.Ordinal);
        File.WriteAllText(_tool["run.json"], text[..at] + with + text[(at + what.Length)..]);
        var run = Tool.Run("refine", "--options", _tool["run.json"], "--out", _tool["b"]);
        Assert.Equal(1, run.Code);
        Assert.StartsWith($"gmm refine: {_tool["run.json"]}", run.Line(), StringComparison.Ordinal);
        Assert.Contains(expected, run.Line(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_tool["b"]));
    }

    [Fact]
    public void Patches_are_repeated_to_the_same_bits()
    {
        string[] call = ["patches", _star, "--out", _tool["p"], "--count", "2", "--iterations", "1", "--gaussians", "50", "--max-resolution", "8"];
        Tool.Run(call).RequireSuccess();
        Tool.Run("patches", "--options", _tool["p/provenance.json"], "--out", _tool["q"]).RequireSuccess();
        foreach (var name in new[] { "composite_half1_unfil.mrc", "composite_half2_unfil.mrc", "patch02/run_data.star" })
        {
            Assert.Equal(File.ReadAllBytes(_tool[$"p/{name}"]), File.ReadAllBytes(_tool[$"q/{name}"]));
        }
    }
}
