using Gmm.Core;
using Gmm.IO;

namespace Gmm.Cli.Tests;

public class MaskVerbTests
{
    [Fact]
    public void Half_maps_a_model_a_sphere_and_a_threshold_give_masks_of_the_particle()
    {
        using var tool = new Tool();
        var (a, b) = tool.Halves();
        var auto = Tool.Run("mask", a, b, "--out", tool["auto.mrc"], "--json").Json();
        Assert.InRange(auto.GetProperty("fraction").GetDouble(), 0.05, 0.9);
        var model = Tool.Run("mask", a, "--model", tool["model.pdb"], "--centre-model", "--out", tool["model.mrc"], "--json").Json();
        Assert.InRange(model.GetProperty("volume_A3").GetDouble(), 4 * Math.Pow(14, 3), 4.2 * Math.Pow(26, 3));
        var sphere = Tool.Run("mask", a, "--sphere", "12", "--soft-edge", "0", "--out", tool["sphere.mrc"], "--json").Json();
        Assert.InRange(sphere.GetProperty("volume_A3").GetDouble(), 6800, 7700); // 4/3 pi 12^3 is 7238
        Tool.Run("mask", a, b, "--threshold", "0.5", "--low-pass", "0", "--extend", "0", "--soft-edge", "5", "--out", tool["t.mrc"]).RequireSuccess();
        var first = MrcFile.ReadMap(a);
        var second = MrcFile.ReadMap(b);
        var mask = MrcFile.ReadMask(tool["t.mrc"]);
        Assert.Equal(first.Voxels.Zip(second.Voxels, (x, y) => 0.5f * (x + y)).Count(v => v >= 0.5), mask.Voxels.Count(v => v == 1));
        var rest = Tool.Run("mask", a, "--sphere", "12", "--soft-edge", "0", "--without", tool["sphere.mrc"], "--out", tool["none.mrc"]);
        Assert.Contains("leave nothing", rest.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_mask_lies_where_the_map_lies()
    {
        using var tool = new Tool();
        var (a, _) = tool.Halves();
        var moved = MrcFile.ReadVolume(a) with { Origin = (10, 20, 30) };
        MrcFile.WriteVolume(tool["moved.mrc"], moved);
        Tool.Run("mask", tool["moved.mrc"], "--sphere", "10", "--out", tool["m.mrc"]).RequireSuccess();
        Assert.Equal((10, 20, 30), MrcFile.ReadVolume(tool["m.mrc"]).Origin);
    }

    [Fact]
    public void Bad_pairs_of_half_maps_are_one_line_that_names_the_file()
    {
        using var tool = new Tool();
        var (a, b) = tool.Halves();
        var map = MrcFile.ReadMap(b);
        File.Copy(a, tool["copy.mrc"]);
        MrcFile.WriteMap(tool["pixel.mrc"], new DensityMap(map.Size, 3, map.Voxels));
        MrcFile.WriteMap(tool["box.mrc"], new DensityMap(20, map.PixelSize, map.Voxels[..8000]));
        MrcFile.WriteMap(tool["flat.mrc"], new DensityMap(map.Size, map.PixelSize, new float[map.Voxels.Length]));
        var bytes = File.ReadAllBytes(b);
        BitConverter.GetBytes(float.NaN).CopyTo(bytes, 1024 + 400);
        File.WriteAllBytes(tool["nan.mrc"], bytes);
        foreach (var (file, message) in new[]
        {
            (a, "both half maps"), (tool["copy.mrc"], "same voxels"), (tool["pixel.mrc"], "24 voxels of 3 A"), (tool["box.mrc"], "20 voxels"),
            (tool["flat.mrc"], "same value"), (tool["nan.mrc"], "NaN"),
        })
        {
            var run = Tool.Run("mask", a, file, "--out", tool["m.mrc"]);
            Assert.Equal(1, run.Code);
            Assert.Contains(message, run.Line(), StringComparison.Ordinal);
            Assert.Contains(Path.GetFileName(file), run.Line(), StringComparison.Ordinal);
            Assert.False(File.Exists(tool["m.mrc"]));
        }
    }

    [Fact]
    public void Calls_without_sense_name_the_option()
    {
        using var tool = new Tool();
        var (a, _) = tool.Halves();
        foreach (var (expected, args) in new (string, string[])[]
        {
            ("needs --threshold", []), ("--sphere: ", ["--sphere", "-3"]), ("--extend: ", ["--sphere", "3", "--extend", "-1"]),
            ("give one of them", ["--sphere", "3", "--threshold", "1"]), ("reaches the threshold", ["--threshold", "1e9"]),
            ("outside the map's box", ["--model", tool.WriteModel("far.pdb", 500)]),
        })
        {
            var run = Tool.Run(["mask", a, "--out", tool["m.mrc"], .. args]);
            Assert.Equal(1, run.Code);
            Assert.Contains(expected, run.Line(), StringComparison.Ordinal);
        }
    }
}
