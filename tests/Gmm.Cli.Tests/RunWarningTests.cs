using System.Text.Json;

namespace Gmm.Cli.Tests;

/// <summary>What a run's own figures say against it reaches people, programs and the record.</summary>
public sealed class RunWarningTests
{
    [Fact]
    public void Poses_that_the_images_do_not_determine()
    {
        using var tool = new Tool();
        Tool.Run(
            "simulate", tool.WriteModel(), "--out", tool["sim"], "--particles", "600", "--box", "32", "--pixel-size", "2", "--snr", "0.05",
            "--disturb-degrees", "4").RequireSuccess();
        Tool.Run("mask", tool["sim/true_map.mrc"], "--sphere", "22", "--out", tool["mask.mrc"]).RequireSuccess();
        var run = Tool.Run(
            "refine", tool["sim/disturbed.star"], "--out", tool["o"], "--iterations", "1", "--gaussians", "50", "--mask", tool["mask.mrc"],
            "--start-resolution", "20", "--json");
        const string Said = "median uncertainty of the rotations is ";
        Assert.Single(
            run.Error.Split('\n'), l => l.StartsWith("{\"event\":\"warning\"", StringComparison.Ordinal) && l.Contains(Said, StringComparison.Ordinal));
        Assert.Contains(run.Json().GetProperty("warnings").EnumerateArray(), w => w.GetString()!.Contains(Said, StringComparison.Ordinal));
        Assert.Contains(
            run.Json().GetProperty("warnings").EnumerateArray(),
            w => w.GetString()!.Contains(" of 600 particles could not be refined", StringComparison.Ordinal));
        using var record = JsonDocument.Parse(File.ReadAllText(tool["o/run.json"]));
        Assert.Contains(record.RootElement.GetProperty("warnings").EnumerateArray(), w => w.GetString()!.Contains(Said, StringComparison.Ordinal));
    }

    [Fact]
    public void Metadata_of_another_unit()
    {
        using var tool = new Tool();
        var star = RefineSet.Write(tool);
        var text = File.ReadAllText(star);
        Assert.Contains(" 300.000000 2.700000 ", text, StringComparison.Ordinal);
        File.WriteAllText(star, text.Replace(" 300.000000 2.700000 ", " 300000.000000 2.700000 ", StringComparison.Ordinal));
        Assert.Contains("if these are volts, write 300", Tool.Run("refine", star, "--out", tool["o"]).Line(), StringComparison.Ordinal);
        File.WriteAllText(star, text.Replace(" 300.000000 2.700000 ", " 300.000000 11.000000 ", StringComparison.Ordinal));
        string[] args = ["refine", star, "--out", tool["o"], .. RefineSet.Quick];
        var run = Tool.Run([.. args, "--json"]);
        Assert.Single(run.Error.Split('\n'), l => l.Contains("is over 10 mm", StringComparison.Ordinal));
        Assert.Contains(run.Json().GetProperty("warnings").EnumerateArray(), w => w.GetString()!.Contains("is over 10 mm", StringComparison.Ordinal));
        Assert.Contains("is over 10 mm", File.ReadAllText(tool["o/run.json"]), StringComparison.Ordinal);
    }
}
