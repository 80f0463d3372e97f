namespace Gmm.Cli.Tests;

public class UsageTests
{
    [Theory]
    [InlineData("a verb is needed before '--threads'", "--threads")]
    [InlineData("'frob' is not a verb", "frob")]
    [InlineData("<MODEL> is required", "simulate", "--out", "x", "--particles", "1", "--box", "8", "--pixel-size", "1")]
    [InlineData("'--out' is required", "simulate", "m.pdb", "--particles", "1", "--box", "8", "--pixel-size", "1")]
    [InlineData("'abc'", "simulate", "m.pdb", "--out", "x", "--particles", "abc", "--box", "8", "--pixel-size", "1")]
    [InlineData("'--frob'", "fsc", "a.mrc", "b.mrc", "--frob")]
    [InlineData("'newton'", "refine", "p.star", "--out", "x", "--optimizer", "newton")]
    [InlineData("'some'", "build", "m.mrc", "--resolution", "3", "--out", "x", "--gaussians", "some")]
    [InlineData("--threads: 1 to 4096 threads are possible, not 0", "fsc", "a.mrc", "b.mrc", "--threads", "0")]
    [InlineData("--threads: 1 to 4096 threads are possible, not 4097", "fsc", "a.mrc", "b.mrc", "--threads", "4097")]
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
        Assert.Contains("Verbs, poses and motion:", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--pixel-size", "0")]
    [InlineData("--pixel-size", "-1")]
    [InlineData("--pixel-size", "NaN")]
    [InlineData("--particles", "0")]
    [InlineData("--snr", "-1")]
    [InlineData("--box", "2")]
    [InlineData("--amplitude-contrast", "2")]
    [InlineData("--beam-tilt", "0.1")]
    [InlineData("--beam-tilt", "1,x")]
    [InlineData("--odd-zernike", "1,2,3")]
    [InlineData("--even-zernike", "[1,NaN]")]
    [InlineData("--magnification", "1,0,0")]
    [InlineData("--magnification", "0,1,1,0")]
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

    [Theory]
    [InlineData("'--iteratons' is not an option; did you mean --iterations?", "refine", "p.star", "--out", "x", "--iteratons", "3")]
    [InlineData("'--pixelsize' is not an option; did you mean --pixel-size?", "simulate", "m.pdb", "--pixelsize=2")]
    [InlineData("'--nothing-like-it' is not an option", "refine", "p.star", "--out", "x", "--nothing-like-it")]
    [InlineData("'refne' is not a verb; did you mean refine?", "refne", "p.star")]
    [InlineData("'fcs' is not a verb; did you mean fsc?", "fcs")]
    [InlineData("'topose' is not a verb; did you mean to-pose?", "help", "topose")]
    [InlineData("'frobnicate' is not a verb; there are refine, ", "frobnicate")]
    public void A_misspelt_word_is_recognised_and_its_value_is_no_second_fault(string expected, params string[] args)
    {
        var run = Tool.Run(args);
        Assert.Equal((2, string.Empty), (run.Code, run.Output));
        Assert.Equal(2, run.Error.TrimEnd().Split('\n').Length);
        Assert.Contains($"gmm{(args[0] is "refine" or "simulate" ? " " + args[0] : string.Empty)}: {expected}", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_is_a_word_too()
    {
        Assert.Equal(Tool.Run("refine", "--help").Output, Tool.Run("help", "refine").Output);
        Assert.Equal(Tool.Run("--help").Output, Tool.Run("help").Output);
    }

    [Fact]
    public void Library_names_do_not_show()
    {
        using var tool = new Tool();
        var model = tool.WriteModel();
        string Line(params string[] args) => Tool.Run(args).Line();
        Assert.Equal(
            "gmm experiment: --pixel-size: must be less than half the rigid part's resolution, 3 A",
            Line("experiment", "flexible-domains", "--out", tool["x"], "--pixel-size", "2"));
        Assert.Equal("gmm experiment: --copies: must be 1 to 1000", Line("experiment", "flexible-domains", "--out", tool["x"], "--copies", "0"));
        Assert.StartsWith(
            "gmm qscore: --sigma: must be positive",
            Line("qscore", tool["sim/true_map.mrc"], Path.Combine(tool.Simulate(), "model.cif"), "--out", tool["q"], "--sigma", "0"),
            StringComparison.Ordinal);
        Assert.StartsWith(
            "gmm molmap: --resolution: must be from two voxels",
            Line("molmap", model, "--resolution", "3", "--pixel-size", "2", "--box", "32", "--out", tool["a.mrc"]), StringComparison.Ordinal);
        Assert.StartsWith(
            "gmm reconstruct: --pixel-size: the pixel size 0 is not positive",
            Line("reconstruct", tool["sim/true.star"], "--out", tool["r"], "--pixel-size", "0"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_with_another_kinds_ending_is_refused_before_any_work()
    {
        using var tool = new Tool();
        var map = Path.Combine(tool.Simulate(), "true_map.mrc");
        var before = Directory.GetFileSystemEntries(tool.Folder).Length;
        foreach (var (name, fits, args) in new (string, string, string[])[]
        {
            ("x.mrc", ".star", ["build", map, "--resolution", "8"]),
            ("x.star", ".mrc", ["molmap", tool["model.pdb"], "--resolution", "6", "--pixel-size", "2.5", "--box", "24"]),
            ("x.pdb", ".mrc", ["mask", map, "--sphere", "15"]), ("x.star", ".mrcs", ["project", tool["none.star"], "--poses", tool["sim/true.star"]]),
        })
        {
            File.WriteAllText(tool["none.star"], string.Empty);
            var line = Tool.Run([.. args, "--out", tool[name]]).Line();
            Assert.Contains($"--out: {tool[name]} has the ending of another kind of file; {fits} is the one for this", line, StringComparison.Ordinal);
        }

        Assert.Contains(
            $"--out: {tool["page.pdf"]} is no page by its ending", Tool.Run("report", tool["sim"], "--out", tool["page.pdf"]).Line(), StringComparison.Ordinal);

        // A folder where a prefix of file names is needed would make files that no one sees.
        foreach (var args in new string[][] { ["reconstruct", tool["sim/true.star"]], ["fsc", map, map], ["postprocess", map, map], ["localres", map, map] })
        {
            Assert.Contains(
                $"--out: '{tool["rec/"]}' names no file", Tool.Run([.. args, "--out", tool["rec/"]]).Line(), StringComparison.Ordinal);
        }

        Assert.Equal(before + 1, Directory.GetFileSystemEntries(tool.Folder).Length);
    }

    private static string[] Required(string but) =>
        [.. new[] { ("--particles", "2"), ("--box", "24"), ("--pixel-size", "2.5") }.Where(o => o.Item1 != but).SelectMany(o => new[] { o.Item1, o.Item2 })];
}
