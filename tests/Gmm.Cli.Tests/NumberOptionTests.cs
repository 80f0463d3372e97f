using Gmm.IO;

namespace Gmm.Cli.Tests;

/// <summary>Numbers on the command line: how they are read, and that none makes files of NaN or an error of our own.</summary>
public class NumberOptionTests
{
    [Theory]
    [InlineData("7,2")]
    [InlineData("1,000.5")]
    [InlineData("seven")]
    public void A_comma_is_no_separator_of_thousands(string value)
    {
        using var tool = new Tool();
        var run = Tool.Run("simulate", tool.WriteModel(), "--out", tool["x"], "-n", "1", "--box", "8", "--pixel-size", value);
        Assert.Equal(2, run.Code);
        Assert.Contains($"'{value}' is not a number, which --pixel-size needs", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(tool["x"]));
        var optional = Tool.Run("project", tool["m.star"], "--poses", tool["p.star"], "--out", tool["o.mrcs"], "--pixel-size", value);
        Assert.Equal(2, optional.Code);
        Assert.Contains("--pixel-size", optional.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nan")]
    [InlineData("1e999")]
    [InlineData("-Infinity")]
    public void Numbers_are_finite(string value)
    {
        using var tool = new Tool();
        var model = tool.WriteModel();
        foreach (var (option, args) in new (string, string[])[]
        {
            ("--pixel-size", ["simulate", model, "--out", tool["x"], "-n", "1", "--box", "8", $"--pixel-size={value}"]),
            ("--goal-fsc", ["build", tool["m.mrc"], "--resolution", "3", "--out", tool["x"], $"--goal-fsc={value}"]),
            ("--b-factor", ["postprocess", tool["a.mrc"], tool["b.mrc"], "--out", tool["x"], $"--b-factor={value}"]),
        })
        {
            var run = Tool.Run(args);
            Assert.Equal(1, run.Code);
            Assert.Contains($"{option}: must be finite", run.Line(), StringComparison.Ordinal);
        }

        Assert.Equal([model], Directory.GetFileSystemEntries(tool.Folder));
    }

    [Theory]
    [InlineData("--contrast-sd", "1e300")]
    [InlineData("--voltage", "1e-300")]
    [InlineData("--voltage", "1e300")]
    [InlineData("--centre-sd", "1e9")]
    [InlineData("--astigmatism", "1e300")]
    [InlineData("--defocus-max", "1e300")]
    [InlineData("--defocus-min", "-1e300")]
    [InlineData("--disturb-degrees", "1e300")]
    [InlineData("--disturb-angstrom", "1e300")]
    [InlineData("--cs", "1e300")]
    [InlineData("--b-factor", "1e300")]
    [InlineData("--snr", "1e-300")]
    [InlineData("--pixel-size", "1e300")]
    [InlineData("--particles", "2147483647")]
    public void A_simulation_stays_within_what_is_physical(string option, string value)
    {
        using var tool = new Tool();
        string[] required = [.. new[] { ("--particles", "1"), ("--box", "8"), ("--pixel-size", "4") }.Where(r => r.Item1 != option)
            .SelectMany(r => new[] { r.Item1, r.Item2 })];
        var run = Tool.Run(["simulate", tool.WriteModel(), "--out", tool["x"], .. required, option, value]);
        Assert.Equal(1, run.Code);
        Assert.StartsWith($"gmm simulate: {option}: must be ", run.Line(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(tool["x"]));
    }

    [Fact]
    public void Counts_and_sizes_beyond_reason_name_their_option()
    {
        using var tool = new Tool();
        var star = Path.Combine(tool.Simulate(), "true.star");
        foreach (var (expected, args) in new (string, string[])[]
        {
            ("--iterations: must be from 1 to 1000", ["refine", star, "--out", tool["x"], "--iterations", "2147483647"]),
            ("--pixel-size: ", ["project", star, "--poses", star, "--out", tool["x.mrcs"], "--pixel-size", "1e300"]),
            ("--particles: must be from 20 to ", ["demo", "-n", "2147483647", "--out", tool["x"]]),
            ("--iterations: must be from 1 to 1000", ["patches", star, "--out", tool["x"], "--iterations", "2147483647"]),
            ("--refine: must be from 0, for none, to 1000", ["to-pose", tool["het"], "--out", tool["x.star"], "--refine", "2147483647"]),
            ("1000 patches at most, not 2147483647", ["patches", star, "--out", tool["x"], "--count", "2147483647"]),
            ("--goal-fsc: must be over 0 and at most 1", ["build", star, "--resolution", "6", "--out", tool["x.star"], "--goal-fsc", "1.5"]),
            ("pixel size", ["reconstruct", star, "--out", tool["x"], "--pixel-size", "1e300"]),
        })
        {
            var run = Tool.Run(args);
            Assert.Equal(1, run.Code);
            Assert.Contains(expected, run.Line(), StringComparison.Ordinal);
            Assert.DoesNotContain("internal error", run.Error, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.GetFileSystemEntries(tool.Folder, "x*"));
    }

    [Theory]
    [InlineData("-1e5", "--b-factor: must be from ")]
    [InlineData("-1e4", "would not be finite numbers")]
    public void A_map_that_is_not_finite_is_not_written(string b, string expected)
    {
        using var tool = new Tool();
        var (half1, half2) = tool.Halves();
        var run = Tool.Run("postprocess", half1, half2, "--out", tool["p"], "--b-factor=" + b);
        Assert.Equal(1, run.Code);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(tool.Folder, "p*"));
    }

    [Fact]
    public void Names_are_printed_without_control_characters()
    {
        using var tool = new Tool();
        var output = tool["x\u001b[31mred"];
        var run = Tool.Run("simulate", tool.WriteModel(), "--out", output, "-n", "2", "--box", "16", "--pixel-size", "3");
        run.RequireSuccess();
        Assert.True(Directory.Exists(output));
        Assert.Contains("x\\x1b[31mred", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Output);
    }
}
