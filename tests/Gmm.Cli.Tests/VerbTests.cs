using Gmm.Core;
using Gmm.IO;

namespace Gmm.Cli.Tests;

public class VerbTests
{
    [Fact]
    public void Simulate_reconstruct_fsc_build_and_project_follow_one_another()
    {
        using var tool = new Tool();
        var simulated = Tool.Run(
            "simulate", tool.WriteModel(), "--out", tool["sim"], "--particles", "60", "--box", "24", "--pixel-size", "2.5", "--snr", "2", "--seed",
            "3", "--json").Json();
        Assert.Equal(60, simulated.GetProperty("particles").GetInt32());
        Assert.Equal(150, simulated.GetProperty("atoms").GetInt32());
        Assert.All(simulated.GetProperty("files").EnumerateArray(), f => Assert.True(File.Exists(f.GetString())));
        using (var truth = StarParticles.Open(tool["sim/true.star"]))
        {
            Assert.Equal(60, truth.Particles.Count);
            Assert.Equal(30, truth.Particles.Count(p => p.Half == 1));
        }

        var maps = Tool.Run("reconstruct", tool["sim/true.star"], "--out", tool["maps/run"], "--json").Json();
        Assert.Equal(30, maps.GetProperty("halves").GetProperty("half2").GetInt32());
        Assert.True(File.Exists(tool["maps/run.mrc"]));

        var fsc = Tool.Run("fsc", tool["maps/run.mrc"], tool["sim/true_map.mrc"], "--out", tool["fsc"], "--json").Json();
        var shells = fsc.GetProperty("shells").EnumerateArray().ToArray();
        Assert.Equal(13, shells.Length);
        Assert.Equal(2 / 60.0, shells[2].GetProperty("frequency").GetDouble(), 1e-6);
        Assert.All(shells[1..4], s => Assert.InRange(s.GetProperty("fsc").GetDouble(), 0.9, 1));
        Assert.Contains("rlnFourierShellCorrelationUnmaskedMaps", File.ReadAllText(tool["fsc.star"]), StringComparison.Ordinal);
        Assert.StartsWith("<fsc", File.ReadAllText(tool["fsc.xml"]), StringComparison.Ordinal);
        Assert.Contains("<path", File.ReadAllText(tool["fsc.svg"]), StringComparison.Ordinal);

        var built = Tool.Run("build", tool["sim/true_map.mrc"], "--resolution", "8", "--gaussians", "150", "--out", tool["model.star"], "--json").Json();
        Assert.InRange(built.GetProperty("gaussians").GetInt32(), 100, 150);
        Assert.InRange(built.GetProperty("mean_fsc").GetDouble(), 0.85, 1);

        var projected = Tool.Run("project", tool["model.star"], "--poses", tool["sim/true.star"], "--out", tool["p.mrcs"], "--ctf", "full", "--json").Json();
        Assert.Equal(60, projected.GetProperty("particles").GetInt32());
        Assert.InRange(Correlation(tool["p.mrcs"], tool["sim/particles.mrcs"], 24), 0.3, 1);
    }

    [Fact]
    public void Both_projectors_give_the_same_images()
    {
        using var tool = new Tool();
        var sim = tool.Simulate();
        Tool.Run("build", Path.Combine(sim, "true_map.mrc"), "--resolution", "9", "--gaussians", "80", "--out", tool["m.star"]).RequireSuccess();
        Tool.Run("project", tool["m.star"], "--poses", Path.Combine(sim, "true.star"), "--out", tool["a.mrcs"]).RequireSuccess();
        Tool.Run(
            "project", tool["m.star"], "--poses", Path.Combine(sim, "true.star"), "--out", tool["b.mrcs"], "--projector", "direct", "--threads", "1")
            .RequireSuccess();
        Assert.InRange(Correlation(tool["a.mrcs"], tool["b.mrcs"], 24), 0.9999, 1.0000001);
        using var particles = StarParticles.Open(tool["a.star"], new StarParticlesOptions { RequireCtf = false });
        Assert.Equal(40, particles.Particles.Count);
    }

    [Fact]
    public void Existing_output_is_an_error_before_any_work_and_is_left_alone()
    {
        using var tool = new Tool();
        Directory.CreateDirectory(tool["sim"]);
        File.WriteAllText(tool["sim/true.star"], "mine");
        string[] args = ["simulate", tool.WriteModel(), "--out", tool["sim"], "--particles", "2", "--box", "24", "--pixel-size", "2.5"];
        var run = Tool.Run(args);
        Assert.Equal(1, run.Code);
        Assert.Contains("true.star: exists already", run.Line(), StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(tool["sim/true.star"]));
        Assert.Single(Directory.GetFiles(tool["sim"]));

        // What no list says gmm wrote is not replaced even then; what the list has is.
        Assert.Contains("no list of gmm's says", Tool.Run([.. args, "--overwrite"]).Line(), StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(tool["sim/true.star"]));
        File.Delete(tool["sim/true.star"]);
        Tool.Run(args).RequireSuccess();
        var first = File.ReadAllBytes(tool["sim/true.star"]);
        Assert.EndsWith("holds a finished run; replace it (--overwrite), or choose another folder", Tool.Run(args).Line(), StringComparison.Ordinal);
        Tool.Run([.. args, "--overwrite", "--seed", "2"]).RequireSuccess();
        Assert.NotEqual(first, File.ReadAllBytes(tool["sim/true.star"]));
    }

    [Fact]
    public void Threads_do_not_change_a_byte_and_seeds_do()
    {
        using var tool = new Tool();
        var (a, b, c) = (tool.Simulate("a", "--threads", "1"), tool.Simulate("b", "--threads", "3"), tool.Simulate("c", "--seed", "2"));
        foreach (var name in new[] { "particles.mrcs", "true.star", "disturbed.star", "true_map.mrc" })
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(a, name)), File.ReadAllBytes(Path.Combine(b, name)));
        }

        Assert.NotEqual(File.ReadAllBytes(Path.Combine(a, "particles.mrcs")), File.ReadAllBytes(Path.Combine(c, "particles.mrcs")));
    }

    [Fact]
    public void An_interrupted_call_is_130_and_leaves_no_output()
    {
        using var tool = new Tool();
        using var source = new CancellationTokenSource();
        source.Cancel();
        var run = Tool.Run(source.Token, "simulate", tool.WriteModel(), "--out", tool["sim"], "--particles", "5", "--box", "24", "--pixel-size", "2.5");
        Assert.Equal((130, "gmm simulate: interrupted"), (run.Code, run.Line()));
        Assert.True(!Directory.Exists(tool["sim"]) || Directory.GetFileSystemEntries(tool["sim"]).Length == 0);
    }

    [Fact]
    public void Simulate_takes_views_and_defoci_from_a_file()
    {
        using var tool = new Tool();
        var like = tool.Simulate();
        var second = tool.Simulate("second", "--like", Path.Combine(like, "true.star"), "--seed", "9", "--no-noise");
        using StarParticles a = StarParticles.Open(Path.Combine(like, "true.star")), b = StarParticles.Open(Path.Combine(second, "true.star"));
        for (var i = 0; i < 40; i++)
        {
            Assert.InRange(a.Particles[i].Pose.Rotation.AngleTo(b.Particles[i].Pose.Rotation), 0, 1e-6);
            Assert.Equal(a.Particles[i].Ctf, b.Particles[i].Ctf);
        }
    }

    [Fact]
    public void A_map_agrees_with_itself_to_Nyquist()
    {
        using var tool = new Tool();
        var map = Path.Combine(tool.Simulate(), "true_map.mrc");
        var json = Tool.Run("fsc", map, map, "--json").Json();
        Assert.Equal((5.0, true), (json.GetProperty("resolution_0143_A").GetDouble(), json.GetProperty("resolution_is_nyquist").GetBoolean()));
        Assert.Equal((5.0, true), (json.GetProperty("resolution_05_A").GetDouble(), json.GetProperty("resolution_05_is_nyquist").GetBoolean()));
        Assert.Contains("Nyquist, 5.00 A", Tool.Run("fsc", map, map).Output, StringComparison.Ordinal);
        var stack = Tool.Run("fsc", map, Path.Combine(tool["sim"], "particles.mrcs"));
        Assert.Equal(1, stack.Code);
        Assert.Contains("particles.mrcs", stack.Line(), StringComparison.Ordinal);
    }

    /// <summary>Correlation of two stacks' pixels, all images together.</summary>
    private static double Correlation(string a, string b, int size)
    {
        using MrcStack x = MrcStack.Open(a), y = MrcStack.Open(b);
        Assert.Equal(x.Count, y.Count);
        float[] p = new float[size * size], q = new float[size * size];
        double xy = 0, xx = 0, yy = 0;
        for (var i = 0; i < x.Count; i++)
        {
            x.ReadImage(i, p);
            y.ReadImage(i, q);
            double mp = p.Average(), mq = q.Average();
            for (var j = 0; j < p.Length; j++)
            {
                (xy, xx, yy) = (xy + ((p[j] - mp) * (q[j] - mq)), xx + ((p[j] - mp) * (p[j] - mp)), yy + ((q[j] - mq) * (q[j] - mq)));
            }
        }

        return xy / Math.Sqrt(xx * yy);
    }
}
