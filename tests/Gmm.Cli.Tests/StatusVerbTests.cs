using System.Text.Json.Nodes;
using Gmm.IO;

namespace Gmm.Cli.Tests;

public sealed class StatusVerbTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void A_run_is_finished_running_interrupted_or_failed_and_says_how_to_go_on()
    {
        var star = RefineSet.Write(_tool);
        var folder = _tool["it's \"mine\"\n--overwrite"];
        Tool.Run(["refine", star, "--out", folder, "--overwrite", .. RefineSet.Quick]).RequireSuccess();
        var finished = Tool.Run("status", folder, "--json").Json();
        Assert.Equal(("finished", "refine"), (finished.GetProperty("state").GetString(), finished.GetProperty("job").GetString()));
        Assert.Equal((2, 2), (finished.GetProperty("iteration").GetInt32(), finished.GetProperty("iterations").GetInt32()));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, finished.GetProperty("command").ValueKind);
        Assert.True(finished.GetProperty("resolution_0143_A").GetDouble() > 3);

        // Recorded is the first call; one that went on may have had more iterations.
        var records = Path.Combine(folder, "gmm_files.json");
        var recorded = File.ReadAllText(records);
        File.WriteAllText(records, recorded.Replace("--iterations 2", "--iterations 1", StringComparison.Ordinal));
        Assert.Equal((2, null), (Look(folder).Iteration, Look(folder).Iterations));
        File.WriteAllText(records, recorded);

        // Its results deleted, and put back; pictures do not count.
        var (data, aside) = (Path.Combine(folder, "run_data.star"), _tool["aside.star"]);
        File.Delete(Path.Combine(folder, "fsc.png"));
        Assert.Equal("finished", Look(folder).State);
        File.Move(data, aside);
        var gone = Look(folder);
        Assert.Equal(("incomplete", "run_data.star"), (gone.State, Assert.Single(gone.Missing)));
        Assert.Contains("incomplete: it came to its end, but 1 of its results are not there", Tool.Run("status", folder).Output, StringComparison.Ordinal);
        File.Move(aside, data);

        // As it is when it was stopped.
        var list = Path.Combine(folder, "gmm_files.json");
        var json = JsonNode.Parse(File.ReadAllText(list))!;
        json["finished"] = false;
        json["seals"]!.AsObject().Remove("iterations/run_it002_state.json");
        File.WriteAllText(list, json.ToJsonString());
        var stopped = Look(folder);
        Assert.Equal(("interrupted", 1), (stopped.State, stopped.Iteration));
        string[] expected = ["refine", star, "--out", folder, .. RefineSet.Quick, "--resume"];
        Assert.Equal(expected, ShellWords.Split(stopped.Command!).Skip(1));

        using (OutputLock.Take(Path.Combine(folder, RunFolder.LockName), "test"))
        {
            var running = Look(folder);
            Assert.Equal(("running", null), (running.State, running.Command));
            Assert.True(running.RunningSeconds >= 0 && running.LeftSeconds >= 0);
        }

        File.WriteAllText(
            Path.Combine(folder, RunFolder.LockName),
            $"{{\"host\":\"{Environment.MachineName}\",\"process\":2147483600,\"started\":\"2026-01-01T00:00:00Z\",\"program\":\"gmm\",\"id\":\"x\"}}");
        Assert.Equal("failed", Look(folder).State);
        Assert.Contains("to go on: gmm refine ", Tool.Run("status", folder).Output, StringComparison.Ordinal);
    }

    private static StatusReport Look(string folder) => StatusVerb.Look(folder, DateTime.UtcNow, words => GmmTool.MakeRoot().Parse(words));

    [Fact]
    public void A_foreign_folder_is_one_clear_line()
    {
        Directory.CreateDirectory(_tool["foreign"]);
        File.WriteAllText(_tool["foreign/run_data.star"], "relion's");
        Assert.Contains("foreign: is not the folder of a run of gmm", Tool.Run("status", _tool["foreign"]).Line(), StringComparison.Ordinal);
        Assert.Contains("there is no such folder", Tool.Run("status", _tool["none"]).Line(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", "b c", "it's", "\"q\"", "new\nline", "back\\slash", "")]
    [InlineData("$'x", "'", "\u0001\\u0041'", "ü;|&")]
    public void Words_of_a_command_are_those_that_it_was_made_of(params string[] words) =>
        Assert.Equal(words, ShellWords.Split(ShellCommand.Of(words)).Skip(1));
}
