using Gmm.Core;
using Gmm.IO;

namespace Gmm.Cli.Tests;

/// <summary>Tilt series and a given reference on the command line.</summary>
public sealed class TiltSeriesVerbTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void Tilt_images_are_not_called_particles()
    {
        var path = RefineSet.Write(_tool);
        var file = StarFile.Read(path);
        var table = file.Find("particles")!.Table!;
        int[] seen = [0, 0];
        table.SetColumn("gmmTiltParticle", [.. table.GetColumn("rlnRandomSubset").Select(h => h == "1" ? 1 + (seen[0]++ / 4) : 100 + (seen[1]++ / 4))
            .Select(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture))]);
        file.Write(path, overwrite: true);
        var count = table.GetColumn("gmmTiltParticle").Distinct().Count();
        Assert.Contains($"80 tilt images of {count} particles", Tool.Run("info", path).Output, StringComparison.Ordinal);
        Assert.Equal(count, Tool.Run("info", path, "--json").Json().GetProperty("items")[0].GetProperty("facts").GetProperty("tilt_particles").GetInt32());

        string[] call = ["refine", path, "--iterations", "1", "--gaussians", "50", "--max-resolution", "8"];
        var run = Tool.Run([.. call, "--out", _tool["single"]]);
        Assert.True(run.Code == 0, run.Error);
        Assert.Contains($"80 tilt images of {count} particles (gmmTiltParticle): without --tilt-series", run.Error, StringComparison.Ordinal);

        run = Tool.Run([.. call, "--out", _tool["series"], "--tilt-series", "gmmTiltParticle"]);
        Assert.True(run.Code == 0, run.Error);
        Assert.DoesNotContain("without --tilt-series", run.Error, StringComparison.Ordinal);
        var page = File.ReadAllText(_tool["series/report.html"]);
        Assert.Contains($"of {count} particles; ", page, StringComparison.Ordinal);
        Assert.Contains($"80 tilt images of {count} particles; from ", page, StringComparison.Ordinal);
        Assert.DoesNotContain("80 particles", page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_go_together_is_told_with_the_option()
    {
        var particles = RefineSet.Write(_tool);
        var file = StarFile.Read(particles);
        var table = file.Find("particles")!.Table!;
        table.SetColumn("rlnGroupName", [.. table.GetColumn("rlnRandomSubset").Select(h => "group" + h)]);
        file.Write(particles, overwrite: true);
        void Fails(string words, params string[] more)
        {
            var run = Tool.Run(["refine", particles, "--out", _tool["run"], .. more]);
            Assert.Equal(1, run.Code);
            Assert.Contains(words, run.Line(), StringComparison.Ordinal);
            Assert.False(Directory.Exists(_tool["run"]));
        }

        Fails("rlnNoSuchColumn: there is no such column", "--tilt-series", "rlnNoSuchColumn");
        Fails("it is different in every row", "--tilt-series", "_rlnImageName");
        Fails("--tilt-shift-sigma: only with --tilt-series", "--tilt-shift-sigma", "2");
        Fails("--tilt-rotation-sigma: must be from 0 to 45", "--tilt-series", "rlnRandomSubset", "--tilt-rotation-sigma", "50");
        Fails("--tilt-position-sigma: must be from 0 to 10000", "--tilt-series", "rlnRandomSubset", "--tilt-position-sigma", "1e5");
        Fails("--tilt-shift-sigma: must be from 0 to 32, half of the box", "--tilt-series", "rlnGroupName", "--tilt-shift-sigma", "33");
        Fails("rlnRandomSubset: it names what many particles have in common", "--tilt-series", "rlnRandomSubset");
        Fails("rlnGroupName: all images of a half would show one particle", "--tilt-series", "rlnGroupName");
        Fails("--tilt-series: is for --optimizer lm", "--tilt-series", "rlnRandomSubset", "--optimizer", "adam");
        Fails("--reference-resolution: is needed with --reference", "--reference", particles);
        Fails("--reference-resolution: only with --reference", "--reference-resolution", "20");
        Fails("--reference-resolution: must be positive", "--reference", particles, "--reference-resolution", "0");
        Fails("--reference: not with --model", "--reference", particles, "--reference-resolution", "20", "--model", _tool.WriteModel());

        // What cannot be a reference: a resolution that the images do not have, a mask, a map of one value.
        var mask = _tool["mask.mrc"];
        Tool.Run("mask", _tool["in/true_map.mrc"], "--sphere", "20", "--out", mask).RequireSuccess();
        Fails("--reference-resolution: must be from 4 A, twice the pixel, to 16 A", "--reference", mask, "--reference-resolution", "3.9");
        Fails("--reference-resolution: must be from 4 A, twice the pixel, to 16 A", "--reference", mask, "--reference-resolution", "17");
        Fails("mask.mrc: is a mask by its values", "--reference", mask, "--reference-resolution", "8");
        MrcFile.WriteMap(_tool["flat.mrc"], new DensityMap(32, 2, new float[32 * 32 * 32]));
        Fails("flat.mrc: every voxel of the map has the same value", "--reference", _tool["flat.mrc"], "--reference-resolution", "8");
    }
}
