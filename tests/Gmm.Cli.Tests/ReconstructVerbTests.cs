using Gmm.Core;
using Gmm.IO;

namespace Gmm.Cli.Tests;

public sealed class ReconstructVerbTests : IDisposable
{
    private readonly Tool _tool = new();
    private readonly string _star;

    public ReconstructVerbTests() => _star = Path.Combine(_tool.Simulate(), "true.star");

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void Parts_finished_give_the_maps_of_one_run()
    {
        string[] settings = ["--symmetry", "C3", "--padding", "2", "--box", "20"];
        var whole = Tool.Run(["reconstruct", _star, "--out", _tool["whole"], "--wiener", "--json", .. settings]).Json();
        Assert.Equal(
            ("C3", 20, true),
            (whole.GetProperty("symmetry").GetString(), whole.GetProperty("box").GetInt32(), whole.GetProperty("wiener").GetBoolean()));
        for (var part = 1; part <= 3; part++)
        {
            var json = Tool.Run(["reconstruct", _star, "--partial", $"{part}/3", "--out", _tool[$"{part}.gmmsum"], "--json", .. settings]).Json();
            Assert.Equal((part, 3), (json.GetProperty("part").GetInt32(), json.GetProperty("parts").GetInt32()));
        }

        var finished = Tool.Run(
            "reconstruct", "--finish", _tool["2.gmmsum"], _tool["3.gmmsum"], _tool["1.gmmsum"], "--out", _tool["parts"], "--wiener", "--json").Json();
        Assert.Equal((40, "C3"), (finished.GetProperty("particles").GetInt32(), finished.GetProperty("symmetry").GetString()));
        foreach (var file in new[] { "_half1_unfil.mrc", "_half2_unfil.mrc", ".mrc" })
        {
            float[] a = MrcFile.ReadMap(_tool["whole" + file]).Voxels, b = MrcFile.ReadMap(_tool["parts" + file]).Voxels;
            var largest = a.Max(Math.Abs);
            Assert.All(a.Zip(b), v => Assert.Equal(v.First, v.Second, 2e-6f * largest));
        }

        var again = Tool.Run("reconstruct", "--finish", _tool["1.gmmsum"], _tool["1.gmmsum"], _tool["3.gmmsum"], "--out", _tool["again"]);
        Assert.Contains("part 1 of 3 is given twice", again.Line(), StringComparison.Ordinal);
        Assert.Equal(1, again.Code);
    }

    [Fact]
    public void One_half_is_the_half_of_both()
    {
        Tool.Run("reconstruct", _star, "--out", _tool["both"]).RequireSuccess();
        var json = Tool.Run("reconstruct", _star, "--out", _tool["one"], "--half", "2", "--json").Json();
        Assert.Equal((0, 20), (json.GetProperty("halves").GetProperty("half1").GetInt32(), json.GetProperty("halves").GetProperty("half2").GetInt32()));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, json.GetProperty("resolution_0143_A").ValueKind);
        Assert.Equal([_tool["one_half2_unfil.mrc"]], Directory.GetFiles(_tool.Folder, "one*"));
        Assert.Equal(MrcFile.ReadMap(_tool["both_half2_unfil.mrc"]).Voxels, MrcFile.ReadMap(_tool["one_half2_unfil.mrc"]).Voxels);
    }

    [Fact]
    public void A_wiener_filter_damps_the_mean_where_the_halves_disagree()
    {
        Tool.Run("reconstruct", _star, "--out", _tool["plain"]).RequireSuccess();
        Tool.Run("reconstruct", _star, "--out", _tool["wiener"], "--wiener").RequireSuccess();
        Assert.Equal(File.ReadAllBytes(_tool["plain_half1_unfil.mrc"]), File.ReadAllBytes(_tool["wiener_half1_unfil.mrc"]));
        double Power(string name) => MrcFile.ReadMap(_tool[name]).Voxels.Sum(v => (double)v * v);
        Assert.InRange(Power("wiener.mrc") / Power("plain.mrc"), 0.05, 0.98);
    }

    [Fact]
    public void Weights_and_rejection_come_from_columns_and_are_reported()
    {
        // Four bad particles in each half.
        int[] bad;
        using (var truth = StarParticles.Open(_star))
        {
            bad = [.. new[] { 1, 2 }.SelectMany(h => Enumerable.Range(0, 40).Where(i => truth.Particles[i].Half == h).Take(4))];
        }

        var weighted = WithColumn("weighted.star", "rlnMaxValueProbDistribution", i => bad.Contains(i) ? "0.01" : "0.9");
        var json = Tool.Run("reconstruct", weighted, "--out", _tool["w"], "--weights", "posterior", "--json").Json();
        Assert.Equal(
            ("rlnMaxValueProbDistribution", 0, 40),
            (json.GetProperty("weights").GetString(), json.GetProperty("rejected").GetInt32(), json.GetProperty("particles").GetInt32()));
        Tool.Run("reconstruct", weighted, "--out", _tool["n"], "--weights", "none").RequireSuccess();
        Assert.NotEqual(File.ReadAllBytes(_tool["w.mrc"]), File.ReadAllBytes(_tool["n.mrc"]));

        var run = Tool.Run("reconstruct", weighted, "--out", _tool["r"], "--weights", "posterior", "--reject-worst", "0.2", "--json");
        json = run.Json();
        Assert.Equal((8, 32), (json.GetProperty("rejected").GetInt32(), json.GetProperty("particles").GetInt32()));
        Assert.Contains("rejected 8 of 40 particles: rlnMaxValueProbDistribution under 0.9", run.Error, StringComparison.Ordinal);
        run = Tool.Run("reconstruct", weighted, "--out", _tool["s"], "--reject-worst", "0.2", "--reject-by", "rlnMaxValueProbDistribution");
        Assert.Contains("8 particles were rejected by rlnMaxValueProbDistribution", run.Output, StringComparison.Ordinal);
        Assert.Equal(MrcFile.ReadMap(_tool["r.mrc"]).Voxels.Max(), MrcFile.ReadMap(_tool["s.mrc"]).Voxels.Max(), 1e-4f);

        var scored = WithColumn("scored.star", "gmmPoseScore", i => i == 3 ? "-1" : "0.2");
        run = Tool.Run("reconstruct", scored, "--out", _tool["t"], "--weights", "score", "--json");
        Assert.Equal(39, run.Json().GetProperty("particles").GetInt32());
        Assert.Contains("1 particles with a negative gmmPoseScore", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("posterior", "p.star, rlnMaxValueProbDistribution: the column is missing", "--weights", "posterior")]
    [InlineData("column", "p.star, mine: the column is missing", "--weights", "mine")]
    [InlineData("reject column", "p.star, gmmPoseScore: the column is missing", "--reject-worst", "0.1")]
    [InlineData("negative", "rlnNegative: the weight -0.5 is negative", "--weights", "rlnNegative")]
    [InlineData("NaN", "rlnNan: ", "--weights", "rlnNan")]
    [InlineData("symmetry", "--symmetry: 'Q3' is not a symmetry", "--symmetry", "Q3")]
    [InlineData("fold", "--symmetry: 'C0' is not a symmetry", "--symmetry", "C0")]
    [InlineData("odd", "--box: must be an even number", "--box", "21")]
    [InlineData("large", "--box: the box of 64 is larger than the images, 24", "--box", "64")]
    [InlineData("padding", "--padding: must be from 1 to 4", "--pad", "0.9")]
    [InlineData("padding NaN", "--padding: must be finite", "--padding", "NaN")]
    [InlineData("fraction", "--reject-worst: must be a fraction", "--reject-worst", "1")]
    [InlineData("reject by", "--reject-by: needs --reject-worst", "--reject-by", "x")]
    [InlineData("part", "--partial: '3/2' is not a part", "--partial", "3/2")]
    [InlineData("part 0", "--partial: '0/2' is not a part", "--partial", "0/2")]
    [InlineData("part text", "--partial: 'one' is not a part", "--partial", "one")]
    [InlineData("wiener", "--wiener: needs both halves", "--wiener", "--half", "1")]
    [InlineData("partial half", "--partial: keeps both halves", "--partial", "1/2", "--half", "1")]
    public void Bad_input_is_one_line_and_writes_nothing(string what, string problem, params string[] args)
    {
        Assert.NotEmpty(what);
        var star = WithColumn("p.star", "rlnNegative", i => i == 5 ? "-0.5" : "1", "rlnNan", i => i == 6 ? "nan" : "1");
        var run = Tool.Run(["reconstruct", star, "--out", _tool["bad"], .. args]);
        Assert.Equal(1, run.Code);
        Assert.Contains(problem, run.Line(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_tool.Folder, "bad*"));
    }

    [Fact]
    public void Finish_takes_no_particles_and_no_settings()
    {
        File.WriteAllText(_tool["x.gmmsum"], "x");
        Assert.Contains("PARTICLES is needed", Tool.Run("reconstruct", "--out", _tool["bad"]).Line(), StringComparison.Ordinal);
        Assert.Contains(
            "reads sums, not particles", Tool.Run("reconstruct", _star, "--finish", _tool["x.gmmsum"], "--out", _tool["bad"]).Line(),
            StringComparison.Ordinal);
        Assert.Contains(
            "--symmetry was decided", Tool.Run("reconstruct", "--finish", _tool["x.gmmsum"], "--symmetry", "C3", "--out", _tool["bad"]).Line(),
            StringComparison.Ordinal);
        Assert.Contains(
            "x.gmmsum: not a file of partial sums", Tool.Run("reconstruct", "--finish", _tool["x.gmmsum"], "--out", _tool["bad"]).Line(),
            StringComparison.Ordinal);
        Assert.Contains("no such file", Tool.Run("reconstruct", "--finish", _tool["y.gmmsum"], "--out", _tool["bad"]).Line(), StringComparison.Ordinal);
    }

    [Fact]
    public void Little_padding_is_warned_of()
    {
        var run = Tool.Run("reconstruct", _star, "--out", _tool["p1"], "--pad", "1");
        run.RequireSuccess();
        Assert.Contains("warning: a padding under 1.2", run.Error, StringComparison.Ordinal);
        Assert.All(MrcFile.ReadMap(_tool["p1.mrc"]).Voxels, v => Assert.True(float.IsFinite(v)));
    }

    private string WithColumn(string name, string label, Func<int, string> value, string? label2 = null, Func<int, string>? value2 = null)
    {
        var path = Path.Combine(Path.GetDirectoryName(_star)!, name);
        using var particles = StarParticles.Open(_star);
        var columns = new List<StarColumn> { new(label, [.. Enumerable.Range(0, 40).Select(value)]) };
        if (label2 is not null)
        {
            columns.Add(new StarColumn(label2, [.. Enumerable.Range(0, 40).Select(value2!)]));
        }

        particles.WriteStar(path, [.. particles.Particles.Select(p => p.Pose)], columns, overwrite: true);
        return path;
    }
}
