using System.Globalization;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Testing;

namespace Gmm.Cli.Tests;

public class FscVerbTests
{
    private const int Size = 40;

    [Fact]
    public void Regions_get_curves_of_their_own_and_every_table_and_picture_holds_them()
    {
        using var tool = new Tool();
        WriteHalves(tool);
        MrcFile.WriteMap(tool["all.mrc"], SolventMasks.Sphere(Size, 2, 30, 8));
        MrcFile.WriteMap(tool["left.mrc"], Side(0));
        MrcFile.WriteMap(tool["right.mrc"], Side(1));
        var run = Tool.Run(
            "fsc", tool["h1.mrc"], tool["h2.mrc"], "--mask", tool["all.mrc"], "--phase-randomise", "--region", tool["left.mrc"], "--region",
            tool["right.mrc"], "--out", tool["f/fsc"], "--json");
        var json = run.Json();
        var curves = json.GetProperty("curves").EnumerateArray().ToDictionary(
            c => c.GetProperty("name").GetString()!, c => c.GetProperty("resolution_0143_A").GetDouble());
        Assert.Equal(["corrected", "masked", "unmasked", "left.mrc", "right.mrc"], curves.Keys);
        Assert.Equal(json.GetProperty("resolution_0143_A").GetDouble(), curves["corrected"]);

        // The left half ends at 10 A, the right at 5. A small mask blurs the strong signal's end, and unmasked maps agree too well for a correction there.
        Assert.InRange(curves["left.mrc"], 6.2, 11.5);
        Assert.InRange(curves["right.mrc"], 4.2, 5.7);
        Assert.Equal(5, json.GetProperty("files").GetArrayLength());
        Assert.All(json.GetProperty("files").EnumerateArray(), f => Assert.True(new FileInfo(f.GetString()!).Length > 0));
        var table = StarFile.Read(tool["f/fsc.star"]).Find("fsc")!.Table!;
        var lines = File.ReadAllLines(tool["f/fsc.csv"]);
        Assert.Equal("shell,frequency_1_per_A,resolution_A,corrected,masked,unmasked,phases random,left.mrc,right.mrc", lines[0]);
        Assert.Equal((Size / 2) + 2, lines.Length);
        Assert.Equal("0,0.000000,", string.Join(',', lines[1].Split(',')[..3]));
        for (var s = 1; s <= Size / 2; s++)
        {
            var fields = lines[s + 1].Split(',').Select(f => double.Parse(f, CultureInfo.InvariantCulture)).ToArray();
            Assert.Equal((s, 2.0 * Size / s), (fields[0], Math.Round(fields[2], 4)), (x, y) => x.Item1 == y.Item1 && Math.Abs(x.Item2 - y.Item2) < 1e-3);
            Assert.Equal(table.GetDouble(s, FscFile.Corrected), fields[3], 6);
            Assert.Equal(table.GetDouble(s, FscFile.PhaseRandomized), fields[6], 6);
            Assert.Equal(table.GetDouble(s, "gmmFourierShellCorrelationRegion2"), fields[8], 6);
        }
    }

    [Fact]
    public void A_model_is_compared_where_it_lies()
    {
        using var tool = new Tool();
        var model = tool.WriteModel();
        Tool.Run("molmap", model, "--resolution", "5", "--pixel-size", "2", "--box", "32", "--out", tool["map.mrc"]).RequireSuccess();
        var map = MrcFile.ReadVolume(tool["map.mrc"]);
        var random = new Random(3);
        var spread = 0.05f * map.Voxels.Max();
        MrcFile.WriteVolume(tool["noisy.mrc"], map with { Voxels = Array.ConvertAll(map.Voxels, v => v + (spread * (float)(random.NextDouble() - 0.5))) });
        MrcFile.WriteVolume(tool["moved.mrc"], map with { Origin = (map.Origin.X + 6, map.Origin.Y, map.Origin.Z) });
        var json = Tool.Run("fsc", tool["noisy.mrc"], "--model", model, "--out", tool["m"], "--json").Json();
        Assert.Equal("model", json.GetProperty("curves")[0].GetProperty("name").GetString());
        Assert.All(json.GetProperty("shells").EnumerateArray().Skip(1).Take(8), s => Assert.InRange(s.GetProperty("fsc").GetDouble(), 0.95, 1));
        var moved = Tool.Run("fsc", tool["moved.mrc"], "--model", model, "--json").Json();
        Assert.InRange(moved.GetProperty("resolution_05_A").GetDouble(), 12, 64);
        var both = Tool.Run("fsc", tool["map.mrc"], tool["noisy.mrc"], "--model", model, "--json").Json();
        Assert.Equal(["unmasked", "model"], both.GetProperty("curves").EnumerateArray().Select(c => c.GetProperty("name").GetString()!));
    }

    [Fact]
    public void Warnings_tell_of_curves_that_never_fall_and_masks_that_are_too_tight()
    {
        using var tool = new Tool();
        WriteHalves(tool);
        var map = MrcFile.ReadMap(tool["h1.mrc"]);
        MrcFile.WriteMap(tool["twice.mrc"], new DensityMap(Size, 2, Array.ConvertAll(map.Voxels, v => 2 * v)));
        var level = Tool.Run("fsc", tool["h1.mrc"], tool["twice.mrc"], "--json");
        Assert.Contains("never falls below 0.143", level.Error, StringComparison.Ordinal);
        Assert.True(level.Json().GetProperty("resolution_is_nyquist").GetBoolean());
        MrcFile.WriteMap(tool["tight.mrc"], SolventMasks.Sphere(Size, 2, 5, 1));
        var tight = Tool.Run("fsc", tool["h1.mrc"], tool["h2.mrc"], "--mask", tool["tight.mrc"], "--phase-randomise", "--json");
        Assert.Contains("too tight", tight.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, tight.Json().GetProperty("warnings").GetArrayLength());
    }

    [Fact]
    public void Calls_without_sense_name_the_option()
    {
        using var tool = new Tool();
        WriteHalves(tool);
        foreach (var (expected, args) in new (string, string[])[]
        {
            ("--phase-randomise: ", [tool["h2.mrc"], "--phase-randomise"]), ("a second map or --model", []),
            ("--region: ", ["--model", tool.WriteModel(), "--region", tool["h1.mrc"]]),
        })
        {
            var run = Tool.Run(["fsc", tool["h1.mrc"], .. args]);
            Assert.Equal(1, run.Code);
            Assert.Contains(expected, run.Line(), StringComparison.Ordinal);
        }
    }

    /// <summary>Halves of signal to noise 10 that share white structure to 10 A on the left (x below the centre) and to 5 A on the right.</summary>
    private static void WriteHalves(Tool tool)
    {
        var coarse = MapFilters.LowPass(Noise(1), 10, 0);
        var fine = MapFilters.LowPass(Noise(2), 5, 0);
        for (var h = 1; h <= 2; h++)
        {
            var noise = Noise(10 + h).Voxels;
            MrcFile.WriteMap(
                tool[$"h{h}.mrc"],
                new DensityMap(Size, 2, [.. noise.Select((e, i) => e + ((i % Size < Size / 2 ? coarse : fine).Voxels[i] * 3.2f))]));
        }
    }

    private static SolventMask Side(int side)
    {
        var sphere = SolventMasks.Sphere(Size, 2, 14, 8).Voxels;
        var moved = new float[sphere.Length];
        for (var i = 0; i < moved.Length; i++)
        {
            var x = (i % Size) + (side == 0 ? Size / 4 : -Size / 4);
            moved[i] = x >= 0 && x < Size ? sphere[i - (i % Size) + x] : 0;
        }

        return new SolventMask(Size, 2, moved);
    }

    private static DensityMap Noise(int seed)
    {
        var random = new Random(seed);
        return new DensityMap(Size, 2, [.. Enumerable.Range(0, Size * Size * Size)
            .Select(_ => (float)Draw.Normal(random))]);
    }
}
