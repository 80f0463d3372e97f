using Gmm.IO;
using Gmm.Refinement;

namespace Gmm.Cli.Tests;

/// <summary>gmm ctf and refine --refine-optics, on images of the tool's own with a known tilt.</summary>
public sealed class CtfTests : IDisposable
{
    private readonly Tool _tool = new();

    public CtfTests()
    {
        _tool.WriteModel("model.pdb");
        Assert.Equal(
            0,
            Tool.Run(
                "simulate", _tool["model.pdb"], "--out", _tool["in"], "--particles", "160", "--box", "24", "--pixel-size", "2.5", "--snr", "2").Code);
    }

    [Fact]
    public void The_verb_writes_what_it_found_and_says_it()
    {
        var run = Tool.Run("ctf", _tool["in/true.star"], "--out", _tool["run"], "--iterations", "1", "--threads", "2");
        Assert.True(run.Code == 0, run.Error);
        Assert.Matches("optics: 160 defoci [0-9]+ A from those given", run.Output);
        Assert.Matches("[0-9]+ of [0-9]+ terms determined in 2 halves of groups", run.Output);
        using StarParticles before = StarParticles.Open(_tool["in/true.star"]), after = StarParticles.Open(_tool["run/run_data.star"]);
        Assert.Equal(before.Particles.Select(p => p.Pose.Rotation), after.Particles.Select(p => p.Pose.Rotation));
        Assert.True(after.Table.Contains("gmmDefocusSigma"));
        Assert.Equal(2, after.OpticsGroups.Count);

        // Nothing was held out: the verdict goes by the half maps, and says so in the terminal, the record and the page, which has the terms of both halves.
        var verdict = RunRecord.Read(_tool["run/run.json"]).Verdict!;
        Assert.Contains("mean FSC in the same mask", verdict.Reason, StringComparison.Ordinal);
        Assert.Null(verdict.HeldOutGain);
        Assert.Contains(verdict.Lines()[0], run.Output, StringComparison.Ordinal);
        Assert.Equal("ctf", Tool.Run("status", _tool["run"], "--json").Json().GetProperty("job").GetString());
        var page = File.ReadAllText(_tool["run/report.html"]);
        Assert.Matches("id=\"optics\"[\\s\\S]*beam tilt x[\\s\\S]*Defoci estimated", page);
        Assert.Contains("<title>Optics", page, StringComparison.Ordinal);
        Assert.Contains("mean FSC in the same mask", page, StringComparison.Ordinal);

        // And what it wrote is read by the next one, whose groups are of one half already.
        var again = Tool.Run(
            "refine", _tool["run/run_data.star"], "--out", _tool["more"], "--iterations", "1", "--gaussians", "60", "--refine-optics", "--json");
        Assert.True(again.Code == 0, again.Error);
        Assert.Equal(2, again.Json().GetProperty("optics").GetProperty("groups").GetArrayLength());
    }

    [Theory]
    [InlineData("--terms: \"cs\" is no term; these are: defocus, astigmatism, phase-shift, odd, even, magnification", "--terms", "defocus,cs")]
    [InlineData("--terms: astigmatism is estimated with the defocus only: defocus,astigmatism", "--terms", "astigmatism,odd")]
    [InlineData(
        "--terms: phase shifts are estimated with the astigmatism only: defocus,astigmatism,phase-shift", "--terms", "defocus,phase-shift")]
    [InlineData("--iterations: must be from 1 to 1000", "--iterations", "0")]
    public void Bad_values_are_told_with_the_option(string expected, params string[] more)
    {
        var run = Tool.Run(["ctf", _tool["in/true.star"], "--out", _tool["bad"], .. more]);
        Assert.Equal(1, run.Code);
        Assert.Equal($"gmm ctf: {expected}", run.Line());
        Assert.False(Directory.Exists(_tool["bad"]));
    }

    [Fact]
    public void A_map_that_is_given_is_the_reference_if_it_is_in_the_frame_of_the_poses()
    {
        string[] call = ["ctf", _tool["in/true.star"], "--iterations", "2", "--terms", "odd", "--symmetry", "C1"];
        var run = Tool.Run([.. call, "--out", _tool["run"], "--reference", _tool["in/true_map.mrc"], "--reference-resolution", "6"]);
        Assert.True(run.Code == 0, run.Error);
        var record = RunRecord.Read(_tool["run/run.json"]);
        Assert.Equal(6, record.Settings["reference"]!["resolution_A"]!.GetValue<double>());
        Assert.All(record.Iterations.Skip(1), i => Assert.Equal(6, i.PreviousLimit));

        // The same structure on its side.
        Assert.Equal(
            0, Tool.Run("molmap", _tool["model.pdb"], "--out", _tool["other.mrc"], "--box", "24", "--pixel-size", "2.5", "--resolution", "6").Code);
        var map = MrcFile.ReadMap(_tool["other.mrc"]);
        var turned = new float[map.Voxels.Length];
        for (var i = 0; i < turned.Length; i++)
        {
            turned[i] = map.Voxels[(((i % 24) * 24) + (i / 24 % 24)) * 24 + (23 - (i / 576))];
        }

        MrcFile.WriteMap(_tool["turned.mrc"], new Gmm.Core.DensityMap(24, 2.5, turned));
        run = Tool.Run([.. call, "--out", _tool["bad"], "--reference", _tool["turned.mrc"], "--reference-resolution", "6"]);
        Assert.Equal(1, run.Code);
        Assert.Contains("turned.mrc: does not agree with the map of the particles at their poses (correlation", run.Error, StringComparison.Ordinal);

        run = Tool.Run([.. call, "--out", _tool["bad"], "--reference-resolution", "6"]);
        Assert.Contains("--reference-resolution: only with --reference", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--score", "frc")]
    [InlineData("--refine-optics")]
    [InlineData("--tilt-series", "rlnGroupName")]
    [InlineData("--device", "cuda")]
    public void What_cannot_see_the_Ewald_sphere_is_refused(params string[] more)
    {
        var run = Tool.Run(["refine", _tool["in/true.star"], "--out", _tool["bad"], "--ewald", "positive", .. more]);
        Assert.Equal(1, run.Code);
        Assert.Equal("gmm refine: --ewald: is for --score whitened and --device cpu, without --tilt-series and --refine-optics", run.Line());
    }

    [Fact]
    public void Weights_by_signal_are_for_the_cpu()
    {
        var run = Tool.Run("refine", _tool["in/true.star"], "--out", _tool["bad"], "--weights", "signal", "--device", "cuda");
        Assert.Equal((1, "gmm refine: --weights: signal is for --device cpu"), (run.Code, run.Line()));
    }

    [Fact]
    public void A_focus_has_no_optics()
    {
        Assert.Equal(0, Tool.Run("mask", _tool["in/true_map.mrc"], "--sphere", "16", "--out", _tool["mask.mrc"]).Code);
        var run = Tool.Run("refine", _tool["in/true.star"], "--out", _tool["bad"], "--refine-optics", "--focus", _tool["mask.mrc"]);
        Assert.Equal(1, run.Code);
        Assert.Equal("gmm refine: --refine-optics: not with --focus: optics are estimated against the whole molecule", run.Line());
    }

    public void Dispose() => _tool.Dispose();
}
