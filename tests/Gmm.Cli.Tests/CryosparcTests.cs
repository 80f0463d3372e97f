using Gmm.Core;
using Gmm.IO;

namespace Gmm.Cli.Tests;

/// <summary>cryoSPARC's particles through the tool.</summary>
public sealed class CryosparcTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void Refine_takes_a_cs_file_and_writes_one_that_goes_back()
    {
        var star = RefineSet.Write(_tool);
        using (var p = StarParticles.Open(star))
        {
            CsFromParticles.Convert(p, _tool["in"]).Write(_tool["in/particles.cs"], false);
        }

        Tool.Run(
            "refine", _tool["in/particles.cs"], "--out", _tool["out"], "--iterations", "1", "--gaussians", "50",
            "--max-resolution", "6", "--threads", "2").RequireSuccess();
        var (before, after) = (NpyTable.Read(_tool["in/particles.cs"]), NpyTable.Read(_tool["out/run_data.cs"]));
        Assert.Equal(RefineSet.Count, after.RowCount);
        var changed = new HashSet<string>();
        for (var row = 0; row < after.RowCount; row++)
        {
            changed.UnionWith(before.Fields.Where(f => !before.Bytes(row, f).SequenceEqual(after.Bytes(row, f))).Select(f => f.Name));
        }

        Assert.Equal(["alignments3D/pose", "alignments3D/shift"], changed.Order(StringComparer.Ordinal));

        // Both results say the same.
        using var cs = StarParticles.Open(_tool["out/run_data.csg"], new StarParticlesOptions { RequireImages = false });
        using var refined = StarParticles.Open(_tool["out/run_data.star"]);
        for (var i = 0; i < cs.Particles.Count; i++)
        {
            Assert.InRange(cs.Particles[i].Pose.Rotation.AngleTo(refined.Particles[i].Pose.Rotation), 0, 1e-6);
            Assert.Equal(cs.Particles[i].Pose.ShiftX, refined.Particles[i].Pose.ShiftX, 1e-5);
        }
    }

    [Fact]
    public void Particles_without_images_or_ctfs_are_an_error_of_info_and_validate()
    {
        var star = RefineSet.Write(_tool);
        Tool.Run("convert", star, "--out", _tool["p.cs"]).RequireSuccess();
        var all = NpyTable.Read(_tool["p.cs"]);
        foreach (var (slot, field) in new[] { ("blob", "blob/path"), ("ctf", "ctf/df1_A") })
        {
            var less = NpyTable.Make([("uid", "<u8", [])], all.RowCount, "less.cs");
            for (var row = 0; row < all.RowCount; row++)
            {
                less.Set(row, less.Numbers("uid"), all.Integer(row, all.Numbers("uid")));
            }

            less = less.With(
                all, [.. all.Fields.Where(f => f.Name != "uid" && !f.Name.StartsWith(slot, StringComparison.Ordinal))], [.. Enumerable.Range(0, all.RowCount)]);
            Directory.CreateDirectory(_tool[slot]);
            less.Write(_tool[$"{slot}/less.cs"], false);
            var validate = Tool.Run("validate", _tool[$"{slot}/less.cs"]);
            Assert.Equal(1, validate.Code);
            Assert.Contains($"error, {field}: there is no such field", validate.Output, StringComparison.Ordinal);
            Assert.Contains("1 files: 1 with errors", validate.Output, StringComparison.Ordinal);
            Assert.Contains($"{all.RowCount} particles", Tool.Run("info", _tool[$"{slot}/less.cs"]).Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Convert_goes_there_and_back_and_says_what_it_cannot()
    {
        var star = RefineSet.Write(_tool);
        var there = Tool.Run("convert", star, "--out", _tool["p.cs"], "--json").Json();
        Assert.Equal(RefineSet.Count, there.GetProperty("written").GetInt32());
        Tool.Run("convert", _tool["p.cs"], "--out", _tool["q.star"]).RequireSuccess();
        using (StarParticles a = StarParticles.Open(star), b = StarParticles.Open(_tool["q.star"]))
        {
            for (var i = 0; i < a.Particles.Count; i++)
            {
                Assert.InRange(a.Particles[i].Pose.Rotation.AngleTo(b.Particles[i].Pose.Rotation), 0, 1e-4 * Math.PI / 180);
                Assert.Equal(a.Particles[i].Pose.ShiftX, b.Particles[i].Pose.ShiftX, 1e-4);
                Assert.Equal(a.ImageOf(i).Image, b.ImageOf(i).Image);
            }
        }

        // cryoSPARC's own file, some of its rows.
        Tool.Run("convert", _tool["q.star"], "--like", _tool["p.cs"], "--where", "rlnRandomSubset=2", "--out", _tool["half.cs"]).RequireSuccess();
        Assert.Equal(RefineSet.Count / 2, NpyTable.Read(_tool["half.cs"]).RowCount);
        foreach (var (words, mention) in new (string[], string)[]
        {
            ([star, "--out", _tool["x.mrc"]], "x.mrc cannot be made of it"),
            ([star, "--out", _tool["x.star"], "--where", "rlnRandomSubset=3"], "--where"),
            ([star, "--out", _tool["x.star"], "--where", "rlnRandomSubset"], "--where"),
            ([star, "--out", _tool["x.star"], "--like", _tool["p.cs"]], "--like"),
            ([_tool["half.cs"], star, "--out", _tool["x.star"]], "column"),
        })
        {
            var run = Tool.Run(["convert", .. words]);
            Assert.Equal(1, run.Code);
            Assert.Contains(mention, run.Error, StringComparison.Ordinal);
            Assert.False(File.Exists(_tool["x.star"]));
        }
    }

    [Fact]
    public void Convert_goes_to_cisTEM_and_cryoDRGN_and_says_what_is_left_out()
    {
        var star = RefineSet.Write(_tool);
        var cistem = Tool.Run("convert", star, "--out", _tool["in/c.star"], "--star", "cistem", "--json").Json();
        Assert.Equal("rlnCtfBfactor", cistem.GetProperty("dropped_columns")[0].GetString());
        var back = Tool.Run("convert", _tool["in/c.star"], "--out", _tool["in/b.star"]);
        back.RequireSuccess();
        Assert.DoesNotContain("no place", back.Error, StringComparison.Ordinal);
        var there = Tool.Run("convert", star, "--out", _tool["d.pkl"]);
        there.RequireSuccess();
        Assert.Contains("d.pkl has no place for rlnImageName", there.Error, StringComparison.Ordinal);
        var stack = StarParticles.Open(star) is var p ? p.Stacks[0] : string.Empty;
        var poses = new[] { "--poses", _tool["d_pose.pkl"] };
        Tool.Run(["convert", stack, .. poses, "--ctf", _tool["d_ctf.pkl"], "--out", _tool["e.star"]]).RequireSuccess();
        foreach (var path in new[] { _tool["in/b.star"], _tool["e.star"] })
        {
            using var other = StarParticles.Open(path);
            for (var i = 0; i < p.Particles.Count; i++)
            {
                Assert.InRange(p.Particles[i].Pose.Rotation.AngleTo(other.Particles[i].Pose.Rotation), 0, 1e-6);
                Assert.Equal(p.Particles[i].Pose.ShiftX, other.Particles[i].Pose.ShiftX, 1e-5);
                Assert.Equal(p.Particles[i].Ctf.DefocusU, other.Particles[i].Ctf.DefocusU, 1e-2);
            }
        }

        p.Dispose();
        Assert.Contains("--poses", Tool.Run("convert", stack, "--out", _tool["f.star"]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_takes_models_too()
    {
        GaussianModelFile.Write(_tool["m.star"], new GaussianModel([1, 2], [3, 4], [5, 6], [1, 2], [2, 3], 24, 2));
        Tool.Run("convert", _tool["m.star"], "--out", _tool["m.txt"]).RequireSuccess();
        Assert.Contains("--box: is needed", Tool.Run("convert", _tool["m.txt"], "--out", _tool["n.star"]).Error, StringComparison.Ordinal);
        Tool.Run("convert", _tool["m.txt"], "--box", "24", "--pixel-size", "2", "--out", _tool["n.star"]).RequireSuccess();
        Assert.Equal(6, GaussianModelFile.Read(_tool["n.star"]).Z[1], 1e-5);
        Assert.Contains("--where", Tool.Run("convert", _tool["m.star"], "--where", "a=1", "--out", _tool["m.cif"]).Error, StringComparison.Ordinal);
    }
}
