namespace Gmm.Cli.Tests;

public class HelpTests
{
    [Theory]
    [InlineData("")]
    [InlineData("refine")]
    [InlineData("ctf")]
    [InlineData("build")]
    [InlineData("reconstruct")]
    [InlineData("fsc")]
    [InlineData("qscore")]
    [InlineData("molmap")]
    [InlineData("convert")]
    [InlineData("info")]
    [InlineData("validate")]
    [InlineData("mask")]
    [InlineData("postprocess")]
    [InlineData("localres")]
    [InlineData("project")]
    [InlineData("simulate")]
    [InlineData("demo")]
    [InlineData("patches")]
    [InlineData("bodies")]
    [InlineData("composite")]
    [InlineData("heterogeneity")]
    [InlineData("to-pose")]
    [InlineData("landscape")]
    [InlineData("experiment")]
    public void Help_is_the_snapshot(string verb)
    {
        // GMM_UPDATE_SNAPSHOTS=1 writes the files anew; look at the difference before it is committed.
        var run = Tool.Run(verb.Length == 0 ? ["--help"] : [verb, "--help"]);
        Assert.Equal((0, string.Empty), (run.Code, run.Error));
        var name = $"help{(verb.Length == 0 ? string.Empty : "-" + verb)}.txt";
        if (Environment.GetEnvironmentVariable("GMM_UPDATE_SNAPSHOTS") == "1")
        {
            var source = Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "Snapshots", name);
            Directory.CreateDirectory(Path.GetDirectoryName(source)!);
            File.WriteAllText(source, run.Output.ReplaceLineEndings("\n"));
            return;
        }

        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Snapshots", name)).ReplaceLineEndings("\n"), run.Output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void No_line_of_help_is_wider_than_a_usual_terminal()
    {
        foreach (var verb in GmmTool.MakeRoot().Subcommands)
        {
            var prose = Tool.Run(verb.Name, "--help").Output.Split("Examples:")[0];
            Assert.All(prose.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 0, 120));
        }
    }

    [Fact]
    public void Version_is_shown()
    {
        var run = Tool.Run("--version");
        Assert.Equal(0, run.Code);
        Assert.Matches(@"^\d+\.\d+\.\d+", run.Output);
    }

    [Fact]
    public void Every_verb_has_the_common_options_and_an_example()
    {
        foreach (var verb in GmmTool.MakeRoot().Subcommands.Cast<VerbCommand>())
        {
            Assert.Superset(new HashSet<string> { "--json", "--threads", "--seed", "--overwrite" }, verb.Options.Select(o => o.Name).ToHashSet());
            Assert.NotEmpty(verb.Examples);
            // With --options the particles are the record's.
            Assert.All(
                verb.Examples.Where(e => !e.Contains("--options", StringComparison.Ordinal)),
                example => Assert.Empty(GmmTool.MakeRoot().Parse(example.Split(' ')[1..]).Errors));
            Assert.All(verb.Options, o => Assert.EndsWith(
                ".", o.Description!.Replace(" [auto]", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal));
        }
    }
}
