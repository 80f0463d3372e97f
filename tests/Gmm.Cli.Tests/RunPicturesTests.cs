using System.Buffers.Binary;
using Gmm.IO;
using Gmm.Refinement;
using Gmm.Reports;

namespace Gmm.Cli.Tests;

/// <summary>What a run leaves for the eye.</summary>
public sealed class RunPicturesTests : IDisposable
{
    private readonly Tool _tool = new();
    private readonly string _star;

    public RunPicturesTests() => _star = RefineSet.Write(_tool);

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void A_refinement_leaves_the_map_that_postprocess_makes_and_pictures_that_say_its_resolution()
    {
        var model = _tool["atoms \"1\"; exit.cif"];
        File.Copy(_tool["in/model.cif"], model);
        var run = Tool.Run(["refine", _star, "--out", _tool["run"], "--model", model, .. RefineSet.Quick.Where(o => o is not ("--gaussians" or "50"))]);
        run.RequireSuccess();
        Assert.DoesNotContain("not all pictures could", run.Error, StringComparison.Ordinal);
        Tool.Run(
            "postprocess", _tool["run/run_half1_unfil.mrc"], _tool["run/run_half2_unfil.mrc"], "--mask", _tool["run/run_mask.mrc"], "--out", _tool["post"])
            .RequireSuccess();
        Assert.Equal(MrcFile.ReadMap(_tool["post.mrc"]).Voxels.ToArray(), MrcFile.ReadMap(_tool["run/run.mrc"]).Voxels.ToArray());
        Assert.Equal(MrcFile.ReadMap(_tool["post_masked.mrc"]).Voxels.ToArray(), MrcFile.ReadMap(_tool["run/run_masked.mrc"]).Voxels.ToArray());

        var record = RunRecord.Read(_tool["run/run.json"]);
        var svg = File.ReadAllText(_tool["run/fsc.svg"]);
        var nyquist = record.ResolutionIsNyquist ? "Nyquist, " : string.Empty;
        Assert.Contains(FormattableString.Invariant($"masked, corrected: {nyquist}{record.Resolution:F2} Å"), svg, StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($"{record.UnmaskedResolution:F2} Å"), svg, StringComparison.Ordinal);
        Assert.Contains("start, corrected: ", svg, StringComparison.Ordinal);
        var (width, height) = Size("run/slices.png");
        Assert.True(width > 500 && height > width, $"{width} x {height}");

        var script = File.ReadAllLines(_tool["run/run.cxc"]);
        var opened = script.Where(l => l.StartsWith("open \"", StringComparison.Ordinal)).Select(l => l.Split('"')[1]).ToArray();
        Assert.Equal(
            ["run_masked.mrc", "run.mrc", "run_half1_unfil.mrc", "run_half2_unfil.mrc", "run_mask.mrc", "../atoms \\x221\\x22\\x3b exit.cif"], opened);
        Assert.All(opened[..5], f => Assert.True(File.Exists(_tool["run/" + f])));
        Assert.Equal(
            ["hide #2 models", "hide #3 models", "hide #4 models", "hide #5 models"], script.Where(l => l.EndsWith(" models", StringComparison.Ordinal)));
        Assert.Contains("show #6 cartoons", script);
        Assert.DoesNotContain(script.Skip(2), l => l.Contains(';', StringComparison.Ordinal) || l.StartsWith("exit", StringComparison.Ordinal));
    }

    [Fact]
    public void Patches_leave_pictures_and_their_last_lines_name_all_results()
    {
        var run = Tool.Run(["patches", _star, "--out", _tool["p"], "--count", "4", "--iterations", "1", "--gaussians", "60", "--threads", "2"]);
        run.RequireSuccess();
        Assert.DoesNotContain("not all pictures could", run.Error, StringComparison.Ordinal);
        Assert.Contains("consensus, corrected: ", File.ReadAllText(_tool["p/fsc.svg"]), StringComparison.Ordinal);
        Assert.True(Size("p/slices.png").Width > 500);
        var script = File.ReadAllText(_tool["p/run.cxc"]);
        Assert.Contains("open \"composite_masked.mrc\"", script, StringComparison.Ordinal);
        Assert.Contains("open \"patch04/mask.mrc\" name \"mask of patch04\"\nvolume #9 style surface step 1 level 0.5", script, StringComparison.Ordinal);
        var wrote = run.Output[run.Output.IndexOf("wrote in ", StringComparison.Ordinal)..];
        Assert.All(wrote.Split('\n'), l => Assert.True(l.Length <= Math.Max(110, _tool.Folder.Length + 40), l));
        foreach (var name in new[] { "composite.mrc", "slices.png", "provenance.json", "patch##/run_data.star (4 files)", "run.cxc" })
        {
            Assert.Contains(name, wrote, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_picture_that_cannot_be_drawn_is_a_warning()
    {
        using StringWriter output = new(), error = new();
        using var files = new CallFiles("gmm refine");
        var call = new VerbCall(null!, new CliConsole(output, error), new(), false, files, CancellationToken.None);
        using (var folder = RunFolder.Open(_tool["none"], new RunFolderOptions { Job = "refine", Program = "test" }))
        {
            folder.Start([], []);
            File.WriteAllText(folder.Claim("fsc.png"), "of an earlier result");
            File.SetLastWriteTimeUtc(folder.In("fsc.png"), DateTime.UtcNow.AddMinutes(-1));
            RunDrawing.Try(call, folder, RunPictures.FilesOfRefinement, () => RunPictures.OfRefinement(folder.Path));
            Assert.False(folder.Has("fsc.png"));
        }

        Assert.StartsWith("warning: not all pictures could be drawn, everything else is written: ", error.ToString(), StringComparison.Ordinal);
        Assert.Single(error.ToString().TrimEnd().Split('\n'));
    }

    /// <summary>Width and height in a PNG's header.</summary>
    private (int Width, int Height) Size(string name)
    {
        var bytes = File.ReadAllBytes(_tool[name]);
        return (BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(20)));
    }
}
