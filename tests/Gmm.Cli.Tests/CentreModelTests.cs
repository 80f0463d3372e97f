using Gmm.IO;

namespace Gmm.Cli.Tests;

/// <summary>--centre-model means one thing everywhere: the model moved to where simulate has it. The model here lies 37 A off.</summary>
public sealed class CentreModelTests : IDisposable
{
    private readonly Tool _tool = new();
    private readonly string _model;
    private readonly string _centred;
    private readonly string _map;

    public CentreModelTests()
    {
        _model = _tool.WriteModel("far.pdb", 37);
        Tool.Run("simulate", _model, "--out", _tool["sim"], "--particles", "40", "--box", "24", "--pixel-size", "2.5", "--snr", "2").RequireSuccess();
        (_centred, _map) = (_tool["sim/model.cif"], _tool["sim/true_map.mrc"]);
    }

    [Fact]
    public void Simulate_writes_the_model_in_the_frame_of_its_map()
    {
        AtomicModel far = AtomicModelFile.Read(_model), near = AtomicModelFile.Read(_centred);
        Assert.Equal(far.AtomNames, near.AtomNames);

        // Atomic weights and equal occupancies, by hand; the box centre is voxel 12.
        double[] weight = [.. far.AtomicNumbers.ToArray().Select(n => n switch { 6 => 12.011, 7 => 14.007, _ => 15.999 })];
        double Centre(AtomicModel m) => m.X.ToArray().Zip(weight, (x, w) => x * w).Sum() / weight.Sum();
        Assert.InRange(Centre(far), 35, 39);
        Assert.Equal(12 * 2.5, Centre(near), 3e-3);
        Assert.Equal(near.X[149] - near.X[0], far.X[149] - far.X[0], 1e-6);
        var q = Tool.Run("qscore", _map, _centred, "--out", _tool["q"], "--json").Json();
        Assert.Equal(0, q.GetProperty("atoms_outside").GetInt32());
    }

    [Fact]
    public void Qscore_and_fsc_find_the_model_at_the_same_place()
    {
        var outside = Tool.Run("qscore", _map, _model, "--out", _tool["o"]);
        Assert.Contains("lie outside", outside.Line(), StringComparison.Ordinal);
        Assert.Contains("--centre-model puts its centre at the box centre", outside.Line(), StringComparison.Ordinal);
        double Q(string model, string name, params string[] more) =>
            Tool.Run(["qscore", _map, model, "--out", _tool[name], "--json", .. more]).Json().GetProperty("mean_q").GetDouble();
        Assert.Equal(Q(_centred, "a"), Q(_model, "b", "--centre-model"), 1e-4);
        Assert.Equal(AtomicModelFile.Read(_centred).X[7], AtomicModelFile.Read(_tool["b.cif"]).X[7], 2e-6);

        double Fsc(string model, params string[] more) =>
            Tool.Run(["fsc", _map, "--model", model, "--json", .. more]).Json().GetProperty("shells")[4].GetProperty("fsc").GetDouble();
        Assert.InRange(Fsc(_centred), 0.95, 1);
        Assert.Equal(Fsc(_centred), Fsc(_model, "--centre-model"), 1e-5);
        Assert.Contains("--centre-model", Tool.Run("fsc", _map, "--model", _model).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Molmap_mask_build_and_refine_too()
    {
        float[] Map(string[] args, string name)
        {
            Tool.Run([.. args, "--out", _tool[name]]).RequireSuccess();
            return MrcFile.ReadVolume(_tool[name]).Voxels;
        }

        void Same(float[] a, float[] b) => Assert.InRange(a.Zip(b, (x, y) => Math.Abs(x - y)).Max(), 0, 1e-4 * a.Max());
        var expected = Map(["molmap", _centred, "--resolution", "6", "--like", _map], "a.mrc");
        Same(expected, Map(["molmap", _model, "--resolution", "6", "--like", _map, "--centre-model"], "b.mrc"));
        Same(expected, Map(["molmap", _model, "--resolution", "6", "--box", "24", "--pixel-size", "2.5", "--centre-model"], "c.mrc"));
        Assert.Equal((0, 0, 0), MrcFile.ReadVolume(_tool["c.mrc"]).FirstVoxel);
        Same(Map(["mask", _map, "--model", _centred], "m.mrc"), Map(["mask", _map, "--model", _model, "--centre-model"], "n.mrc"));

        string[] build = ["build", _map, "--resolution", "8", "--gaussians", "60", "--iterations", "2", "--json"];
        double Built(string model, string name, params string[] more) =>
            Tool.Run([.. build, "--model", model, "--out", _tool[name], .. more]).Json().GetProperty("mean_fsc").GetDouble();
        Assert.Equal(Built(_centred, "1.star"), Built(_model, "2.star", "--centre-model"), 1e-3);

        string[] refine = ["refine", _tool["sim/disturbed.star"], "--iterations", "1", "--gaussians", "60"];
        Tool.Run([.. refine, "--model", _model, "--centre-model", "--out", _tool["run"]]).RequireSuccess();
        Assert.Contains("--centre-model puts", Tool.Run([.. refine, "--model", _model, "--out", _tool["no"]]).Error, StringComparison.Ordinal);
        Assert.Contains(
            "--centre-model: is for an atomic model", Tool.Run([.. refine, "--centre-model", "--out", _tool["no"]]).Line(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_reader_of_models_assumed_is_shown_by_every_verb()
    {
        File.WriteAllText(_tool["af.pdb"], "TITLE     ALPHAFOLD MONOMER V2.0 PREDICTION\n" + File.ReadAllText(_model));
        const string said = "af.pdb: the B factors are a predictor's confidence, not B factors (the file names ALPHAFOLD); 0 is taken for all of them";
        foreach (var args in new string[][]
        {
            ["molmap", _tool["af.pdb"], "--resolution", "6", "--box", "24", "--pixel-size", "2.5", "--out", _tool["a.mrc"]],
            ["qscore", _map, _tool["af.pdb"], "--centre-model", "--out", _tool["q"]],
            ["fsc", _map, "--model", _tool["af.pdb"], "--centre-model"],
            ["mask", _map, "--model", _tool["af.pdb"], "--centre-model", "--out", _tool["m.mrc"]],
            [
                "build", _map, "--resolution", "8", "--gaussians", "60", "--iterations", "1", "--model", _tool["af.pdb"], "--centre-model", "--out",
                _tool["m.star"]],
            ["simulate", _tool["af.pdb"], "--out", _tool["s2"], "--particles", "2", "--box", "24", "--pixel-size", "2.5"],
        })
        {
            var run = Tool.Run(args);
            run.RequireSuccess();
            Assert.Equal(1, run.Error.Split(said).Length - 1);
            Assert.Contains("warning: ", run.Error, StringComparison.Ordinal);
        }
    }

    public void Dispose() => _tool.Dispose();
}
