namespace Gmm.Cli.Tests;

public class UsageTests
{
    [Theory]
    [InlineData("a verb is needed", "--json")]
    [InlineData("'frob' is not a verb", "frob")]
    [InlineData("<MODEL> is required", "simulate", "--out", "x", "--particles", "1", "--box", "8", "--pixel-size", "1")]
    [InlineData("'--out' is required", "simulate", "m.pdb", "--particles", "1", "--box", "8", "--pixel-size", "1")]
    [InlineData("'abc'", "simulate", "m.pdb", "--out", "x", "--particles", "abc", "--box", "8", "--pixel-size", "1")]
    [InlineData("'--frob'", "fsc", "a.mrc", "b.mrc", "--frob")]
    [InlineData("'newton'", "refine", "p.star", "--out", "x", "--optimizer", "newton")]
    [InlineData("'some'", "build", "m.mrc", "--resolution", "3", "--out", "x", "--gaussians", "some")]
    [InlineData("'-4'", "build", "m.mrc", "--resolution", "3", "--out", "x", "--gaussians", "-4")]
    public void Wrong_usage_is_2_and_says_what_is_wrong(string expected, params string[] args)
    {
        var run = Tool.Run(args);
        Assert.Equal(2, run.Code);
        Assert.Equal(string.Empty, run.Output);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", run.Error, StringComparison.Ordinal);
        Assert.Contains("--help' shows", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_given_shows_the_help()
    {
        var run = Tool.Run();
        Assert.Equal((2, string.Empty), (run.Code, run.Output));
        Assert.Contains("Verbs:", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--pixel-size", "0")]
    [InlineData("--pixel-size", "-1")]
    [InlineData("--pixel-size", "NaN")]
    [InlineData("--particles", "0")]
    [InlineData("--snr", "-1")]
    [InlineData("--box", "2")]
    [InlineData("--threads", "0")]
    [InlineData("--amplitude-contrast", "2")]
    public void A_number_out_of_range_is_1_and_names_the_option(string option, string value)
    {
        using var tool = new Tool();
        var run = Tool.Run(["simulate", tool.WriteModel(), "--out", tool["x"], .. Required(option), option, value]);
        Assert.Equal(1, run.Code);
        Assert.StartsWith($"gmm simulate: {option}: ", run.Line(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(tool["x"]));
    }

    [Fact]
    public void Missing_inputs_and_folders_in_place_of_files_are_one_line()
    {
        using var tool = new Tool();
        foreach (var args in new string[][]
        {
            ["fsc", tool["none.mrc"], tool["none.mrc"]], ["build", tool["none.mrc"], "--resolution", "5", "--out", tool["o.star"]],
            ["reconstruct", tool["none.star"], "--out", tool["o"]], ["refine", tool["none.star"], "--out", tool["o"]],
            ["project", tool["none.star"], "--poses", tool["none.star"], "--out", tool["o.mrcs"]],
            ["simulate", tool["none.pdb"], "--out", tool["o"], "--particles", "1", "--box", "8", "--pixel-size", "1"],
        })
        {
            var run = Tool.Run(args);
            Assert.Equal(1, run.Code);
            Assert.Contains("none.", run.Line(), StringComparison.Ordinal);
            Assert.Contains("there is no such file", run.Line(), StringComparison.Ordinal);
        }

        Assert.Contains("is a folder", Tool.Run("fsc", tool.Folder, tool.Folder).Line(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(tool.Folder));
    }

    [Fact]
    public void A_file_of_another_kind_is_one_line_and_a_trace_only_if_asked_for()
    {
        using var tool = new Tool();
        File.WriteAllText(tool["text.mrc"], "not a map");
        var run = Tool.Run("fsc", tool["text.mrc"], tool["text.mrc"]);
        Assert.Equal(1, run.Code);
        Assert.Contains("text.mrc", run.Line(), StringComparison.Ordinal);
        Assert.Contains("   at Gmm.", Tool.Run("fsc", tool["text.mrc"], tool["text.mrc"], "--verbose").Error, StringComparison.Ordinal);
    }

    private static string[] Required(string but) =>
        [.. new[] { ("--particles", "2"), ("--box", "24"), ("--pixel-size", "2.5") }.Where(o => o.Item1 != but).SelectMany(o => new[] { o.Item1, o.Item2 })];
}
