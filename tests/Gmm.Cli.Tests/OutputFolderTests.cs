using System.Text.Json;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Reports;

namespace Gmm.Cli.Tests;

/// <summary>What the tool replaces and removes in folders that hold files of others.</summary>
public sealed class OutputFolderTests : IDisposable
{
    private readonly Tool _tool = new();
    private readonly string _star;

    public OutputFolderTests() => _star = RefineSet.Write(_tool);

    public void Dispose() => _tool.Dispose();

    /// <summary>A job folder of RELION has just the names that refine writes, and its input lies among them.</summary>
    [Fact]
    public void A_relion_job_folder_is_left_as_it_is()
    {
        Directory.CreateDirectory(_tool["job"]);
        File.Copy(_star, _tool["job/run_data.star"]);
        File.Move(_tool["in/particles.mrcs"], _tool["job/particles.mrcs"]);
        foreach (var name in new[]
        {
            "run_it025_data.star", "run_half1_unfil.mrc", "run_half2_class001_unfil.mrc", "run_it001_half1_unfil.mrc", "fsc.star", "job.star",
            "run.job", "run.out",
        })
        {
            File.WriteAllText(_tool["job/" + name], "relion's " + name);
        }

        Directory.CreateSymbolicLink(_tool["link"], "job");
        var before = RefineSet.Contents(_tool["job"]);
        foreach (var (star, folder) in new[]
        {
            ("job/run_data.star", "job"), ("in/disturbed.star", "job"), ("link/run_data.star", "job"), ("job/run_data.star", "link"),
        })
        {
            foreach (var more in new string[][] { [], ["--overwrite"], ["--resume"] })
            {
                var run = Tool.Run(["refine", _tool[star], "--out", _tool[folder], "--root", _tool["job"], .. RefineSet.Quick, .. more]);
                Assert.Equal(1, run.Code);
                Assert.Contains(
                    star.Contains("run_data", StringComparison.Ordinal) ? "run_data.star: is read by this run" : "exists already", run.Line(),
                    StringComparison.Ordinal);
                Assert.Equal(before, RefineSet.Contents(_tool["job"]));
            }
        }

        // Beside files of other names a run may be written, and removed again, with these untouched.
        foreach (var name in new[] { "run_data.star", "run_half1_unfil.mrc", "fsc.star" })
        {
            File.Delete(_tool["job/" + name]);
        }

        before = RefineSet.Contents(_tool["job"]);
        foreach (var more in new string[][] { [], ["--overwrite"] })
        {
            Tool.Run(["refine", _star, "--out", _tool["job"], "--root", _tool["job"], .. RefineSet.Quick, .. more]).RequireSuccess();
            Assert.Subset(RefineSet.Contents(_tool["job"]).ToHashSet(), before.ToHashSet());
        }

        var listed = Listed("job");
        Assert.Equal(
            [.. listed.Append("gmm_files.json").Concat(before.Select(b => Path.GetFileName(b.Split(' ')[0]))).Order(StringComparer.Ordinal)],
            Directory.GetFiles(_tool["job"], "*", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(_tool["job"], f)).Order(StringComparer.Ordinal).ToArray());
    }

    [Fact]
    public void The_folder_of_another_job_is_refused()
    {
        Tool.Run(["refine", _star, "--out", _tool["run"], .. RefineSet.Quick]).RequireSuccess();
        var before = RefineSet.Contents(_tool["run"]);
        void Refused(string words, params string[] args)
        {
            var run = Tool.Run(args);
            Assert.Equal(1, run.Code);
            Assert.Contains(words, run.Line(), StringComparison.Ordinal);
            Assert.Equal(before, RefineSet.Contents(_tool["run"]));
        }

        foreach (var more in new string[][] { [], ["--overwrite"], ["--resume"] })
        {
            Refused("another job, refine", ["patches", _star, "--out", _tool["run"], "--count", "2", .. more]);
        }

        Refused(
            "another job, refine", "simulate", _tool.WriteModel(), "--out", _tool["run"], "--particles", "2", "--box", "24", "--pixel-size", "2.5",
            "--overwrite");
        Refused("run_half1_unfil.mrc: is a file of refine", "reconstruct", _star, "--out", _tool["run/run"], "--overwrite");
        Refused("run_mask.mrc: is a file of refine", "mask", _tool["in/true_map.mrc"], "--sphere", "20", "--out", _tool["run/run_mask.mrc"], "--overwrite");
        Refused("run_data.star: is read by this run", ["refine", _tool["run/run_data.star"], "--root", _tool["in"], "--out", _tool["run"], "--overwrite"]);
        Refused("run_mask.mrc: is read by this run", ["refine", _star, "--mask", _tool["run/run_mask.mrc"], "--out", _tool["run"], "--overwrite"]);
    }

    /// <summary>An output may have the name of an input's images, which stand in no argument.</summary>
    [Fact]
    public void Images_are_never_written_over()
    {
        File.Move(_tool["in/particles.mrcs"], _tool["in/run.mrc"]);
        File.WriteAllText(_star, File.ReadAllText(_star).Replace("particles.mrcs", "run.mrc", StringComparison.Ordinal));
        var before = RefineSet.Contents(_tool["in"]);
        var run = Tool.Run("reconstruct", _star, "--out", _tool["in/run"], "--overwrite");
        Assert.Equal(1, run.Code);
        Assert.Contains("run.mrc: is read by this run", run.Line(), StringComparison.Ordinal);
        Assert.Equal(before, RefineSet.Contents(_tool["in"]));
    }

    /// <summary>Runs of versions that kept no list: the record says which files were theirs, and only these go.</summary>
    [Fact]
    public void A_run_of_an_earlier_version_is_overwritten_by_what_its_record_says_and_not_resumed()
    {
        Tool.Run(["refine", _star, "--out", _tool["run"], .. RefineSet.Quick]).RequireSuccess();
        MakeFlat();
        File.Delete(_tool["run/gmm_files.json"]);
        // Those versions made no report.
        File.Delete(_tool["run/report.html"]);
        var state = JsonDocument.Parse(File.ReadAllText(_tool["run/run_it000_state.json"])).RootElement;
        File.WriteAllText(_tool["run/run_it000_state.json"], $"{{\"settings\":\"gaussians=50\",\"record\":{state.GetProperty("record")}}}");
        File.WriteAllText(_tool["run/run_it025_data.star"], "mine");
        File.WriteAllText(_tool["run/run_mine.txt"], "mine");
        var before = RefineSet.Contents(_tool["run"]);
        foreach (var (more, words) in new (string[], string)[] { ([], "holds a finished run"), (["--resume"], "earlier version") })
        {
            Assert.Contains(words, Tool.Run(["refine", _star, "--out", _tool["run"], .. RefineSet.Quick, .. more]).Line(), StringComparison.Ordinal);
        }

        Assert.Contains("another job", Tool.Run(["patches", _star, "--out", _tool["run"], "--count", "2", "--overwrite"]).Line(), StringComparison.Ordinal);
        Assert.Contains("earlier version", Tool.Run("reconstruct", _star, "--out", _tool["run/run"], "--overwrite").Line(), StringComparison.Ordinal);
        Assert.Equal(before, RefineSet.Contents(_tool["run"]));
        var quick = RefineSet.Quick.ToArray();
        quick[Array.IndexOf(quick, "--iterations") + 1] = "1";
        Tool.Run(["refine", _star, "--out", _tool["run"], .. quick, "--overwrite"]).RequireSuccess();
        Assert.Equal(("mine", "mine"), (File.ReadAllText(_tool["run/run_it025_data.star"]), File.ReadAllText(_tool["run/run_mine.txt"])));
        Assert.False(File.Exists(_tool["run/run_it002_data.star"]));
    }

    /// <summary>Runs whose files of iterations lay beside the results.</summary>
    [Fact]
    public void A_run_of_the_flat_layout_is_overwritten_and_not_resumed()
    {
        Tool.Run(["refine", _star, "--out", _tool["run"], .. RefineSet.Quick]).RequireSuccess();
        MakeFlat();
        var list = _tool["run/gmm_files.json"];
        File.WriteAllText(list, File.ReadAllText(list).Replace("iterations/", string.Empty, StringComparison.Ordinal));
        var before = RefineSet.Contents(_tool["run"]);
        var resumed = Tool.Run(["refine", _star, "--out", _tool["run"], .. RefineSet.Quick, "--resume"]);
        Assert.Equal(1, resumed.Code);
        Assert.Contains("kept the files of iterations beside the results: it cannot be gone on with", resumed.Line(), StringComparison.Ordinal);
        Assert.Equal(before, RefineSet.Contents(_tool["run"]));
        Tool.Run(["refine", _star, "--out", _tool["run"], .. RefineSet.Quick, "--overwrite"]).RequireSuccess();
        Assert.Empty(Directory.GetFiles(_tool["run"], "run_it*"));
        Assert.True(File.Exists(_tool["run/iterations/run_it000_state.json"]));
    }

    /// <summary>Puts the files of iterations where earlier versions had them.</summary>
    private void MakeFlat()
    {
        foreach (var file in Directory.GetFiles(_tool["run/iterations"]))
        {
            File.Move(file, _tool["run/" + Path.GetFileName(file)]);
        }

        Directory.Delete(_tool["run/iterations"]);
        foreach (var name in RunPictures.FilesOfRefinement.Where(f => !f.StartsWith("orientations", StringComparison.Ordinal)))
        {
            File.Delete(_tool["run/" + name]);
        }
    }

    [Fact]
    public void Images_and_masks_that_changed_are_noticed_by_resume()
    {
        MrcFile.WriteMap(_tool["mask.mrc"], SolventMasks.Sphere(32, 2, 22, 6));
        string[] refine = ["refine", _star, "--out", _tool["run"], "--gaussians", "50", "--max-resolution", "6", "--threads", "2", "--mask", _tool["mask.mrc"]];
        string[] patches =
        [
            "patches", _star, "--out", _tool["parts"], "--count", "2", "--gaussians", "60", "--max-resolution", "6", "--threads", "2", "--mask",
            _tool["mask.mrc"],
        ];
        foreach (var call in new[] { refine, patches })
        {
            Tool.Run([.. call, "--iterations", "1"]).RequireSuccess();
        }

        void Refused(string words)
        {
            foreach (var call in new[] { refine, patches })
            {
                var before = RefineSet.Contents(_tool.Folder);
                var run = Tool.Run([.. call, "--iterations", "2", "--resume"]);
                Assert.Equal(1, run.Code);
                Assert.Contains(words, run.Line(), StringComparison.Ordinal);
                Assert.Equal(before, RefineSet.Contents(_tool.Folder));
            }
        }

        var stack = File.ReadAllBytes(_tool["in/particles.mrcs"]);
        var changed = stack.ToArray();
        changed[^7000] ^= 1;
        File.WriteAllBytes(_tool["in/particles.mrcs"], changed);
        Refused("read other images: " + _tool["in/particles.mrcs"] + " has other content");
        File.WriteAllBytes(_tool["in/particles.mrcs"], [.. stack, 0]);
        Refused("particles.mrcs has ");
        File.WriteAllBytes(_tool["in/particles.mrcs"], stack);

        var star = File.ReadAllText(_star);
        File.WriteAllText(
            _star,
            star.Replace("000001@", "x@", StringComparison.Ordinal)
                .Replace("000002@", "000001@", StringComparison.Ordinal)
                .Replace("x@", "000002@", StringComparison.Ordinal));
        Refused("the particles' poses, halves, CTFs, optics or places of their images are others than they were");
        File.WriteAllText(_star, star);
        MrcFile.WriteMap(_tool["mask.mrc"], SolventMasks.Sphere(32, 2, 21, 6), overwrite: true);
        Refused("--mask is another than it was");
    }

    [Fact]
    public void Other_settings_are_named_with_both_values()
    {
        Tool.Run(["refine", _star, "--out", _tool["run"], .. RefineSet.Quick]).RequireSuccess();
        var run = Tool.Run(
            "refine", _star, "--out", _tool["run"], "--iterations", "2", "--gaussians", "40", "--score", "frc", "--seed", "9", "--symmetry", "C2",
            "--resume");
        Assert.Contains(
            "the run to resume had other settings: --gaussians was 50, now 40; --max-resolution was 6, now not given; --score was whitened, "
            + "now frc; --seed was 1, now 9; --symmetry was C1, now C2",
            run.Line(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("refine", "--out")]
    [InlineData("refine", "--mask")]
    [InlineData("refine", "--root")]
    [InlineData("simulate", "--out")]
    [InlineData("reconstruct", "--out")]
    [InlineData("demo", "--out")]
    public void A_name_without_a_text_is_an_error(string verb, string option)
    {
        string[] more = verb switch
        {
            "refine" => option == "--out" ? [_star] : [_star, "--out", _tool["x"]],
            "simulate" => [_tool.WriteModel(), "--particles", "2", "--box", "24", "--pixel-size", "2.5"],
            "reconstruct" => [_star],
            _ => [],
        };
        foreach (var text in new[] { "", "  " })
        {
            var run = Tool.Run([verb, .. more, option, text]);
            Assert.Equal((1, $"gmm {verb}: {option}: is given without a text"), (run.Code, run.Line()));
        }

        Assert.False(Directory.Exists(_tool["x"]));
    }

    [Fact]
    public void Advice_names_only_options_that_the_verb_has()
    {
        var far = _tool.WriteModel("far.pdb", shift: 900);
        var refine = Tool.Run(["refine", _star, "--out", _tool["x"], "--model", far, .. RefineSet.Quick]).Line();
        Assert.Contains("atoms lie outside the map's box", refine, StringComparison.Ordinal);
        Assert.True(!refine.Contains("--centre-model", StringComparison.Ordinal)
            || Tool.Run("refine", "--help").Output.Contains("--centre-model", StringComparison.Ordinal), refine);
        Assert.Contains(
            "(--centre-model puts", Tool.Run("build", _tool["in/true_map.mrc"], "--resolution", "8", "--model", far, "--out", _tool["m.star"]).Line(),
            StringComparison.Ordinal);

        string[] simulate = ["simulate", _tool.WriteModel(), "--out", _tool["s"], "--particles", "1"];
        Assert.Contains("a box of 18 pixels holds it", Tool.Run([.. simulate, "--box", "8", "--pixel-size", "2"]).Line(), StringComparison.Ordinal);
        var tiny = Tool.Run([.. simulate, "--box", "64", "--pixel-size", "1e-3"]).Line();
        Assert.Contains("no box of up to 4096 pixels of 0.001 A holds it", tiny, StringComparison.Ordinal);
    }

    private string[] Listed(string folder) =>
        [.. JsonDocument.Parse(File.ReadAllText(_tool[folder + "/gmm_files.json"])).RootElement.GetProperty("files").EnumerateArray()
            .Select(f => f.GetString()!)];
}
