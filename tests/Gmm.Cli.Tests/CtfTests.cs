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
        "--terms: phase-shift: no image was taken with a phase plate (rlnPhaseShift is 0 or missing), so that there is nothing to estimate",
        "--terms", "phase-shift")]
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
        var own = MrcFile.ReadMap(_tool["in/true_map.mrc"]).Voxels;
        float MrcVoxel(int i) => own[i];
        var turned = new float[map.Voxels.Length];
        for (var i = 0; i < turned.Length; i++)
        {
            turned[i] = map.Voxels[(((i % 24) * 24) + (i / 24 % 24)) * 24 + (23 - (i / 576))];
        }

        MrcFile.WriteMap(_tool["turned.mrc"], new Gmm.Core.DensityMap(24, 2.5, turned));
        run = Tool.Run([.. call, "--out", _tool["bad"], "--reference", _tool["turned.mrc"], "--reference-resolution", "6"]);
        Assert.Equal(1, run.Code);
        Assert.Contains("turned.mrc: does not agree with the map of the particles at their poses (correlation", run.Error, StringComparison.Ordinal);

        // And mirrored: with kept poses an error, with poses that are refined a warning.
        var mirrored = new float[map.Voxels.Length];
        for (var i = 0; i < mirrored.Length; i++)
        {
            mirrored[i] = MrcVoxel(i - (i % 24) + ((24 - (i % 24)) % 24));
        }

        MrcFile.WriteMap(_tool["mirrored.mrc"], new Gmm.Core.DensityMap(24, 2.5, mirrored));
        run = Tool.Run(
            "refine", _tool["in/true.star"], "--out", _tool["hand"], "--reference", _tool["mirrored.mrc"], "--reference-resolution", "6", "--iterations", "1",
            "--gaussians", "60");
        Assert.True(run.Code == 0, run.Error);
        Assert.Contains("mirrored.mrc: its mirror image agrees with the map of the particles", run.Error, StringComparison.Ordinal);
        Assert.Contains(RunRecord.Read(_tool["hand/run.json"]).Warnings, w => w.Contains("of the other hand", StringComparison.Ordinal));
        run = Tool.Run(
            "refine", _tool["in/true.star"], "--out", _tool["hand"], "--reference", _tool["in/true_map.mrc"], "--reference-resolution", "6",
            "--iterations", "1", "--gaussians", "60", "--overwrite");
        Assert.DoesNotContain("mirror", run.Error, StringComparison.Ordinal);

        run = Tool.Run([.. call, "--out", _tool["bad"], "--reference-resolution", "6"]);
        Assert.Contains("--reference-resolution: only with --reference", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not with --score frc (which --optimizer adam takes by default): add --score whitened", "--score", "frc")]
    [InlineData("not with --score frc (which --optimizer adam takes by default): add --score whitened", "--optimizer", "adam")]
    [InlineData(
        "not with --refine-optics, which takes the sphere for flat: find the optics first, then refine their run_data.star with --ewald", "--refine-optics")]
    [InlineData("not with --tilt-series", "--tilt-series", "rlnGroupName")]
    [InlineData("not on another device: it is for --device cpu", "--device", "cuda")]
    public void What_cannot_see_the_Ewald_sphere_is_refused(string expected, params string[] more)
    {
        var run = Tool.Run(["refine", _tool["in/true.star"], "--out", _tool["bad"], "--ewald", "positive", .. more]);
        Assert.Equal(1, run.Code);
        Assert.Equal($"gmm refine: --ewald: {expected}", run.Line());
    }

    [Fact]
    public void Images_whose_ctf_was_dealt_with_say_what_they_cannot()
    {
        string[] call = ["ctf", _tool["in/true.star"], "--iterations", "1", "--ctf-state", "premultiplied"];
        var run = Tool.Run([.. call, "--out", _tool["none"], "--terms", "defocus,even"]);
        Assert.Equal(1, run.Code);
        Assert.Equal(
            $"gmm ctf: {_tool["in/true.star"]}: the images were multiplied by their CTF already (rlnCtfDataAreCtfPremultiplied, or --ctf-state), and show "
                + "none of the terms of the optics that are asked for; take the images as they were extracted",
            run.Line());
        Assert.False(Directory.Exists(_tool["none"]));

        run = Tool.Run([.. call, "--out", _tool["run"], "--terms", "defocus,odd"]);
        Assert.Equal(0, run.Code);
        Assert.Contains("only beam tilt and trefoil can be found in them, all else stays as it is", run.Error, StringComparison.Ordinal);
        Assert.Contains(RunRecord.Read(_tool["run/run.json"]).Warnings, w => w.Contains("only beam tilt", StringComparison.Ordinal));
    }

    [Fact]
    public void A_run_of_optics_speaks_of_optics()
    {
        var run = Tool.Run("ctf", _tool["in/true.star"], "--out", _tool["run"], "--iterations", "1", "--terms", "defocus,astigmatism,phase-shift");
        Assert.True(run.Code == 0, run.Error);
        Assert.Contains("--terms: phase-shift: no image was taken with a phase plate", run.Error, StringComparison.Ordinal);
        // No group's terms were asked for, so none is missed.
        Assert.DoesNotContain("too few", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("0 of 0", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("particles: ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("poses moved", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("rotation change", run.Output, StringComparison.Ordinal);
        Assert.Contains("could not be compared; stopped: all iterations done", run.Output, StringComparison.Ordinal);
        Assert.Contains("Optics: FSC of the half maps", File.ReadAllText(_tool["run/fsc.svg"]), StringComparison.Ordinal);
        var page = File.ReadAllText(_tool["run/report.html"]);
        Assert.Contains("all compared", page, StringComparison.Ordinal);
        Assert.DoesNotContain("all refined", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Difference (σ)", page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_comes_next_keeps_the_symmetry_the_mask_and_how_images_are_read()
    {
        Assert.Equal(0, Tool.Run("mask", _tool["in/true_map.mrc"], "--sphere", "20", "--out", _tool["mask.mrc"]).Code);
        string[] reading = ["--root", _tool["in"], "--normalize", "none", "--keep-contrast"];
        var run = Tool.Run(
            ["ctf", _tool["in/true.star"], "--out", _tool["run"], "--iterations", "1", "--symmetry", "C2", "--mask", _tool["mask.mrc"], .. reading]);
        Assert.True(run.Code == 0, run.Error);
        Assert.DoesNotContain("A^1", run.Output + File.ReadAllText(_tool["run/run.json"]), StringComparison.Ordinal);
        Assert.Matches("shift_x [-0-9.]+ [+]- [0-9.]+ rad A[,;]|kept: .*shift_x", run.Output);
        var page = File.ReadAllText(_tool["run/report.html"]);
        Assert.Contains(
            $"--out {_tool["run"]}_refined --symmetry C2 --mask {Path.Combine(_tool["run"], "run_mask.mrc")} {string.Join(' ', reading)}", page,
            StringComparison.Ordinal);
        Assert.Matches("<td[^>]*>magnification xx</td>\\s*<td[^>]*>–</td>", page);
    }

    [Fact]
    public void Phase_shifts_are_refused_without_astigmatism_where_there_are_some()
    {
        var file = StarFile.Read(_tool["in/true.star"]);
        var table = file.Find("particles")!.Table!;
        table.SetColumn("rlnPhaseShift", [.. Enumerable.Repeat("90", table.RowCount)]);
        file.Write(_tool["in/plate.star"], overwrite: true);
        var run = Tool.Run("ctf", _tool["in/plate.star"], "--out", _tool["bad"], "--terms", "defocus,phase-shift");
        Assert.Equal(1, run.Code);
        Assert.Contains(
            "--terms: phase shifts are estimated with the astigmatism only: defocus,astigmatism,phase-shift", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_tool["bad"]));
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
