using System.Diagnostics;
using Gmm.IO;

namespace Gmm.Cli.Tests;

/// <summary>gmm relion VERB: called as RELION's pipeliner calls an External job (getCommandsExternalJob of pipeline_jobs.cpp).</summary>
public sealed class RelionJobTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task A_job_of_the_pipeliner_refines_and_leaves_its_exit_file_and_nodes()
    {
        RefineSet.Write(_tool);
        const string folder = "External/job005/";
        Directory.CreateDirectory(_tool[folder]);
        File.WriteAllText(_tool[folder + "job.star"], "relion's own");
        File.WriteAllText(_tool[folder + RelionJob.Failure], string.Empty);
        var call = $"gmm relion refine --o {folder} --in_parts in/disturbed.star --gaussians 50 --iterations 1 --max-resolution 6 --j 2 "
            + $" >> {folder}run.out 2>> {folder}run.err & wait $!";
        var start = new ProcessStartInfo("sh", ["-c", $"gmm() {{ dotnet '{ToolProcess.Dll}' \"$@\"; }}; {call}"]) { WorkingDirectory = _tool.Folder };
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, File.ReadAllText(_tool[folder + "run.err"]));
        Assert.True(File.Exists(_tool[folder + RelionJob.Success]));
        Assert.False(File.Exists(_tool[folder + RelionJob.Failure]));
        var nodes = StarFile.Read(_tool[folder + RelionJob.Nodes]).Find("output_nodes")!.Table!;
        Assert.Equal(
            ["run_data.star", "run_half1_unfil.mrc", "run_half2_unfil.mrc", "run.mrc", "run_mask.mrc"],
            nodes.GetColumn("rlnPipeLineNodeName").Select(n => n[folder.Length..]));
        Assert.All(nodes.GetColumn("rlnPipeLineNodeName"), n => Assert.True(File.Exists(_tool[n])));
        Assert.Equal(["3", "10", "10", "6", "7"], nodes.GetColumn("rlnPipeLineNodeType"));
        Assert.Equal("ParticleGroupMetadata.star.relion", nodes.GetText(0, "rlnPipeLineNodeTypeLabel"));
        Assert.Equal("relion's own", File.ReadAllText(_tool[folder + "job.star"]));

        // "Continue!" goes on, in the same folder.
        Assert.Equal(["--resume"], RelionJob.Parse(["refine", "--o", _tool[folder], "--in_parts", "x"])!.Words.TakeLast(1));
    }

    [Fact]
    public void A_second_start_leaves_the_marks_of_the_job_that_is_at_work_alone()
    {
        var star = RefineSet.Write(_tool);
        var folder = _tool["External/job007/"];
        Directory.CreateDirectory(folder);
        using (OutputLock.Take(Path.Combine(folder, RunFolder.LockName), "gmm"))
        {
            Assert.Equal(ExitCodes.Failure, Tool.Run("relion", "refine", "--o", folder, "--in_parts", star).Code);
        }

        Assert.False(File.Exists(folder + RelionJob.Failure));
    }

    [Theory]
    [InlineData("help", "relion")]
    [InlineData("relion", "--help")]
    [InlineData("relion", "refine", "--help")]
    [InlineData("help", "completion")]
    public void Words_that_are_no_verbs_have_help_too(params string[] words)
    {
        var result = Tool.Run(words);
        Assert.Equal((ExitCodes.Success, string.Empty), (result.Code, result.Error));
        Assert.StartsWith("usage: gmm ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_abort_file_stops_the_job_and_is_told_apart_from_a_failure()
    {
        var star = RefineSet.Write(_tool);
        var folder = _tool["External/job006/"];
        Directory.CreateDirectory(folder);
        File.WriteAllText(folder + RelionJob.AbortNow, string.Empty);
        Assert.Equal(130, Tool.Run("relion", "refine", "--o", folder, "--in_parts", star, "--j", "2", "--gaussians", "50").Code);
        Assert.True(File.Exists(folder + RelionJob.Aborted));
        Assert.False(File.Exists(folder + RelionJob.AbortNow));

        Assert.Equal(1, Tool.Run("relion", "refine", "--o", folder, "--in_parts", _tool["none.star"], "--j", "2").Code);
        Assert.True(File.Exists(folder + RelionJob.Failure));
        Assert.Equal(2, Tool.Run("relion", "refine", "--o", folder, "--in_parts", star, "--no_such", "2").Code);
        Assert.True(File.Exists(folder + RelionJob.Failure));
        Assert.False(File.Exists(folder + RelionJob.Aborted));
        Assert.False(File.Exists(folder + RelionJob.Nodes));
    }

    [Fact]
    public void Relions_words_become_those_of_the_verb()
    {
        var job = RelionJob.Parse([
            "refine", "--o", "External/job001/", "--in_parts", "p.star", "--in_3dref", "r.mrc", "--in_mask", "m.mrc", "--reference-resolution", "20",
            "--j", "8", "--pipeline_control", "External/job001/", "",
        ])!;
        string[] expected =
            ["refine", "p.star", "--out", "External/job001/", "--reference", "r.mrc", "--mask", "m.mrc", "--reference-resolution", "20", "--threads", "8"];
        Assert.Equal(expected, job.Words);
        Assert.Equal(2, Tool.Run("relion", "refine", "--in_parts", "p.star").Code);
        Assert.StartsWith("usage: gmm relion VERB --o DIR/", Tool.Run("relion", "project", "--o", "x/").Error, StringComparison.Ordinal);
    }
}
