using Gmm.IO;

namespace Gmm.Cli.Tests;

public class QScoreVerbTests
{
    [Fact]
    public void Tables_model_and_pictures_are_written_and_a_sharper_map_scores_higher()
    {
        using var tool = new Tool();
        var model = tool.WriteModel();

        // With CA among its names a residue counts as an amino acid, and the picture has something to show.
        File.WriteAllText(model, File.ReadAllText(model).Replace("  C   ALA", "  CA  ALA", StringComparison.Ordinal));
        WriteMap(tool["sharp.mrc"], model, 0.7);
        WriteMap(tool["dull.mrc"], model, 1.6);
        var report = Tool.Run("qscore", tool["sharp.mrc"], model, "--also", tool["dull.mrc"], "--out", tool["out/q"], "--atoms", "--json").Json();
        var maps = report.GetProperty("maps").EnumerateArray().ToArray();
        Assert.Equal(report.GetProperty("mean_q").GetDouble(), maps[0].GetProperty("mean_q").GetDouble());
        Assert.True(maps[0].GetProperty("mean_q").GetDouble() > maps[1].GetProperty("mean_q").GetDouble() + 0.1);
        Assert.Equal(150, report.GetProperty("atoms").GetInt32());
        Assert.Equal(5, report.GetProperty("files").GetArrayLength());
        Assert.All(report.GetProperty("files").EnumerateArray(), f => Assert.True(File.Exists(f.GetString())));

        var rows = File.ReadAllLines(tool["out/q_residues.csv"]);
        Assert.Equal("chain,residue,name,q,q_window11,q_2,q_window11_2", rows[0]);
        Assert.Equal(151, rows.Length);
        Assert.StartsWith("A,1,ALA,0.", rows[1], StringComparison.Ordinal);
        var atoms = File.ReadAllLines(tool["out/q_atoms.csv"]);
        Assert.Equal("chain,residue,name,atom,q", atoms[0]);
        var scored = AtomicModelFile.Read(tool["out/q.cif"]);
        for (var i = 0; i < scored.Count; i++)
        {
            Assert.Equal(FormattableString.Invariant($"A,{i + 1},ALA,{(i % 3 == 0 ? "CA" : i % 3 == 1 ? "N" : "O")},{scored.BFactors[i]:F4}"), atoms[i + 1]);
        }

        Assert.Contains("sharp.mrc", File.ReadAllText(tool["out/q.svg"]), StringComparison.Ordinal);
        Assert.Equal(1, Tool.Run("qscore", tool["sharp.mrc"], model, "--out", tool["out/q"]).Code);
        var text = Tool.Run("qscore", tool["sharp.mrc"], model, "--out", tool["out/q"], "--overwrite");
        Assert.Contains("mean of 150 atoms", text.Output, StringComparison.Ordinal);
        Assert.Equal("chain,residue,name,q,q_window11", File.ReadLines(tool["out/q_residues.csv"]).First());
    }

    [Fact]
    public void A_model_outside_the_map_is_an_error_and_one_at_its_rim_a_warning()
    {
        using var tool = new Tool();
        var model = tool.WriteModel();
        WriteMap(tool["m.mrc"], model, 1);
        var volume = MrcFile.ReadVolume(tool["m.mrc"]);
        MrcFile.WriteVolume(tool["far.mrc"], volume with { Origin = (100, 0, 0) });
        var run = Tool.Run("qscore", tool["far.mrc"], model, "--out", tool["q"]);
        Assert.Equal(1, run.Code);
        Assert.Contains("far.mrc: 150 of 150 atoms lie outside the map", run.Line(), StringComparison.Ordinal);
        Assert.Equal(3, Directory.GetFiles(tool.Folder).Length);

        MrcFile.WriteVolume(tool["rim.mrc"], volume with { Origin = (volume.Origin.X + 12, volume.Origin.Y, volume.Origin.Z) });
        run = Tool.Run("qscore", tool["rim.mrc"], model, "--out", tool["q"]);
        Assert.Equal(0, run.Code);
        Assert.Matches("warning: [0-9]+ of 150 atoms lie outside", run.Error);

        // Scores that do not exist are empty fields and CIF's "no value".
        Assert.Contains(
            File.ReadLines(tool["q_residues.csv"]),
            l => l.EndsWith(",ALA,,", StringComparison.Ordinal) || l.Contains(",ALA,,", StringComparison.Ordinal));
        Assert.Contains(" 1.00 ? ", File.ReadAllText(tool["q.cif"]), StringComparison.Ordinal);
    }

    /// <summary>The model's atoms as Gaussians, 1 A voxels.</summary>
    private static void WriteMap(string path, string modelFile, double sigma)
    {
        var model = AtomicModelFile.Read(modelFile);
        const int n = 44;
        var voxels = new float[n * n * n];
        for (var i = 0; i < voxels.Length; i++)
        {
            double x = (i % n) - (n / 2), y = (i / n % n) - (n / 2), z = (i / n / n) - (n / 2), sum = 0;
            for (var j = 0; j < model.Count; j++)
            {
                double dx = x - model.X[j], dy = y - model.Y[j], dz = z - model.Z[j];
                sum += Math.Exp(-0.5 * ((dx * dx) + (dy * dy) + (dz * dz)) / (sigma * sigma));
            }

            voxels[i] = (float)sum;
        }

        MrcFile.WriteVolume(path, new MrcVolume { Size = (n, n, n), PixelSize = (1, 1, 1), Origin = (-n / 2, -n / 2, -n / 2), Voxels = voxels });
    }
}
