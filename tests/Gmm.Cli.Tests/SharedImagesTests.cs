using Gmm.IO;

namespace Gmm.Cli.Tests;

/// <summary>An image in both half sets stops what compares the halves, and is said where it is only shown.</summary>
public sealed class SharedImagesTests : IDisposable
{
    private readonly Tool _tool = new();
    private readonly string _star;

    public SharedImagesTests()
    {
        _star = RefineSet.Write(_tool);
        File.CreateSymbolicLink(_tool["in/link.mrcs"], "particles.mrcs");
        var file = StarFile.Read(_star);
        var table = file.Find("particles")!.Table!;
        var (names, halves) = (table.GetColumn("rlnImageName"), table.GetColumn("rlnRandomSubset"));
        var (first, other) = (Array.IndexOf(halves, "1"), Array.LastIndexOf(halves, "2"));
        names[other] = names[first].Replace("particles.mrcs", "./../in/link.mrcs", StringComparison.Ordinal);
        table.SetColumn("rlnImageName", names);
        file.Write(_star, overwrite: true);
    }

    [Fact]
    public void Refine_patches_bodies_and_heterogeneity_refuse_it_and_write_nothing()
    {
        var before = RefineSet.Contents(_tool["in"]);
        File.WriteAllText(_tool["m1.star"], "data_\n");
        File.WriteAllText(_tool["m2.star"], "data_\n");
        File.WriteAllBytes(_tool["body.mrc"], [0]);
        foreach (var args in new string[][]
        {
            ["refine", _star, "--out", _tool["o"]],
            ["patches", _star, "--out", _tool["o"]],
            ["bodies", _star, "--out", _tool["o"], "--body", _tool["body.mrc"], "--body", _tool["in/true_map.mrc"]],
            ["heterogeneity", _star, "--model-half1", _tool["m1.star"], "--model-half2", _tool["m2.star"], "--out", _tool["o"]],
        })
        {
            var line = Tool.Run(args).Line();
            Assert.Contains("disturbed.star, row ", line, StringComparison.Ordinal);
            Assert.Contains("rlnImageName: the image is in both half sets", line, StringComparison.Ordinal);
            Assert.False(Directory.Exists(_tool["o"]));
            Assert.Equal(before, RefineSet.Contents(_tool["in"]));
        }
    }

    [Fact]
    public void Reconstruct_says_so()
    {
        var run = Tool.Run("reconstruct", _star, "--out", _tool["r"], "--json");
        Assert.Contains("{\"event\":\"warning\",", run.Error, StringComparison.Ordinal);
        Assert.Contains(run.Json().GetProperty("warnings").EnumerateArray(), w => w.GetString()!.Contains("in both half sets", StringComparison.Ordinal));
    }

    public void Dispose() => _tool.Dispose();
}
