using System.Diagnostics;
using System.Text.Json;
using Gmm.IO;

namespace Gmm.Cli.Tests;

/// <summary>Processes that are killed, that hang up, or that meet in one folder.</summary>
public sealed class KillTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    /// <summary>
    /// Killed again and again, by SIGKILL and SIGTERM in turn at moments drawn from a seed, and gone on with: in the end the files are those of a run
    /// that nobody disturbed, and none is left over. After every kill all that lies there is on the list, or is a temporary file.
    /// </summary>
    [Theory]
    [InlineData("refine", "--resume", 7)]
    [InlineData("refine", "--overwrite", 4)]
    [InlineData("patches", "--resume", 5)]
    [InlineData("heterogeneity", "--resume", 4)]
    public void A_run_that_is_killed_leaves_nothing_and_gives_the_same(string verb, string again, int kills)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var call = Call(verb);
        string[] In(string folder, params string[] more) => [.. call, "--out", _tool[folder], .. more];
        var clock = Stopwatch.StartNew();
        using (var whole = ToolProcess.Start(In("whole")))
        {
            whole.Wait().RequireSuccess();
        }

        var length = clock.Elapsed.TotalSeconds;
        var random = new Random(20_11 + kills);
        var killed = 0;
        for (var attempt = 0; killed < kills; attempt++)
        {
            Assert.True(attempt < 4 * kills, "it always ends before it is killed");
            // One that is stopped before it has begun leaves what an earlier one that was killed left.
            var earlier = TemporaryFiles("run");
            using var run = ToolProcess.Start(In("run", again));
            Thread.Sleep(TimeSpan.FromSeconds(length * (0.15 + (0.8 * random.NextDouble()))));
            if (!run.IsRunning)
            {
                // It was quicker than the first, which other work held up: a fresh one, and sooner.
                run.Wait().RequireSuccess();
                length *= 0.7;
                Directory.Delete(_tool["run"], recursive: true);
                continue;
            }

            var kill = killed++ % 2 == 0;
            if (kill)
            {
                run.Kill();
            }
            else
            {
                run.Signal("TERM");
            }

            var end = run.Wait();
            Assert.True(kill || end.Code is 0 or 130 or 143, end.Error);
            CheckLeft("run", kill ? TemporaryFiles("run") : earlier);
            if (kill && new FileInfo(_tool["run/.gmm_lock"]) is { Exists: true, Length: 0 })
            {
                // Killed between making the lock and writing it: for ten seconds nobody can tell whose it is.
                Thread.Sleep(TimeSpan.FromSeconds(10.5));
            }
        }

        var last = Tool.Run(In("run", again));
        last.RequireSuccess();
        CheckLeft("run", []);
        string[] Names(string folder) => [.. Directory.GetFiles(_tool[folder], "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(_tool[folder], f))
            .Order(StringComparer.Ordinal)];
        Assert.Equal(Names("whole"), Names("run"));
        Assert.All(Names("whole").Where(f => Path.GetExtension(f) is not (".json" or ".html")), f => Assert.True(
            File.ReadAllBytes(_tool["whole/" + f]).AsSpan().SequenceEqual(File.ReadAllBytes(_tool["run/" + f])), f));
    }

    [Fact]
    public void Two_processes_do_not_share_a_folder()
    {
        var call = Call("refine");
        string[] In(string folder, int seed, params string[] more) => [.. call, "--seed", $"{seed}", "--out", _tool[folder], .. more];
        Tool.Run(In("seed1", 1)).RequireSuccess();
        Tool.Run(In("seed2", 2)).RequireSuccess();
        foreach (var more in new string[][] { [], ["--overwrite"] })
        {
            using ToolProcess first = ToolProcess.Start(In("run" + more.Length, 1, more)), second = ToolProcess.Start(In("run" + more.Length, 2, more));
            ToolRun[] ends = [first.Wait(), second.Wait()];
            var winner = Array.FindIndex(ends, e => e.Code == 0);
            Assert.True(winner >= 0, ends[0].Error + ends[1].Error);
            if (ends[1 - winner] is { Code: not 0 } loser)
            {
                Assert.Equal(1, loser.Code);
                Assert.Matches("is at work here|holds a finished run|holds a run that is half done", loser.Line());
            }
            else
            {
                // The second came when the first had done: it has replaced it.
                Assert.Equal(["--overwrite"], more);
                winner = Same("seed2", "run1") ? 1 : 0;
            }

            Assert.True(Same($"seed{winner + 1}", "run" + more.Length));
            Assert.False(File.Exists(_tool[$"run{more.Length}/.gmm_lock"]));
        }

        bool Same(string a, string b) =>
            new[] { "run_half1_unfil.mrc", "run_half2_unfil.mrc", "run_data.star", "run_model_half1.star", "iterations/run_it001_half1_unfil.mrc" }
            .All(f => File.ReadAllBytes(_tool[a + "/" + f]).AsSpan().SequenceEqual(File.ReadAllBytes(_tool[b + "/" + f])));
    }

    /// <summary>The terminal is gone: the run stops cleanly and can be gone on with by the command that it says; under nohup it goes on.</summary>
    [Fact]
    public void A_hangup_stops_a_run_as_sigterm_does_but_not_under_nohup()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var call = Call("refine");
        using (var run = ToolProcess.Start([.. call, "--out", _tool["run 1"], "--overwrite"]))
        {
            WaitFor(_tool["run 1/iterations/run_it000_state.json"]);
            run.Signal("HUP");
            var end = run.Wait();
            Assert.Equal(130, end.Code);
            var last = end.Error.TrimEnd().Split('\n')[^1];
            Assert.StartsWith("gmm refine: interrupted; kept: the start", last, StringComparison.Ordinal);
            Assert.EndsWith($"; this goes on with it: gmm {string.Join(' ', call)} --out '{_tool["run 1"]}' --resume", last, StringComparison.Ordinal);
        }

        using var nohup = ToolProcess.StartWithoutHangup([.. call, "--out", _tool["run 1"], "--resume"]);
        WaitFor(_tool["run 1/.gmm_lock"]);
        nohup.Signal("HUP");
        nohup.Wait().RequireSuccess();
    }

    [Fact]
    public void Words_are_quoted_for_a_shell()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        foreach (var word in new[]
        {
            "a", "", "a b", "it's", "$HOME", "`id`", "a;b", "\\", "*", "~", "#x", "-n", "é", "a\"b", "a\nb'c\\d\u001b$x", "a=b", "{a,b}", "!x",
        })
        {
            var quoted = ShellWord.Quote(word);
            Assert.DoesNotContain(quoted, char.IsControl);
            using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", $"printf '%s' {quoted}"])
            {
                RedirectStandardOutput = true,
                StandardOutputEncoding = System.Text.Encoding.UTF8,
            })!;
            Assert.Equal(word, shell.StandardOutput.ReadToEnd());
        }
    }

    private static void WaitFor(string file)
    {
        var clock = Stopwatch.StartNew();
        while (!File.Exists(file))
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), file);
            Thread.Sleep(10);
        }
    }

    private string[] Call(string verb)
    {
        if (verb == "heterogeneity")
        {
            var (star, m1, m2) = HeterogeneityVerbTests.Prepare(_tool, 220);
            return [
                "heterogeneity", star, "--model-half1", m1, "--model-half2", m2, "--latent", "1", "--anchors", "8", "--epochs", "1", "--folds", "1",
                "--threads", "2"];
        }

        var particles = RefineSet.Write(_tool);
        return verb == "refine" ? ["refine", particles, .. RefineSet.Quick] : ["patches", particles, "--count", "2", .. RefineSet.Quick];
    }

    private string[] FilesIn(string folder) => Directory.Exists(_tool[folder])
        ? [.. Directory.GetFiles(_tool[folder], "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(_tool[folder], f))]
        : [];

    /// <summary>The lock and the temporary files of a process that was killed.</summary>
    private string[] TemporaryFiles(string folder) =>
        [.. FilesIn(folder).Where(n => n == ".gmm_lock" || (Path.GetFileName(n).StartsWith('.') && n.EndsWith(".tmp", StringComparison.Ordinal)))];

    /// <summary>All files of a folder are on its list, but for those that may be left.</summary>
    private void CheckLeft(string folder, string[] mayBeLeft)
    {
        string[] names = [.. FilesIn(folder).Except(mayBeLeft).Where(n => n != "gmm_files.json")];

        var listed = File.Exists(_tool[folder + "/gmm_files.json"])
            ? JsonDocument.Parse(File.ReadAllText(_tool[folder + "/gmm_files.json"])).RootElement.GetProperty("files").EnumerateArray()
                .Select(f => f.GetString()!)
                .ToHashSet()
            : [];
        Assert.All(names, n => Assert.Contains(n, listed));
    }
}
