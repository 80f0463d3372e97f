using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Cli.Tests;

/// <summary>gmm patches, bodies and composite: what they write, and bad input.</summary>
public sealed class PatchVerbTests : IDisposable
{
    private static readonly string[] Quick = ["--iterations", "1", "--gaussians", "60", "--max-resolution", "6", "--threads", "2"];

    private readonly Tool _tool = new();
    private readonly string _star;

    public PatchVerbTests() => _star = RefineSet.Write(_tool);

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void Patches_and_the_composite_made_again_from_their_record()
    {
        var run = Tool.Run(["patches", _star, "--out", _tool["p"], "--count", "2", "--json", .. Quick]);
        var json = run.Json();
        Assert.Equal(2, json.GetProperty("patches").GetArrayLength());
        Assert.Equal("patch01", json.GetProperty("patches")[0].GetProperty("name").GetString());
        foreach (var file in new[]
        {
            "patch01/run_data.star", "patch02/mask.mrc", "patch02/run_half1_unfil.mrc", "patch01/run_half2_unfil.mrc", "patch01/run_fsc.star",
            "composite_half1_unfil.mrc", "composite_half2_unfil.mrc", "composite.mrc", "provenance.json",
        })
        {
            Assert.True(File.Exists(_tool["p/" + file]), file);
        }

        // Not written over, not taken for another run.
        var before = RefineSet.Contents(_tool["p"]);
        Fails(
            ["patches", _star, "--out", _tool["p"], "--count", "2", .. Quick], "a finished run",
            "go on with it (--resume), replace it (--overwrite), or choose");
        Fails(["patches", _star, "--out", _tool["p"], "--count", "3", "--resume", .. Quick], "other settings");
        Assert.Equal(before, RefineSet.Contents(_tool["p"]));

        Tool.Run("composite", _tool["p/provenance.json"], "--out", _tool["again"]).RequireSuccess();
        Assert.Equal(File.ReadAllBytes(_tool["p/composite_half1_unfil.mrc"])[1024..], File.ReadAllBytes(_tool["again_half1_unfil.mrc"])[1024..]);
        Assert.Equal(MrcFile.ReadMap(_tool["p/composite.mrc"]).Voxels, MrcFile.ReadMap(_tool["again.mrc"]).Voxels);
        File.Delete(_tool["p/patch02/mask.mrc"]);
        Fails(["composite", _tool["p/provenance.json"], "--out", _tool["other"]], "patch02/mask.mrc", "there is no such file");
    }

    /// <summary>
    /// Patches that follow a symmetry do not impose it; that the maps are coarser than
    /// those of refine --symmetry is said, unless the particles are expanded.
    /// </summary>
    [Fact]
    public void Maps_made_without_the_symmetry_of_the_patches_are_warned_about()
    {
        const string Words = "patches follow C2, but maps are made without it, from ";
        string[] more = ["--count", "2", "--symmetry", "C2", .. Quick, "--json"];
        var run = Tool.Run(["patches", _star, "--out", _tool["p"], .. more]);
        Assert.Contains(run.Json().GetProperty("warnings").EnumerateArray(), w => w.GetString()!.StartsWith(Words, StringComparison.Ordinal));
        Assert.Contains($"\"{Words}{RefineSet.Count} particles", run.Error.Split('\n')[0], StringComparison.Ordinal);
        Assert.Contains("--expand-symmetry C2", run.Error, StringComparison.Ordinal);

        Tool.Run(["refine", _star, "--out", _tool["r"], "--expand-symmetry", "C2", .. Quick]).RequireSuccess();
        run = Tool.Run(["patches", _tool["r/run_data.star"], "--out", _tool["q"], .. more]);
        Assert.Equal(2 * RefineSet.Count, run.Json().GetProperty("particles").GetInt32());
        Assert.DoesNotContain("patches follow", run.Error + run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Bodies_of_given_masks()
    {
        MrcFile.WriteMap(_tool["a.mrc"], Half(left: true));
        MrcFile.WriteMap(_tool["b.mrc"], Half(left: false));
        using (var p = StarParticles.Open(_star))
        {
            CsFromParticles.Convert(p, _tool["in"]).Write(_tool["in/p.cs"], false);
        }

        var run = Tool.Run(["bodies", _tool["in/p.cs"], "--out", _tool["b"], "--body", _tool["a.mrc"], "--body", _tool["b.mrc"], .. Quick]);
        run.RequireSuccess();
        Assert.Contains("body02", run.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(_tool["b/body01_data.star"]) && File.Exists(_tool["b/body02_data.star"]));
        using var body = StarParticles.Open(_tool["b/body02_data.star"], new StarParticlesOptions { Root = _tool["in"] });
        Assert.Equal(RefineSet.Count, body.Particles.Count);

        // What came from cryoSPARC goes back there.
        using var back = StarParticles.Open(_tool["b/body02_data.csg"], new StarParticlesOptions { RequireImages = false });
        for (var i = 0; i < RefineSet.Count; i++)
        {
            Assert.InRange(back.Particles[i].Pose.Rotation.AngleTo(body.Particles[i].Pose.Rotation), 0, 1e-6);
        }
    }

    [Fact]
    public void Bad_input_is_said_and_nothing_is_written()
    {
        Fails(["patches", _star, "--out", _tool["p"], "--count", "40", .. Quick], "40 patches are more than", "Gaussians");
        Fails(["patches", _star, "--out", _tool["p"], "--count", "8", "--symmetry", "C3", .. Quick], "8 is not a multiple");
        Fails(["patches", _star, "--out", _tool["p"], "--symmetry", "Q7", .. Quick], "'Q7' is not a symmetry");
        Fails(["patches", _star, "--out", _tool["p"], "--joint", "--reference", "width-mask", .. Quick], "--reference", "--joint");
        Fails(["patches", _star, "--out", _tool["p"], "--resume", "--overwrite", .. Quick], "contradict each other");
        MrcFile.WriteMap(_tool["small.mrc"], SolventMasks.Sphere(24, 2, 10, 4));
        Fails(["patches", _star, "--out", _tool["p"], "--mask", _tool["small.mrc"], .. Quick], "small.mrc", "24 voxels", "32");
        Fails(["bodies", _star, "--out", _tool["p"], "--body", _tool["none.mrc"], .. Quick], "none.mrc", "no such file");
        var corner = new float[32 * 32 * 32];
        corner[0] = 1;
        MrcFile.WriteMap(_tool["corner.mrc"], new SolventMask(32, 2, corner));
        Fails(["bodies", _star, "--out", _tool["p"], "--body", _tool["corner.mrc"], .. Quick], "body01", "off the molecule");
        Fails(["composite", _star, "--out", _tool["c"]], "is not a record of patches");
        Assert.False(File.Exists(_tool["p/provenance.json"]));
    }

    private static SolventMask Half(bool left)
    {
        var sphere = SolventMasks.Sphere(32, 2, 22, 6);
        float[] voxels = [.. sphere.Voxels.Select((v, i) => i % 32 < 16 == left ? v : 0)];
        return new SolventMask(32, 2, voxels);
    }

    private static void Fails(string[] args, params string[] words)
    {
        var run = Tool.Run(args);
        Assert.Equal(ExitCodes.Failure, run.Code);
        var line = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        Assert.All(words, w => Assert.Contains(w, line, StringComparison.Ordinal));
    }
}
