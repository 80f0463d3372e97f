using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Cli.Tests;

/// <summary>Bad maps, masks and models: a clear error or a clear warning from every verb that judges maps, never a silent number.</summary>
public sealed class ValidationInputTests : IDisposable
{
    private readonly Tool _tool = new();
    private readonly string _a;
    private readonly string _b;
    private readonly string _model;

    public ValidationInputTests()
    {
        _model = _tool.WriteModel();
        Tool.Run("molmap", _model, "--resolution", "6", "--pixel-size", "2", "--box", "32", "--out", _tool["truth.mrc"]).RequireSuccess();
        var truth = MrcFile.ReadVolume(_tool["truth.mrc"]);
        (_a, _b) = (_tool["a.mrc"], _tool["b.mrc"]);
        var spread = 0.3f * truth.Voxels.Max();
        foreach (var (file, seed) in new[] { (_a, 1), (_b, 2) })
        {
            var random = new Random(seed);
            MrcFile.WriteVolume(file, truth with { Voxels = Array.ConvertAll(truth.Voxels, v => v + (spread * (float)(random.NextDouble() - 0.5))) });
        }
    }

    [Fact]
    public void Half_maps_that_do_not_belong_together()
    {
        var b = MrcFile.ReadVolume(_b);
        MrcFile.WriteVolume(_tool["pixel.mrc"], b with { PixelSize = (3, 3, 3) });
        MrcFile.WriteVolume(_tool["box.mrc"], b with { Size = (30, 30, 30), Voxels = b.Voxels[..27000] });
        MrcFile.WriteVolume(_tool["flat.mrc"], b with { Voxels = new float[b.Voxels.Length] });
        MrcFile.WriteVolume(_tool["brick.mrc"], b with { Size = (32, 16, 64) });
        MrcFile.WriteVolume(_tool["oblong.mrc"], b with { PixelSize = (2, 2, 2.5) });
        var bytes = File.ReadAllBytes(_b);
        BitConverter.GetBytes(float.NaN).CopyTo(bytes, 1024 + 400);
        File.WriteAllBytes(_tool["nan.mrc"], bytes);
        File.WriteAllBytes(_tool["cut.mrc"], bytes[..5000]);
        File.Copy(_a, _tool["copy.mrc"]);
        File.CreateSymbolicLink(_tool["link.mrc"], _a);
        var map = MrcFile.ReadMap(_a);
        MrcFile.WriteMap(_tool["scaled.mrc"], new DensityMap(map.Size, map.PixelSize, [.. map.Voxels.Select(v => 3 + (0.37f * v))]));
        foreach (var (file, message) in new[]
        {
            ("pixel.mrc", "32 voxels of 3 A"), ("box.mrc", "30 voxels"), ("flat.mrc", "same value"), ("brick.mrc", "cube"), ("oblong.mrc", "not cubes"),
            ("nan.mrc", "NaN"), ("cut.mrc", "truncated"), ("none.mrc", "no such file"),
        })
        {
            foreach (var verb in new[] { "fsc", "mask", "postprocess", "localres" })
            {
                Fails(file, message, [verb, _a, _tool[file], "--out", _tool["o/o.mrc"]]);
            }
        }

        foreach (var verb in new[] { "mask", "postprocess", "localres" })
        {
            Fails("copy.mrc", "same voxels", [verb, _a, _tool["copy.mrc"], "--out", _tool["o/o.mrc"]]);
            Fails("a.mrc", "both half maps", [verb, _a, _a, "--out", _tool["o/o.mrc"]]);
            Fails("link.mrc", "both half maps", [verb, _a, _tool["link.mrc"], "--out", _tool["o/o.mrc"]]);
            Fails("scaled.mrc", "on another scale", [verb, _a, _tool["scaled.mrc"], "--out", _tool["o/o.mrc"]]);
        }

        Fails("copy.mrc", "same voxels", ["fsc", _a, _tool["copy.mrc"], "--mask", WriteMask(4), "--phase-randomise"]);
        var same = Tool.Run("fsc", _a, _tool["copy.mrc"], "--json");
        Assert.Contains("same voxels", same.Error, StringComparison.Ordinal);
        Assert.Contains(same.Json().GetProperty("warnings").EnumerateArray(), w => w.GetString()!.Contains("same voxels", StringComparison.Ordinal));
        Assert.Contains("same file", Tool.Run("fsc", _a, _tool["link.mrc"]).Error, StringComparison.Ordinal);
        Assert.Contains("another scale", Tool.Run("fsc", _a, _tool["scaled.mrc"]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Masks_that_are_none()
    {
        var size = MrcFile.ReadMap(_a).Voxels.Length;
        MrcFile.WriteMap(_tool["empty.mrc"], new DensityMap(32, 2, new float[size]));
        MrcFile.WriteMap(_tool["big.mrc"], new DensityMap(32, 2, [.. Enumerable.Repeat(2f, size)]));
        MrcFile.WriteMap(_tool["negative.mrc"], new DensityMap(32, 2, [.. Enumerable.Range(0, size).Select(i => i % 2 == 0 ? 1f : -0.5f)]));
        MrcFile.WriteMap(_tool["other.mrc"], SolventMasks.Sphere(30, 2, 15, 4));
        foreach (var (file, message) in new[]
        {
            ("empty.mrc", "empty"), ("big.mrc", "from 0 to 1"), ("negative.mrc", "from 0 to 1"), ("other.mrc", "30 voxels"),
        })
        {
            foreach (var verb in new[] { "fsc", "postprocess", "localres" })
            {
                Fails(file, message, [verb, _a, _b, "--mask", _tool[file], "--out", _tool["o/o.mrc"]]);
            }

            Fails(file, message, ["fsc", _a, _b, "--region", _tool[file]]);
            Fails(file, message, ["mask", _a, _b, "--and", _tool[file], "--out", _tool["o/o.mrc"]]);
        }

        MrcFile.WriteMap(_tool["hard.mrc"], SolventMasks.Sphere(32, 2, 20, 0));
        foreach (var args in new string[][]
        {
            ["fsc", _a, _b, "--mask", _tool["hard.mrc"]], ["fsc", _a, _b, "--region", _tool["hard.mrc"], "--phase-randomise"],
            ["postprocess", _a, _b, "--mask", _tool["hard.mrc"], "--b-factor", "0", "--out", _tool["p"]],
            ["localres", _a, _b, "--mask", _tool["hard.mrc"], "--out", _tool["l.mrc"]], ["mask", _a, _b, "--and", _tool["hard.mrc"], "--out", _tool["m.mrc"]],
        })
        {
            var run = Tool.Run(args);
            Assert.Equal(0, run.Code);
            Assert.Contains("hard.mrc: the mask is binary", run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_model_that_is_not_in_the_map()
    {
        var far = _tool.WriteModel("far.pdb", 500);
        Fails("far.pdb", "outside the map's box", ["fsc", _a, _b, "--model", far]);
        Fails("far.pdb", "outside the map's box", ["fsc", _a, "--model", far]);
        Fails("far.pdb", "outside the map's box", ["mask", _a, "--model", far, "--out", _tool["o/o.mrc"]]);
        Fails("a.mrc", "150 of 150 atoms lie outside", ["qscore", _a, far, "--out", _tool["o/q"]]);
        File.WriteAllText(_tool["bad.pdb"], "no atoms here\n");
        Fails("bad.pdb", string.Empty, ["fsc", _a, "--model", _tool["bad.pdb"]]);
        Fails("bad.pdb", string.Empty, ["qscore", _a, _tool["bad.pdb"], "--out", _tool["o/q"]]);
        var bytes = File.ReadAllBytes(_a);
        BitConverter.GetBytes(float.PositiveInfinity).CopyTo(bytes, 1024 + 400);
        File.WriteAllBytes(_tool["inf.mrc"], bytes);
        Fails("inf.mrc", "infinite", ["qscore", _tool["inf.mrc"], _model, "--out", _tool["o/q"]]);
    }

    [Fact]
    public void A_map_stored_in_another_order_of_axes_is_the_same_map()
    {
        // MAPC, MAPR, MAPS = 3, 1, 2: columns run along z, rows along x, sections along y.
        var map = MrcFile.ReadVolume(_b);
        var stored = new float[map.Voxels.Length];
        for (var i = 0; i < stored.Length; i++)
        {
            int z = i % 32, x = i / 32 % 32, y = i / 1024;
            stored[i] = map.Voxels[(((z * 32) + y) * 32) + x];
        }

        MrcFile.WriteVolume(_tool["order.mrc"], map with { Voxels = stored });
        var bytes = File.ReadAllBytes(_tool["order.mrc"]);
        foreach (var (word, axis) in new[] { (16, 3), (17, 1), (18, 2) })
        {
            BitConverter.GetBytes(axis).CopyTo(bytes, 4 * word);
        }

        File.WriteAllBytes(_tool["order.mrc"], bytes);
        Assert.Equal(map.Voxels, MrcFile.ReadVolume(_tool["order.mrc"]).Voxels);
        Assert.Equal(Tool.Run("fsc", _a, _b).Output, Tool.Run("fsc", _a, _tool["order.mrc"]).Output);
        foreach (var file in new[] { _b, _tool["order.mrc"] })
        {
            var name = Path.GetFileNameWithoutExtension(file);
            Tool.Run("localres", _a, file, "--out", _tool[name + "_l.mrc"]).RequireSuccess();
            Tool.Run("qscore", file, _model, "--out", _tool[name + "_q"], "--atoms").RequireSuccess();
        }

        Assert.Equal(MrcFile.ReadMap(_tool["b_l.mrc"]).Voxels, MrcFile.ReadMap(_tool["order_l.mrc"]).Voxels);
        Assert.Equal(File.ReadAllText(_tool["b_q_atoms.csv"]), File.ReadAllText(_tool["order_q_atoms.csv"]));
    }

    public void Dispose() => _tool.Dispose();

    private string WriteMask(double softEdge)
    {
        var file = _tool["soft.mrc"];
        MrcFile.WriteMap(file, SolventMasks.Sphere(32, 2, 20, softEdge), overwrite: true);
        return file;
    }

    /// <summary>One line on standard error that names the file; nothing else is printed or written.</summary>
    private void Fails(string file, string message, string[] args)
    {
        var run = Tool.Run(args);
        Assert.True(run.Code == 1, $"{string.Join(' ', args)}: {run.Code} {run.Error}");
        Assert.Contains(file, run.Line(), StringComparison.Ordinal);
        Assert.Contains(message, run.Line(), StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_tool["o"]));
    }
}
