using Gmm.Core;
using Gmm.Heterogeneity;
using Gmm.IO;

namespace Gmm.Cli.Tests;

public sealed class HeterogeneityVerbTests
{
    [Fact]
    public void A_structure_at_rest_gives_every_file_and_the_word_that_nothing_moves()
    {
        using var tool = new Tool();
        var (star, m1, m2) = Prepare(tool, 240);
        string[] call =
        [
            "heterogeneity", star, "--model-half1", m1, "--model-half2", m2, "--out", tool["motion"], "--latent", "2", "--anchors", "8", "--epochs",
            "2", "--threads", "2",
        ];
        var report = Tool.Run([.. call, "--json"]).Json();
        Assert.False(report.GetProperty("motion_found").GetBoolean());
        Assert.True(report.GetProperty("particles_per_second").GetDouble() > 0);
        Assert.True(double.IsFinite(report.GetProperty("heldout_gain").GetDouble()));
        Assert.All(report.GetProperty("files").EnumerateArray(), f => Assert.True(File.Exists(f.GetString())));

        var folder = new HeterogeneityFolder(tool["motion"]);
        var latents = folder.ReadLatents();
        Assert.Equal((240, 2), (latents.Count, latents.Dimension));
        using (var particles = StarParticles.Open(star))
        {
            Assert.Equal(particles.Table.GetColumn("rlnImageName"), latents.ImageNames);
            Assert.Equal(particles.Particles.Select(p => p.Half), latents.Halves);
        }

        Assert.Equal(2, folder.ReadAutoencoder(2).LatentDimension);
        var record = folder.ReadRecord();
        Assert.Equal((star, false, 2), (record.ParticlesFile, record.MotionFound, record.Training.Both.Count));
        Assert.Empty(Directory.GetFiles(tool["motion"], "*.tmp"));

        // A half whose training is gone is trained again, the other is not, and the files are the same bytes.
        string[] compared = [folder.Latents, folder.Autoencoder(1), folder.Autoencoder(2), tool["motion/training_half2.gmmts"]];
        var before = compared.Select(File.ReadAllBytes).ToArray();
        foreach (var file in (string[])[.. compared, folder.Record])
        {
            File.Delete(file);
        }

        Tool.Run([.. call, "--resume"]).RequireSuccess();
        Assert.All(record.Training.Both, t => Assert.True(t.ParticlesPerSecond > 0 && t.Epochs.All(e => e.Seconds is not null)));
        var again = folder.ReadRecord().Training.Both;
        Assert.True(again[0].ParticlesPerSecond is null && again[0].Epochs.All(e => e.Seconds is null));
        Assert.True(again[1].ParticlesPerSecond > 0 && again[1].Epochs.All(e => e.Seconds is not null));
        Assert.Equal(before, compared.Select(File.ReadAllBytes));
        Refused(Tool.Run([.. call, "--resume", "--overwrite"]), "contradict");
        Refused(Tool.Run([.. call, "--resume", "--seed", "7"]), "seed was 1, now 7");

        File.WriteAllLines(tool["z.csv"], Enumerable.Range(0, 240).Select(i => FormattableString.Invariant($"{i % 7},{i % 5}")));
        Refused(Tool.Run([.. call, "--resume", "--start-latents", tool["z.csv"]]), "--start-latents was not given");
        string[] started = [.. call[..6], "--out", tool["started"], .. call[8..], "--start-latents", tool["z.csv"]];
        Assert.Contains("the halves have that in common", Tool.Run(started).Error, StringComparison.Ordinal);
        string[] more = [.. started, "--overwrite"];
        more[Array.IndexOf(more, "--latent") + 1] = "3";
        Refused(Tool.Run(more), "z.csv: has 2 coordinates for each particle: give --latent 2 or less");
        File.AppendAllText(tool["z.csv"], "1,2\n");
        Refused(Tool.Run([.. started, "--overwrite"]), "has 241 rows");

        Refused(Tool.Run(call), "the folder holds a finished run");
        var text = Tool.Run([.. call, "--overwrite"]);
        Assert.Contains("no motion found", text.Output, StringComparison.Ordinal);
        File.Copy(folder.Model(1), folder.Model(2), overwrite: true);
        Assert.Contains(
            "the files were swapped", Assert.Throws<Gmm.Core.InvalidInputException>(() => folder.ReadAutoencoder(2)).Message,
            StringComparison.Ordinal);
        GaussianModelFile.Write(folder.Model(2), GaussianModelFile.Read(folder.Model(1)), overwrite: true);
        Assert.Contains("another model", Assert.Throws<Gmm.Core.InvalidInputException>(() => folder.ReadAutoencoder(2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_input_is_told_before_any_work()
    {
        using var tool = new Tool();
        var (star, m1, m2) = Prepare(tool, 60);
        string[] With(params string[] more) => ["heterogeneity", star, "--model-half1", m1, "--model-half2", m2, "--out", tool["motion"], .. more];
        Refused(Tool.Run(With()), "too few");
        Refused(Tool.Run(With("--latent", "9", "--anchors", "8")), "larger than the number of anchors");
        Refused(Tool.Run(With("--latent", "0")), "from 1 to 10");
        Refused(Tool.Run(With("--resolution", "60")), "coarser than the finest");
        Refused(Tool.Run(With("--focus", tool["none.mrc"])), "none.mrc");
        Refused(Tool.Run(["heterogeneity", star, "--model-half1", m1, "--model-half2", m1, "--out", tool["motion"]]), "each half needs its own");
        Assert.False(File.Exists(tool["motion/latent.star"]));
    }

    private static void Refused(ToolRun run, string words)
    {
        Assert.Equal(1, run.Code);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
    }

    internal static (string Star, string Model1, string Model2) Prepare(Tool tool, int count)
    {
        Tool.Run(
            "simulate", tool.WriteModel(), "--out", tool["sim"], "--particles", $"{count}", "--box", "24", "--pixel-size", "2.5", "--snr", "2",
            "--seed", "3").RequireSuccess();
        Tool.Run("reconstruct", tool["sim/true.star"], "--out", tool["maps/run"]).RequireSuccess();
        foreach (var half in new[] { "1", "2" })
        {
            Tool.Run("build", tool[$"maps/run_half{half}_unfil.mrc"], "--resolution", "8", "--gaussians", "60", "--out", tool[$"m{half}.star"])
                .RequireSuccess();
        }

        return (tool["sim/true.star"], tool["m1.star"], tool["m2.star"]);
    }
}
