using System.Text.Json;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Cli.Tests;

/// <summary>gmm refine --focus: its report, its files and its errors.</summary>
public sealed class FocusTests : IDisposable
{
    private readonly Tool _tool = new();
    private readonly string _star;

    public FocusTests() => _star = RefineSet.Write(_tool);

    [Fact]
    public void It_reports_the_region_and_its_motion()
    {
        MrcFile.WriteMap(_tool["focus.mrc"], SolventMasks.Sphere(32, 2, 14, 6));
        var json = Refine("--focus", _tool["focus.mrc"], "--mask", Solvent(), "--json").Json();
        var focus = json.GetProperty("focus");
        Assert.Contains(focus.GetProperty("signal").ValueKind, new[] { JsonValueKind.True, JsonValueKind.False });
        Assert.Equal(["half1", "half2"], focus.GetProperty("motion").EnumerateObject().Select(h => h.Name));
        Assert.Equal(36, focus.GetProperty("motion").GetProperty("half1").GetProperty("covariance").GetArrayLength());
        Assert.True(focus.GetProperty("movement_rms_A").GetDouble() >= 0);
        using var record = JsonDocument.Parse(File.ReadAllText(_tool["out/run.json"]));
        var iterations = record.RootElement.GetProperty("iterations");
        Assert.Equal(focus.GetRawText().Length > 0, iterations[iterations.GetArrayLength() - 1].TryGetProperty("focus", out _));
        Assert.False(iterations[0].TryGetProperty("focus", out _));
        Assert.Equal("subtract", record.RootElement.GetProperty("settings").GetProperty("focus").GetProperty("mode").GetString());
    }

    [Fact]
    public void The_published_way_learns_no_motion()
    {
        MrcFile.WriteMap(_tool["focus.mrc"], SolventMasks.Sphere(32, 2, 14, 6));
        var json = Refine("--focus", _tool["focus.mrc"], "--mask", Solvent(), "--focus-mode", "width", "--no-motion-prior", "--json").Json();
        Assert.False(json.GetProperty("focus").TryGetProperty("motion", out var motion) && motion.ValueKind != JsonValueKind.Null);
    }

    [Fact]
    public void A_region_of_expanded_particles_goes_back_onto_its_places()
    {
        var mask = Ball((5, 0, 0), 3);
        MrcFile.WriteMap(_tool["focus.mrc"], mask);
        Refine("--focus", _tool["focus.mrc"], "--mask", Solvent(), "--expand-symmetry", "C2").RequireSuccess();
        Assert.Equal(mask.Voxels, MrcFile.ReadMask(_tool["out/run_focus_mask.mrc"]).Voxels);
        Tool.Run("composite", _tool["out/run.json"], "--out", _tool["one"]).RequireSuccess();
        var json = Tool.Run("composite", _tool["out/run.json"], "--out", _tool["two"], "--symmetry", "C2", "--json").Json();
        Assert.Equal(1, json.GetProperty("patches").GetInt32());
        DensityMap Map(string name) => MrcFile.ReadMap(_tool[name + "_half2_unfil.mrc"]);
        var (focused, consensus, one, two) = (Map("out/run"), Map("out/iterations/run_it000"), Map("one"), Map("two"));
        float At(DensityMap map, int x, int y, int z) => map.Voxels[(((z * 32) + y) * 32) + x];
        var largest = focused.Voxels.Max(Math.Abs);
        Assert.NotEqual(At(focused, 21, 15, 17), At(consensus, 21, 15, 17));
        Assert.Equal(At(focused, 21, 15, 17), At(one, 21, 15, 17), 1e-6f * largest);
        Assert.Equal(At(focused, 21, 15, 17), At(two, 21, 15, 17), 1e-6f * largest);

        // The copy lies across the axis, x and y each turned about voxel 16; without the symmetry the consensus is there.
        Assert.Equal(At(focused, 21, 15, 17), At(two, 11, 17, 17), 1e-4f * largest);
        Assert.Equal(At(consensus, 11, 17, 17), At(one, 11, 17, 17));
        Assert.Equal(At(consensus, 16, 22, 16), At(two, 16, 22, 16));
    }

    [Fact]
    public void A_composite_needs_a_region()
    {
        Refine("--mask", Solvent()).RequireSuccess();
        var run = Tool.Run("composite", _tool["out/run.json"], "--out", _tool["c"]);
        Assert.Equal(1, run.Code);
        Assert.Contains("run.json: is the record of a refinement without --focus", run.Line(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mask_of_another_box_is_named()
    {
        MrcFile.WriteMap(_tool["other.mrc"], SolventMasks.Sphere(40, 2, 14, 6));
        Fails(["--focus", _tool["other.mrc"]], "other.mrc", "40 voxels", "32");
    }

    [Fact]
    public void A_mask_off_the_molecule_is_named()
    {
        var voxels = new float[32 * 32 * 32];
        voxels[(((1 * 32) + 1) * 32) + 1] = 1;
        MrcFile.WriteMap(_tool["far.mrc"], new SolventMask(32, 2, voxels));
        Fails(["--focus", _tool["far.mrc"], "--mask", Solvent()], "far.mrc", "off the molecule");
    }

    [Fact]
    public void An_empty_mask_is_named()
    {
        MrcFile.WriteMap(_tool["empty.mrc"], new DensityMap(32, 2, new float[32 * 32 * 32]));
        Fails(["--focus", _tool["empty.mrc"]], "empty.mrc");
    }

    [Theory]
    [InlineData("--focus-level", "0.5")]
    [InlineData("--focus-mode", "width")]
    [InlineData("--no-motion-prior", null)]
    public void Focus_options_need_a_mask(string option, string? value) => Fails(value is null ? [option] : [option, value], option, "--focus");

    [Fact]
    public void Another_consensus_is_recorded_and_must_be_of_the_same_particles()
    {
        MrcFile.WriteMap(_tool["focus.mrc"], SolventMasks.Sphere(32, 2, 14, 6));
        string[] Options(string consensus) => ["--focus", _tool["focus.mrc"], "--mask", Solvent(), "--consensus", consensus];
        var consensus = _tool["in/true.star"];
        var lines = File.ReadAllLines(consensus).ToList();
        var first = lines.FindIndex(l => l.StartsWith("000001@", StringComparison.Ordinal));

        File.WriteAllLines(_tool["fewer.star"], lines.Where((_, i) => i != first));
        Fails(Options(_tool["fewer.star"]), "fewer.star", "has 79 particles");
        File.WriteAllLines(_tool["swapped.star"], [.. lines[..first], lines[first + 1], lines[first], .. lines[(first + 2)..]]);
        Fails(Options(_tool["swapped.star"]), "swapped.star", $"row {first + 1}", "rlnImageName", "000002@");
        var halves = StarFile.Read(consensus);
        var table = halves.Find("particles")!.Table!;
        table.SetColumn("rlnRandomSubset", [.. table.GetColumn("rlnRandomSubset").Select((h, i) => i == 4 ? (h == "1" ? "2" : "1") : h)]);
        halves.Write(_tool["halves.star"]);
        Fails(Options(_tool["halves.star"]), "halves.star", "rlnRandomSubset", "000005@", "in half");
        Fails(["--consensus", consensus], "--consensus", "--focus");
        Fails(Options(_tool["none.star"]), "none.star");

        Refine(Options(consensus)).RequireSuccess();
        using var record = JsonDocument.Parse(File.ReadAllText(_tool["out/run.json"]));
        Assert.Equal(consensus, record.RootElement.GetProperty("consensus_file").GetString());
        Assert.Equal(16, record.RootElement.GetProperty("settings").GetProperty("focus").GetProperty("consensus").GetString()!.Length);

        // The maps at the starting poses are smeared outside the region: a composite takes the consensus' there.
        Tool.Run("composite", _tool["out/run.json"], "--out", _tool["c"]).RequireSuccess();
        float[] Corner(string name) => [.. MrcFile.ReadMap(_tool[name]).Voxels.Where((_, i) => i % 32 > 25 && i % 32 < 29)];
        Assert.Equal(Corner("out/run_rest_half1_unfil.mrc"), Corner("c_half1_unfil.mrc"));
        Assert.NotEqual(Corner("out/iterations/run_it000_half1_unfil.mrc"), Corner("c_half1_unfil.mrc"));
    }

    public void Dispose() => _tool.Dispose();

    /// <summary>A ball with a sharp edge, in voxels from the box centre.</summary>
    private static SolventMask Ball((int X, int Y, int Z) centre, double radius)
    {
        var voxels = new float[32 * 32 * 32];
        for (var i = 0; i < voxels.Length; i++)
        {
            double x = (i % 32) - 16 - centre.X, y = (i / 32 % 32) - 16 - centre.Y, z = (i / 1024) - 16 - centre.Z;
            voxels[i] = (x * x) + (y * y) + (z * z) <= radius * radius ? 1 : 0;
        }

        return new SolventMask(32, 2, voxels);
    }

    private string Solvent()
    {
        MrcFile.WriteMap(_tool["solvent.mrc"], SolventMasks.Sphere(32, 2, 22, 6), overwrite: true);
        return _tool["solvent.mrc"];
    }

    private ToolRun Refine(params string[] options) =>
        Tool.Run(["refine", _star, "--out", _tool["out"], "--root", _tool["in"], .. RefineSet.Quick, .. options]);

    private void Fails(string[] options, params string[] words)
    {
        var result = Refine(options);
        Assert.Equal(1, result.Code);
        Assert.All(words, w => Assert.Contains(w, result.Error, StringComparison.Ordinal));
        Assert.False(File.Exists(_tool["out/run_data.star"]));
    }
}
