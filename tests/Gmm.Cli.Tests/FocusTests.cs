using System.Text.Json;
using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;

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
        Assert.Equal(2, focus.GetProperty("motion").GetArrayLength());
        Assert.Equal(36, focus.GetProperty("motion")[0].GetProperty("covariance").GetArrayLength());
        Assert.True(focus.GetProperty("movement_rms_A").GetDouble() >= 0);
        using var record = JsonDocument.Parse(File.ReadAllText(_tool["out/run.json"]));
        var iterations = record.RootElement.GetProperty("iterations");
        Assert.Equal(focus.GetRawText().Length > 0, iterations[iterations.GetArrayLength() - 1].TryGetProperty("focus", out _));
        Assert.False(iterations[0].TryGetProperty("focus", out _));
        Assert.Contains("focus_mode=Subtract", record.RootElement.GetProperty("settings").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_published_way_learns_no_motion()
    {
        MrcFile.WriteMap(_tool["focus.mrc"], SolventMasks.Sphere(32, 2, 14, 6));
        var json = Refine("--focus", _tool["focus.mrc"], "--mask", Solvent(), "--focus-mode", "width", "--no-motion-prior", "--json").Json();
        Assert.False(json.GetProperty("focus").TryGetProperty("motion", out var motion) && motion.ValueKind != JsonValueKind.Null);
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
        Assert.Contains(" consensus=", record.RootElement.GetProperty("settings").GetString(), StringComparison.Ordinal);
    }

    public void Dispose() => _tool.Dispose();

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
