using Gmm.Heterogeneity;
using Gmm.Refinement;

namespace Gmm.Cli.Tests;

/// <summary>Refinements that processes share.</summary>
public sealed class ClusterTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("{\"submit\": \"no-such-sbatch {script}\", \"queue\": \"true {name}\"}", "there is no no-such-sbatch on this machine")]
    [InlineData("{\"submit\": \"true {script}\", \"queue\": \"no-such-squeue {name}\"}", "there is no no-such-squeue on this machine")]
    [InlineData("{\"submit\": \"true {script}\", \"queue\": \"true {name}\", \"template\": \"job.sh\"}", "has the place {{wibble}}")]
    [InlineData("{\"submit\": \"true {script}\", \"queue\": \"true {name}\", \"more\": {\"name\": \"x\"}}", "name is a place that has its value already")]
    public void A_scheduler_that_cannot_be_asked_is_told_before_anything_is_computed(string settings, string problem)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var star = RefineSet.Write(_tool);
        File.WriteAllText(_tool["cluster.json"], settings);
        File.WriteAllText(_tool["job.sh"], "{{name}} {{workers}} {{log}} {{wibble}} {{command}}\n");
        var run = Tool.Run("refine", star, "--out", _tool["run"], "--cluster", "slurm", "--cluster-settings", _tool["cluster.json"]);
        Assert.Equal(1, run.Code);
        Assert.Contains(problem, run.Line(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_tool["run/iterations"]));
    }

    [Fact]
    public void A_scheduler_that_is_not_set_up_is_not_waited_for()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.WriteAllText(_tool["cluster.json"], """{ "submit": "true {script}", "queue": "sh -c 'echo fatal: no configuration >&2; exit 1' {name}" }""");
        var run = Tool.Run(
            ["refine", RefineSet.Write(_tool), "--out", _tool["run"], .. RefineSet.Quick, "--cluster", "slurm", "--cluster-settings", _tool["cluster.json"]]);
        Assert.Equal(1, run.Code);
        Assert.Contains("sh does not say what is at work: fatal: no configuration", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void More_workers_than_a_machine_can_hold_are_refused()
    {
        var run = Tool.Run("refine", RefineSet.Write(_tool), "--out", _tool["run"], "--cluster", "local", "--workers", "100000");
        Assert.Equal(1, run.Code);
        Assert.Contains("--workers: must be at most", run.Line(), StringComparison.Ordinal);
    }

    [Fact]
    public void Processes_give_the_bits_of_one_also_when_a_worker_and_the_controller_are_killed()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var star = RefineSet.Write(_tool);
        string[] In(string folder, params string[] more) => ["refine", star, "--out", _tool[folder], .. RefineSet.Quick, "--parts", "3", .. more];
        Tool.Run(In("plain")).RequireSuccess();
        using (var run = ToolProcess.Start(In("shared", "--cluster", "local")))
        {
            // A worker, as soon as it has a task; then the process that started it.
            var board = WaitForTask(_tool["shared/tasks/it001"], run);
            var worker = board is null ? null : board.Look().Workers.Select(board.ReadWorker).FirstOrDefault(w => w is not null);
            if (worker is not null)
            {
                using var kill = System.Diagnostics.Process.Start("sh", ["-c", $"kill -9 {worker.Process}"]);
                kill.WaitForExit();
            }

            Thread.Sleep(300);
            run.Kill();
            run.Wait();
        }

        var status = Tool.Run("status", _tool["shared"], "--json").Json();
        if (status.GetProperty("tasks") is { ValueKind: System.Text.Json.JsonValueKind.Object } tasks)
        {
            Assert.Equal(6, tasks.GetProperty("total").GetInt32());
            Assert.Contains("of 6 done", Tool.Run("status", _tool["shared"]).Output, StringComparison.Ordinal);
        }

        Tool.Run(In("shared", "--cluster", "local", "--resume")).RequireSuccess();
        RequireSameFiles("plain", "shared");
    }

    [Fact]
    public void A_reconstruction_that_processes_share_has_the_bits_of_one_also_when_it_is_killed_and_called_again()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var star = RefineSet.Write(_tool);
        string[] In(string prefix, params string[] more) =>
            ["reconstruct", star, "--out", _tool["rec/" + prefix], "--parts", "3", "--wiener", "--symmetry", "C2", "--threads", "2", .. more];
        Tool.Run(In("plain")).RequireSuccess();
        using (var run = ToolProcess.Start(In("shared", "--cluster", "local")))
        {
            var board = WaitForTask(_tool["rec/shared_tasks/reconstruct"], run);
            run.Signal("TERM");
            var stopped = run.Wait();
            // It may have come to its end before the signal reached it.
            if (board is not null && stopped.Code != 0)
            {
                Assert.Contains(" of 6 tasks", stopped.Error, StringComparison.Ordinal);
                Assert.Contains("this goes on with it: gmm reconstruct", stopped.Error, StringComparison.Ordinal);
                var status = Tool.Run("status", _tool["rec/shared_tasks"], "--json").Json();
                Assert.Equal(("reconstruct", "interrupted"), (status.GetProperty("job").GetString(), status.GetProperty("state").GetString()));
                Assert.Equal(6, status.GetProperty("tasks").GetProperty("total").GetInt32());
                Assert.StartsWith("gmm reconstruct", status.GetProperty("command").GetString(), StringComparison.Ordinal);
            }
        }

        using (var run = ToolProcess.Start(In("shared", "--cluster", "local", "--overwrite")))
        {
            WaitForTask(_tool["rec/shared_tasks/reconstruct"], run);
            run.Kill();
            run.Wait();
        }

        var last = Tool.Run(In("shared", "--cluster", "local", "--workers", "1", "--overwrite", "--json")).Json();
        Assert.Equal(80, last.GetProperty("particles").GetInt32());
        Assert.False(File.Exists(_tool["rec/shared_tasks/reconstruct/board.json"]));
        Assert.All(new[] { "_half1_unfil.mrc", "_half2_unfil.mrc", ".mrc" }, f => Assert.True(
            File.ReadAllBytes(_tool["rec/plain" + f]).AsSpan().SequenceEqual(File.ReadAllBytes(_tool["rec/shared" + f])), f));
    }

    [Fact]
    public void Patches_that_processes_share_have_the_bits_of_one_also_when_they_are_killed_and_gone_on_with()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var star = RefineSet.Write(_tool);
        string[] In(string folder, params string[] more) => ["patches", star, "--out", _tool[folder], "--count", "2", .. RefineSet.Quick, .. more];
        Tool.Run(In("plain")).RequireSuccess();
        bool isBegun;
        using (var run = ToolProcess.Start(In("shared", "--cluster", "local")))
        {
            isBegun = WaitForTask(_tool["shared/tasks/it001_poses"], run) is not null;
            run.Kill();
            run.Wait();
        }

        Tool.Run(In("shared", "--cluster", "local", isBegun ? "--resume" : "--overwrite")).RequireSuccess();
        RequireSameFiles("plain", "shared");
    }

    [Fact]
    public void Halves_that_processes_train_have_the_bits_of_one_also_when_all_are_killed_and_gone_on_with()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var (star, m1, m2) = HeterogeneityVerbTests.Prepare(_tool, 200);
        Tool.Run("mask", _tool["maps/run_half1_unfil.mrc"], _tool["maps/run_half2_unfil.mrc"], "--out", _tool["focus.mrc"]).RequireSuccess();
        string[] In(string folder, params string[] more) =>
        [
            "heterogeneity", star, "--model-half1", m1, "--model-half2", m2, "--out", _tool[folder], "--latent", "1", "--anchors", "4", "--epochs", "1",
            "--folds", "2", "--rounds", "2", "--focus", _tool["focus.mrc"], "--threads", "2", .. more,
        ];
        Tool.Run(In("plain")).RequireSuccess();
        using (var run = ToolProcess.Start(In("shared", "--cluster", "local")))
        {
            // When something of a training is kept, or at the latest when all is done.
            while (run.IsRunning && !File.Exists(_tool["shared/training_half1.gmmts"]))
            {
                Thread.Sleep(5);
            }

            run.Kill();
            run.Wait();
        }

        // One process goes on from what workers have left, and workers from what it has.
        Tool.Run(In("shared", "--resume")).RequireSuccess();
        RequireSameFiles("plain", "shared");
        File.Delete(_tool["shared/training_half2.gmmts"]);
        File.Delete(_tool["shared/training_half2_round2.gmmts"]);
        Tool.Run(In("shared", "--cluster", "local", "--workers", "1", "--resume")).RequireSuccess();
        RequireSameFiles("plain", "shared");
        // Times are not kept: who has trained a half himself has them.
        Assert.NotNull(new HeterogeneityFolder(_tool["plain"]).ReadRecord().Training.Half2.ParticlesPerSecond);
        Assert.Null(new HeterogeneityFolder(_tool["shared"]).ReadRecord().Training.Half2.ParticlesPerSecond);
    }

    [Fact]
    public void Of_a_reconstruction_only_the_sums_of_both_halves_are_shared()
    {
        string[] call = ["reconstruct", RefineSet.Write(_tool), "--out", _tool["r"], "--cluster", "local"];
        foreach (var more in new string[][] { ["--half", "1"], ["--partial", "1/2"], ["--weights", "signal"] })
        {
            Assert.Contains("--cluster: shares the sums of both halves", Tool.Run([.. call, .. more]).Line(), StringComparison.Ordinal);
        }

        Assert.Contains("--parts: must be from 1 to", Tool.Run([.. call, "--parts", "0"]).Line(), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_schedulers_and_folders_without_tasks_are_told_what_to_do()
    {
        var run = Tool.Run("refine", RefineSet.Write(_tool), "--out", _tool["run"], "--cluster", "pbs");
        Assert.Equal(2, run.Code);
        Assert.Contains("'pbs' is none of local, slurm; PBS, LSF and others are reached as slurm, by a job script", run.Error, StringComparison.Ordinal);
        var worker = Tool.Run("worker", _tool["in"], "--threads", "1", "--beat", "1");
        Assert.Equal(1, worker.Code);
        Assert.Contains("in: has no tasks to work on (no board.json)", worker.Line(), StringComparison.Ordinal);
        Assert.Equal(2, Tool.Run("worker", _tool["in"], "--threads", "1", "--beat", "1e300").Code);
    }

    [Fact]
    public void What_cannot_be_shared_and_schedulers_that_are_not_there_are_told()
    {
        var star = RefineSet.Write(_tool);
        string[] call = ["refine", star, "--out", _tool["run"], .. RefineSet.Quick];
        Assert.Contains("only with --cluster", Tool.Run([.. call, "--workers", "2"]).Line(), StringComparison.Ordinal);
        Assert.Contains("only with --cluster slurm", Tool.Run([.. call, "--cluster", "local", "--cluster-settings", star]).Line(), StringComparison.Ordinal);
        Assert.Contains("cannot share the work", Tool.Run([.. call, "--cluster", "local", "--refine-optics"]).Line(), StringComparison.Ordinal);
        File.WriteAllText(_tool["c.json"], """{ "template": "job.sh" }""");
        File.WriteAllText(_tool["job.sh"], "#!/bin/sh\n#SBATCH --array=1-{{workers}}\n#SBATCH -o {{log}}\n{{command}}\n");
        Assert.Contains(
            "job.sh: lacks the place {{name}}", Tool.Run([.. call, "--cluster", "slurm", "--cluster-settings", _tool["c.json"]]).Line(),
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(_tool["run"]));
        Assert.Equal(2, Tool.Run("worker").Code);
    }

    /// <summary>
    /// The files of a run. Of the boards only their lists, which must be gone: logs that were named stay, and a worker whose controller was killed may say last
    /// of all that it was stopped.
    /// </summary>
    private string[] Names(string folder) => [.. Directory.GetFiles(_tool[folder], "*", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(_tool[folder], f))
        .Where(f => !f.StartsWith("tasks", StringComparison.Ordinal) || Path.GetFileName(f) == "board.json")
        .Order(StringComparer.Ordinal)];

    private void RequireSameFiles(string plain, string shared)
    {
        Assert.Equal(Names(plain), Names(shared));
        Assert.All(Names(plain).Where(f => Path.GetExtension(f) is not (".json" or ".html")), f => Assert.True(
            File.ReadAllBytes(_tool[$"{plain}/{f}"]).AsSpan().SequenceEqual(File.ReadAllBytes(_tool[$"{shared}/{f}"])), f));
    }

    private static TaskBoard? WaitForTask(string folder, ToolProcess run)
    {
        while (run.IsRunning)
        {
            if (TaskBoard.Exists(folder) && TaskBoard.Open(folder) is var board && board.Look().Count(TaskState.Running) > 0)
            {
                return board;
            }

            Thread.Sleep(5);
        }

        return null;
    }
}
