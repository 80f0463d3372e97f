using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.TestData;

namespace Gmm.Refinement.Tests;

/// <summary>What processes exchange, and what a scheduler is given.</summary>
public sealed class ClusterFileTests : IDisposable
{
    private readonly WorkFolder _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void What_an_iteration_is_made_ready_with_comes_back_to_the_last_bit()
    {
        var pass = MakePass();
        PassFile.Write(_work["a.gmmpass"], pass);
        var back = PassFile.Read(_work["a.gmmpass"], 3, 2);
        PassFile.Write(_work["b.gmmpass"], back);
        Assert.Equal(File.ReadAllBytes(_work["a.gmmpass"]), File.ReadAllBytes(_work["b.gmmpass"]));
        Assert.Equal(pass.State.Poses, back.State.Poses);
        Assert.Equal((pass.State.Limit, 4, 0.123456), (back.State.Limit, back.State.Iteration, back.State.Particles[1].Scale));
        Assert.Equal(pass.Models[1].X, back.Models[1].X);
        Assert.Equal(pass.Noise[1][0], back.Noise[1][0]);
        Assert.Null(back.Noise[1][1]);
        Assert.Equal(pass.Signals, back.Signals);
        Assert.Equal(pass.Grid, back.Grid);
        Assert.Equal(pass.Known[0].Estimate.Covariance, back.Known[0].Estimate.Covariance);
        Assert.True(double.IsNaN(back.Known[0].Estimate.StartScore.Correlation));

        Damage(_work["a.gmmpass"], path => PassFile.Read(path, 3, 2));
        Assert.Throws<InvalidInputException>(() => PassFile.Read(_work["b.gmmpass"], 4, 2));
    }

    [Fact]
    public void A_parts_result_is_added_only_when_it_is_whole_and_its_own()
    {
        var grid = new ReconstructionGrid(12, 2, 2, 0);
        var sums = new FourierAccumulator(grid) { SliceCount = 7 };
        var random = new Random(3);
        for (var z = 0; z < grid.PlaneCells.Length; z++)
        {
            foreach (ref var v in sums.PlaneSums(z))
            {
                v = random.NextDouble() - 0.5;
            }
        }

        PoseEstimate[] estimates = [.. MakePass().Known.Select(k => k.Estimate)];
        PartFile.Write(_work["p.result"], "key", "half1_part0001", estimates, sums);
        var total = new FourierAccumulator(grid);
        total.Add(sums);
        var back = PartFile.Read(_work["p.result"], "key", "half1_part0001", estimates.Length, total);
        Assert.Equal(estimates.Select(e => e.Pose), back.Select(e => e.Pose));
        Assert.Equal(14, total.SliceCount);
        for (var z = 0; z < grid.PlaneCells.Length; z++)
        {
            Assert.Equal(sums.PlaneSums(z).ToArray().Select(v => v + v), total.PlaneSums(z).ToArray());
        }

        foreach (var (key, task, count) in new[]
        {
            ("other", "half1_part0001", estimates.Length), ("key", "half2_part0001", estimates.Length), ("key", "half1_part0001", estimates.Length + 1),
        })
        {
            Assert.Contains(
                "other work", Assert.Throws<InvalidInputException>(() => PartFile.Read(_work["p.result"], key, task, count, total)).Message,
                StringComparison.Ordinal);
        }

        Damage(_work["p.result"], path => PartFile.Read(path, "key", "half1_part0001", estimates.Length, total));
        Assert.Equal(14, total.SliceCount);
    }

    [Fact]
    public void What_an_iteration_of_patches_is_made_ready_with_comes_back_to_the_last_bit()
    {
        PatchPlace[] places = [new("patch01", [1, 1 / 3.0, 3]), new("patch02", [-1, 0, 0.1])];
        IReadOnlyList<RigidMotionPrior>[] motions =
            [.. new[] { 1.3, 2.7 }.Select(
                d => (RigidMotionPrior[])[.. places.Select(p => RigidMotionPrior.Start((p.Centre[0], p.Centre[1], p.Centre[2]), d))])];
        IReadOnlyList<Pose>[] poses = [.. places.Select((_, k) => (Pose[])[.. Enumerable.Range(0, 3).Select(i => At((10 * k) + i))])];
        foreach (var pass in new PatchPass[]
        {
            new(1 / 0.3, places, [JobTestData.Model, JobTestData.Model], motions, null), new(1 / 0.3, places, [], [], poses),
        })
        {
            PatchPassFile.Write(_work["a.gmmpatch"], pass);
            var back = PatchPassFile.Read(_work["a.gmmpatch"], 3);
            PatchPassFile.Write(_work["b.gmmpatch"], back);
            Assert.Equal(File.ReadAllBytes(_work["a.gmmpatch"]), File.ReadAllBytes(_work["b.gmmpatch"]));
            Assert.Equal((pass.Limit, pass.Models.Count), (back.Limit, back.Models.Count));
            Assert.Equal(pass.Poses?.SelectMany(p => p), back.Poses?.SelectMany(p => p));
            Assert.Equal(places.SelectMany(p => p.Centre), back.Patches.SelectMany(p => p.Centre));
            Damage(_work["a.gmmpatch"], path => PatchPassFile.Read(path, 3));
        }

        Assert.Throws<InvalidInputException>(() => PatchPassFile.Read(_work["b.gmmpatch"], 4));
    }

    [Fact]
    public void The_result_of_a_part_of_patches_is_taken_only_when_it_is_whole_and_its_own()
    {
        int[] part = [1, 3, 4];
        static PatchHalfPass Pass() => new(null!, [], [], [], [0, 3, 4], new ComputeOptions());
        PatchEstimate Estimate(int i, bool known) => new(
            At(i), [0.1f, 1 / 3f, i, 0, 0], known ? [.. Enumerable.Range(0, 25).Select(n => n / 7f)] : null, 1 / 9f,
            known ? PoseStatus.Refined : PoseStatus.UnusableImage);
        PatchEstimate?[][] estimates = [new PatchEstimate?[6], new PatchEstimate?[6]], found = [new PatchEstimate?[6], new PatchEstimate?[6]];
        foreach (var i in part)
        {
            (estimates[0][i], estimates[1][i]) = (Estimate(i, true), Estimate(-i, false));
        }

        var pass = Pass();
        pass.Take(3, [Evidence(0, 5), Evidence(1, 5)]);
        pass.Take(4, [Evidence(0, 10)]);
        PatchPartFile.Write(_work["p.result"], "key", "half1_part0001", part, estimates, pass);
        void Read(string key, string task, int[] particles) => PatchPartFile.Read(_work["p.result"], key, task, particles, found, pass);
        Damage(_work["p.result"], _ => Read("key", "half1_part0001", part));
        foreach (var (key, task, count) in new[] { ("other", "half1_part0001", 3), ("key", "half2_part0001", 3), ("key", "half1_part0001", 2) })
        {
            Assert.Contains("other work", Assert.Throws<InvalidInputException>(() => Read(key, task, part[..count])).Message, StringComparison.Ordinal);
        }

        Assert.All(found, f => Assert.All(f, Assert.Null));
        Assert.Equal([2, 1], new[] { 3, 4 }.Select(i => pass.EvidenceOf(i)!.Count));
        var back = Pass();
        PatchPartFile.Read(_work["p.result"], "key", "half1_part0001", part, found, back);
        Assert.Null(back.EvidenceOf(1));
        Assert.Empty(back.EvidenceOf(0)!);
        PatchPartFile.Write(_work["q.result"], "key", "half1_part0001", part, found, back);
        Assert.Equal(File.ReadAllBytes(_work["p.result"]), File.ReadAllBytes(_work["q.result"]));
        Assert.Equal(pass.EvidenceOf(4)![0].Information, back.EvidenceOf(4)![0].Information);
        Assert.Equal((At(3), PoseStatus.Refined, (float[]?)null), (found[0][3]!.Pose, found[0][3]!.Status, found[1][3]!.Covariance));
    }

    [Fact]
    public void A_template_is_filled_and_lines_without_a_value_are_left_out()
    {
        var values = new Dictionary<string, string?>
        {
            ["name"] = "gmm-1",
            ["workers"] = "4",
            ["threads"] = "2",
            ["partition"] = null,
            ["time"] = "1:00:00",
            ["memory"] = null,
            ["gpus"] = null,
            ["folder"] = "/data",
            ["log"] = "/data/w_%a.log",
            ["command"] = "gmm worker 'a b'",
        };
        Assert.Equal(
            "#!/bin/sh\n#SBATCH --job-name=gmm-1\n#SBATCH --array=1-4\n#SBATCH --time=1:00:00\n#SBATCH --cpus-per-task=2\n#SBATCH --chdir=/data\n"
                + "#SBATCH --output=/data/w_%a.log\n#SBATCH --signal=B:TERM@60\n#SBATCH --no-requeue\nexec gmm worker 'a b'\n",
            JobTemplate.Read(null).Fill(values));
        var path = _work["job.sh"];
        File.WriteAllText(path, "#PBS -N {{name}}\n#PBS -J 1-{{workers}}\n#PBS -o {{log}}\n#PBS -A {{account}}\n{{command}}\n");
        var error = Assert.Throws<InvalidInputException>(() => JobTemplate.Read(path).Fill(values));
        Assert.Equal((path, 4), (error.File, error.Row));
        Assert.Contains("{{account}}", error.Message, StringComparison.Ordinal);
        File.WriteAllText(path, "#PBS -N {{name}}\n#PBS -J 1-{{workers}}\n#PBS -o {{log}}\n");
        Assert.Contains("lacks the place {{command}}", Assert.Throws<InvalidInputException>(() => JobTemplate.Read(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "workers": 0 }""", "workers")]
    [InlineData("""{ "partitions": "a" }""", "partitions")]
    [InlineData("""{ "submit": "sbatch x" }""", "submit")]
    [InlineData("""{ "time": "1\n#SBATCH -w all" }""", "time")]
    [InlineData("""{ "lost_after_s": 1 }""", "lost_after_s")]
    public void Settings_that_cannot_be_are_told_with_their_field(string json, string field)
    {
        File.WriteAllText(_work["c.json"], json);
        var error = Assert.Throws<InvalidInputException>(() => ClusterSettings.Read(_work["c.json"]));
        Assert.Equal((_work["c.json"], field), (error.File, error.Field));
    }

    [Theory]
    [InlineData("{\"workers\": 4,}", "the JSON is broken here, at byte 15 of the line: a comma before a closing bracket")]
    [InlineData("{\n\"workers\": 4", "row 2, workers: the JSON is broken here")]
    [InlineData("workers = 4", "is not settings of a cluster: the JSON is broken here, at byte 1 of the line")]
    [InlineData("{\"workers\": 4, \"workers\": 5}", "workers: stands there twice")]
    [InlineData("{\"more\": [1]}", "more: is not a set of names and values in { }")]
    [InlineData("[1, 2]", "is not settings of a cluster: is not a set of members in { }")]
    public void Settings_that_are_no_json_are_told_in_words_of_the_file(string json, string problem)
    {
        File.WriteAllText(_work["c.json"], json);
        var message = Assert.Throws<InvalidInputException>(() => ClusterSettings.Read(_work["c.json"])).Message;
        Assert.Contains(problem, message, StringComparison.Ordinal);
        Assert.All(new[] { "System.", "Gmm.", "deseriali", "literal", "reader options" }, w => Assert.DoesNotContain(w, message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_scheduler_that_is_missing_or_refuses_is_told()
    {
        var board = TaskBoard.Create(_work["it001"], new BoardRecord
        {
            Version = BoardRecord.CurrentVersion,
            Program = "p",
            Key = "0123456789abcdef",
            Work = "test",
            CallFolder = _work.Root,
            CallWords = [],
            Tasks = ["t0"],
        });
        BatchWorkers Workers(string submit) => new(
            new ClusterSettings { Submit = submit, Queue = "printf 'RUNNING\\nPENDING\\n' # {name}", Cancel = "true {name}" }, JobTemplate.Read(null), board,
            ["gmm", "worker"], Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, TimeProvider.System);
        Assert.Contains(
            "there is no no-such-sbatch", Assert.Throws<InvalidInputException>(() => Workers("no-such-sbatch {script}").Start(1)).Message,
            StringComparison.Ordinal);
        var refused = Assert.Throws<InvalidInputException>(
            () => Workers("echo 'sbatch: error: invalid partition specified: x' >&2; false {script}").Start(1));
        Assert.Contains("refuses it: sbatch: error: invalid partition specified: x", refused.Message, StringComparison.Ordinal);
        var good = Workers("cp {script} " + _work["submitted.sh"]);
        good.Start(3);
        Assert.Equal(5, Workers("true {script}").Alive() + good.Alive());
        Assert.Contains("#SBATCH --array=1-3", File.ReadAllText(_work["submitted.sh"]), StringComparison.Ordinal);
        Assert.Contains("--job-name=gmm-0123456789ab", File.ReadAllText(_work["submitted.sh"]), StringComparison.Ordinal);
    }

    private static Pose At(double shift) => new(Rotation.FromRotationVector(0.1, 0.2, shift), 1 / 3.0, shift);

    private static MotionEvidence Evidence(int first, int length) => new(
        At(first).Rotation, first, [.. Enumerable.Range(0, length * length).Select(n => n / 11.0)], [.. Enumerable.Range(0, length).Select(n => n / 13.0)]);

    private static PassInput MakePass()
    {
        ParticleResult Result(double shift) => new(At(shift), 0, 0, 0, PoseStatus.Refined) { Scale = 0.123456, Weight = 1 / 3f };
        var noise = new MeasuredNoise { [0] = [1 / 3.0, 2, 1e-300] };
        return new PassInput(
            new SearchState(4, [Result(1), Result(2), Result(3)], 1 / 0.3), [JobTestData.Model, JobTestData.Model], [noise, noise],
            [[new SignalGroup(1 / 7.0, 2) { Mean = 3, Spread = 0.1 }, null], [null, new SignalGroup(1, 2)]],
            [
                (1, new PoseEstimate(
                    At(0.5), new PoseScore(1 / 3.0, 2, 3), new PoseScore(0, double.NaN, 0), [.. Enumerable.Range(0, 25).Select(i => i / 7.0)], 5,
                    PoseStatus.Refined)),
                (2, new PoseEstimate(At(0.7), default, default, null, 0, PoseStatus.UnusableImage)),
            ])
        {
            Groups = 2,
            Grid = new WorkingGrid(48, 1 / 0.3),
        };
    }

    private static void Damage(string path, Action<string> read)
    {
        var good = File.ReadAllBytes(path);
        foreach (var bad in new[] { good[..^1], good[..60], [.. good[..^50], (byte)(good[^50] ^ 4), .. good[^49..]], [.. "GMMXXXX1"u8, .. good[8..]] })
        {
            File.WriteAllBytes(path, bad);
            Assert.Equal(path, Assert.Throws<InvalidInputException>(() => read(path)).File);
        }

        File.WriteAllBytes(path, good);
    }
}
