using System.Text.Json;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Cli.Tests;

/// <summary>A whole refinement through the tool: its JSON, interruption and --resume.</summary>
public sealed class ResumeTests : IDisposable
{
    private static readonly string[] FinalFiles =
        ["run_data.star", "run_half1_unfil.mrc", "run_half2_unfil.mrc", "run_model_half1.star", "run_model_half2.star", "fsc.star", "run.json"];

    private readonly Tool _tool = new();

    [Fact]
    public void Refine_gives_the_object_and_the_files_of_the_contract()
    {
        var star = RefineSet.Write(_tool);
        var json = Refine(star, "out", "--json").Json();
        var iterations = json.GetProperty("iterations").EnumerateArray().ToArray();
        Assert.Equal([1, 2], iterations.Select(i => i.GetProperty("iteration").GetInt32()));
        Assert.All(iterations, i => Assert.True(i.GetProperty("resolution_0143_A").GetDouble() >= 4 && i.GetProperty("particles_per_second").GetDouble() > 0));
        Assert.Equal(iterations[^1].GetProperty("resolution_0143_A").GetDouble(), json.GetProperty("resolution_0143_A").GetDouble());
        Assert.Contains(json.GetProperty("resolution_is_nyquist").ValueKind, new[] { JsonValueKind.True, JsonValueKind.False });
        Assert.InRange(json.GetProperty("wall_s").GetDouble(), 0.01, 600);
        Assert.InRange(json.GetProperty("peak_rss_mb").GetDouble(), 10, 8000);
        Assert.Equal(RefineSet.Count, json.GetProperty("particles").GetInt32());
        Assert.InRange(json.GetProperty("not_refined").GetInt32(), 0, 4); // 36 A wide in 64 A at a signal to noise of 3: one may run away
        Assert.All(FinalFiles, f => Assert.True(File.Exists(_tool["out/" + f]), f));
        Assert.All(json.GetProperty("files").EnumerateArray(), f => Assert.True(File.Exists(f.GetString())));
        Assert.True(File.Exists(_tool["out/iterations/run_it002_data.star"]) && File.Exists(_tool["out/iterations/run_it001_half2_unfil.mrc"]));

        // New poses, with their uncertainty; that they are better ones is for sets less tiny than this (RefinementLoopTests).
        using var start = StarParticles.Open(star);
        using var found = StarParticles.Open(_tool["out/run_data.star"], new StarParticlesOptions { Root = _tool["in"] });
        Assert.InRange(
            Enumerable.Range(0, RefineSet.Count).Count(i => found.Particles[i].Pose != start.Particles[i].Pose), RefineSet.Count - 4,
            RefineSet.Count);
        Assert.True(found.Table.Contains("gmmPoseScore") && found.Table.Contains("gmmPoseRotationSigma") && found.Table.Contains("gmmPoseStatus"));
    }

    [Fact]
    public void Without_json_standard_output_is_for_people_and_the_run_is_the_same_for_one_thread()
    {
        var star = RefineSet.Write(_tool);
        var run = Refine(star, "a");
        run.RequireSuccess();
        Assert.Contains("FSC 0.143", run.Output, StringComparison.Ordinal);
        Assert.Contains("iteration 1", run.Error, StringComparison.Ordinal);
        Refine(star, "b", "--threads", "1").RequireSuccess();
        SameFiles("a", "b");
    }

    [Theory]
    [InlineData("\"message\":\"start: ")]
    [InlineData("\"message\":\"iteration 1: ")]
    public void An_interrupted_run_is_130_and_resumes_to_the_same_bytes(string text)
    {
        var star = RefineSet.Write(_tool);
        Refine(star, "whole").RequireSuccess();

        using var source = new CancellationTokenSource();
        using var error = new StopAt(text, source);
        using var output = new StringWriter();
        string[] args =
        [
            "refine", star, "--out", _tool["run"], .. RefineSet.Quick.Chunk(2).Where(o => o[0] != "--threads").SelectMany(o => o), "--chunk", "20",
        ];
        var code = GmmTool.Run([.. args, "--json"], new CliConsole(output, error), source.Token);
        Assert.Equal(130, code);
        var told = JsonDocument.Parse(output.ToString()).RootElement.GetProperty("error");
        Assert.Equal(
            ("interrupted", $"gmm {string.Join(' ', args)} --json --resume"),
            (told.GetProperty("kind").GetString(), told.GetProperty("command").GetString()));
        Assert.Matches(@"^interrupted(; kept: the start( and iteration 1)? \([^()]+\))$", told.GetProperty("message").GetString());
        Assert.False(File.Exists(_tool["run/run.json"]) || File.Exists(_tool["run/run_data.star"]));

        Tool.Run([.. args, "--resume", "--threads", "1"]).RequireSuccess();
        SameFiles("whole", "run");

        // What is finished can be asked for again, and gives the same.
        var again = Tool.Run([.. args, "--resume", "--json"]);
        Assert.Equal(2, again.Json().GetProperty("iterations").GetArrayLength());
        Assert.Contains("the run there was finished already", again.Error, StringComparison.Ordinal);
        SameFiles("whole", "run");
    }

    /// <summary>Nothing is there to go on with, or only the run that was to be replaced: the command is the one that was given.</summary>
    [Fact]
    public void A_run_interrupted_before_it_wrote_anything_is_to_be_done_again()
    {
        var star = RefineSet.Write(_tool);
        using var source = new CancellationTokenSource();
        source.Cancel();
        string[] args = ["refine", star, "--out", _tool["run"], .. RefineSet.Quick];
        void Again(params string[] call)
        {
            var run = Tool.Run(source.Token, call);
            Assert.Equal(ExitCodes.Interrupted, run.Code);
            Assert.EndsWith(
                $"gmm refine: interrupted before anything was written; this does it again: gmm {string.Join(' ', call)}", run.Error.TrimEnd(),
                StringComparison.Ordinal);
        }

        Again(args);
        Assert.False(Directory.Exists(_tool["run"]));
        Tool.Run(args).RequireSuccess();
        var before = RefineSet.Contents(_tool["run"]);
        Again([.. args, "--overwrite"]);
        Assert.Equal(before, RefineSet.Contents(_tool["run"]));
    }

    [Fact]
    public void The_columns_of_the_table_hold_resolutions_at_nyquist()
    {
        var report = new RefineReport(
            [new IterationReport(1, 9.3, false, 1, 1, 100, 1), new IterationReport(2, 7.08, true, 1, 1, 100, 1)],
            7.08, true, 9, -100, 10, 0, "converged", 1, 1, [], null, null, [], null);
        var table = RefineVerb.Describe(report).Take(3).ToArray();
        Assert.Contains("Nyquist, 7.08 A", table[2], StringComparison.Ordinal);
        Assert.Equal(table[1].Length, table[2].Length);
        Assert.Equal(table[1].LastIndexOf("deg", StringComparison.Ordinal), table[2].LastIndexOf("deg", StringComparison.Ordinal));
        Assert.Equal(table[0].IndexOf("   rotation", StringComparison.Ordinal), table[2].IndexOf("7.08 A", StringComparison.Ordinal) + 6);
    }

    [Fact]
    public void Resume_with_other_settings_or_together_with_overwrite_is_an_error()
    {
        var star = RefineSet.Write(_tool);
        Refine(star, "run", "--iterations", "1").RequireSuccess();
        var before = RefineSet.Contents(_tool.Folder);
        foreach (var more in new string[][]
        {
            ["--resume", "--gaussians", "40"], ["--resume", "--seed", "5"], ["--resume", "--optimizer", "adam"], ["--resume", "--overwrite"],
        })
        {
            var run = Refine(star, "run", more);
            Assert.Equal(1, run.Code);
            Assert.StartsWith("gmm refine: ", run.Error.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
            Assert.Equal(before, RefineSet.Contents(_tool.Folder));
        }

        Refine(star, "run", "--overwrite", "--gaussians", "40", "--iterations", "1").RequireSuccess();
    }

    public void Dispose() => _tool.Dispose();

    private ToolRun Refine(string star, string folder, params string[] more)
    {
        // An option given twice is an error of usage, so that a test's own replaces the quick one.
        var quick = RefineSet.Quick.Chunk(2).Where(o => !more.Contains(o[0])).SelectMany(o => o);
        return Tool.Run(["refine", star, "--out", _tool[folder], .. quick, .. more]);
    }

    /// <summary>The same files byte by byte; those with times in them only by name.</summary>
    private void SameFiles(string a, string b)
    {
        string[] Names(string folder) => [.. Directory.GetFiles(_tool[folder]).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];
        Assert.Equal(Names(a), Names(b));
        Assert.All(Names(a).Where(f => Path.GetExtension(f) is not (".json" or ".html")), f => Assert.True(
            File.ReadAllBytes(Path.Combine(_tool[a], f)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(_tool[b], f))), f));
    }

    /// <summary>Standard error that interrupts the run as soon as it holds a text.</summary>
    private sealed class StopAt(string text, CancellationTokenSource source) : StringWriter
    {
        public override void Write(string? value) => Look(() => base.Write(value));

        public override void WriteLine(string? value) => Look(() => base.WriteLine(value));

        public override void Write(char[] buffer, int index, int count) => Look(() => base.Write(buffer, index, count));

        public override void Write(ReadOnlySpan<char> buffer)
        {
            base.Write(buffer);
            Look(() => { });
        }

        private void Look(Action write)
        {
            write();
            if (ToString().Contains(text, StringComparison.Ordinal))
            {
                source.Cancel();
            }
        }
    }
}
