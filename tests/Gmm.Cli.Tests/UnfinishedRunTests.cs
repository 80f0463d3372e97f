using System.Text.Json;
using System.Text.Json.Nodes;
using Gmm.Core;
using Gmm.Heterogeneity;
using Gmm.IO;
using Gmm.Refinement;

namespace Gmm.Cli.Tests;

/// <summary>Status and page of runs that have not come to their end, of the jobs other than refine.</summary>
public sealed class UnfinishedRunTests : IDisposable
{
    private readonly Tool _tool = new();

    private string Folder => _tool["run"];

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void Training_is_shown_epoch_by_epoch()
    {
        Stop("heterogeneity", "gmm heterogeneity a.star --model-half1 a --model-half2 b --out 'my run' --overwrite", run =>
        {
            EpochRecord[] epochs = [.. Enumerable.Range(0, 3).Select(e => new EpochRecord
            {
                Epoch = e,
                Stage = e == 0 ? "closed form" : "linear",
                HeldOutGain = 0.125 * e,
                HeldOutError = 0.03125,
                TrainingGain = 0.5,
                Seconds = 1,
            })];
            var position = new TrainingPosition { Done = 2, Epochs = epochs, BestEpoch = 2, BestUsesNetworks = false, Steps = [3] };
            new HeterogeneityCheckpoints(run).Of(1).Write(position, false, [[1], [2], [3], [4]]);
        });
        var status = Tool.Run("status", Folder, "--json").Json();
        Assert.Equal(("interrupted", "half 1: epochs up to 2, held-out gain 0.250"), (Text(status, "state"), Text(status, "whole")));
        Assert.Equal("gmm heterogeneity a.star --model-half1 a --model-half2 b --out 'my run' --resume", Text(status, "command"));
        var page = Page();
        Assert.Contains("not finished", page, StringComparison.Ordinal);
        Assert.Contains("epoch 2", page, StringComparison.Ordinal);
        Assert.Contains("gmm heterogeneity a.star --model-half1 a --model-half2 b --out &#x27;my run&#x27; --resume", page, StringComparison.Ordinal);

        // A state that is broken is told, by status too.
        File.WriteAllText(Path.Combine(Folder, "training_half1.gmmts"), "GMMTS 1\n");
        Assert.Contains("training_half1.gmmts", Tool.Run("report", Folder).Line(), StringComparison.Ordinal);
        Assert.Contains("training_half1.gmmts", Tool.Run("status", Folder).Line(), StringComparison.Ordinal);
    }

    [Fact]
    public void Patches_are_shown_iteration_by_iteration()
    {
        var (half1, half2) = _tool.Halves();
        Tool.Run("mask", half1, "--sphere", "20", "--out", _tool["mask.mrc"]).RequireSuccess();
        double[] unit = [.. Enumerable.Range(0, 36).Select(i => i % 7 == 0 ? 1.0 : 0)];
        Stop("patches", "gmm patches a.star --out p", run =>
        {
            File.Copy(_tool["mask.mrc"], run.Claim(PatchFiles.Mask));
            File.Copy(half1, run.Claim(PatchFiles.Consensus(1)));
            File.Copy(half2, run.Claim(PatchFiles.Consensus(2)));
            for (var n = 0; n < 2; n++)
            {
                var name = RefinementFiles.Name(n, "state.json");
                var state = new PatchStateFile
                {
                    Iteration = n,
                    Limit = 9,
                    Resolution = 8 - (2.5 * n),
                    Patches = [new PatchPlace("patch01", [1, 2, 3])],
                    Motions = new([unit], [unit]),
                    Statistics = n == 0 ? [] : [new PatchStatistics(1.25, 2, 3, 4)],
                };
                File.WriteAllText(run.Claim(name), RecordFile.ToText(state, PatchJson.Default.PatchStateFile));
                run.Seal(name);
            }
        });
        Assert.Equal("the start and iteration 1 (5.50 A)", Text(Tool.Run("status", Folder, "--json").Json(), "whole"));
        var page = Page();
        Assert.Contains("5.50 Å", page, StringComparison.Ordinal);
        Assert.Contains("<td>1.25</td>", page, StringComparison.Ordinal);
        Assert.Contains("gmm patches a.star --out p --resume", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Points_of_a_landscape_are_counted()
    {
        Stop("landscape", "gmm landscape motion --out seen", run =>
        {
            run.Claim("point_001_half2_unfil.mrc");
            File.WriteAllText(run.In("point_001_half2_unfil.mrc"), "a map");
            run.Claim("point_002_half2_unfil.mrc");
        });
        Assert.Contains("maps of 1 of 2 points", Tool.Run("status", Folder).Output, StringComparison.Ordinal);
        Assert.Contains("scores.star: is not there yet", Tool.Run("report", Folder).Line(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_record_of_a_landscape_is_read_or_refused_with_the_field()
    {
        var point = new LandscapePoint(1, new([1.5, 0], [1.25, 0]), 20, 8.5, new LandscapeAgreement(new(9, 0.5), 2, new(null, 0.25)));
        var half = new LandscapeHalf(1, 30, [2, 1], [0.8, 0.2], null, null);
        var record = new LandscapeRecord(60, true, new(half, half with { Half = 2, Match = [0.9, 0.7] }), [point], "mask.mrc", null, 3, ["scores.star"]);
        Stop("landscape", "gmm landscape motion --out seen", run =>
        {
            File.WriteAllText(
                run.Claim("scores.star"), "data_particles\n\nloop_\n_rlnImageName\n_rlnRandomSubset\n_gmmComponent1\n1@a.mrcs 1 0.5\n2@a.mrcs 2 0.25\n");
            File.WriteAllText(run.Claim(LandscapeRecord.FileName), RecordFile.ToText(record, LandscapeJson.Default.LandscapeRecord));
        });
        var page = Page();
        Assert.Contains("id=\"trajectory\"", page, StringComparison.Ordinal);
        Assert.Contains("<td>8.50</td><td>9.00</td><td>0.500</td><td>2</td><td>–</td><td>0.250</td>", Squeezed(page), StringComparison.Ordinal);
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, LandscapeRecord.FileName)))!;
        json["points"]![0]!["particles"] = -1;
        File.WriteAllText(Path.Combine(Folder, LandscapeRecord.FileName), json.ToJsonString());
        Assert.Matches(@"landscape\.json.*points.*particles", Tool.Run("report", Folder).Line());
    }

    private static string Squeezed(string html) => string.Concat(html.Split('\n'));

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    /// <summary>A run that was stopped.</summary>
    private void Stop(string job, string program, Action<RunFolder> write)
    {
        using var run = RunFolder.Open(Folder, new RunFolderOptions { Job = job, Program = program });
        run.Start(new JsonObject { ["seed"] = 1 }, []);
        write(run);
    }

    private string Page()
    {
        Tool.Run("report", Folder).RequireSuccess();
        var file = Path.Combine(Folder, "report.html");
        var text = File.ReadAllText(file);
        File.Delete(file);
        return text;
    }
}
