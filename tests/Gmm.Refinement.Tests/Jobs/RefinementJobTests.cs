using System.Text.Json;
using System.Text.Json.Nodes;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.TestData;

namespace Gmm.Refinement.Tests;

public sealed class RefinementJobTests : IDisposable
{
    private static readonly string[] FinalFiles =
        ["run_data.star", "run_half1_unfil.mrc", "run_half2_unfil.mrc", "run_model_half1.star", "run_model_half2.star", "fsc.star", "fsc.xml", "run.json"];

    private readonly WorkFolder _work = new();

    [Theory]
    [InlineData(RefinementStage.RefiningPoses)]
    [InlineData(RefinementStage.Reconstructing)]
    [InlineData(RefinementStage.FittingModels)]
    public void A_run_stopped_in_iteration_2_resumes_to_the_same_bytes(RefinementStage stage)
    {
        var star = JobTestData.Write(_work["in"]);
        Run(star, "whole", threads: 1);
        using var source = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Run(star, "stopped", threads: 2, progress: new Stop(2, stage, source), token: source.Token));
        Assert.True(File.Exists(_work["stopped/iterations/run_it001_state.json"]));
        Assert.False(File.Exists(_work["stopped/iterations/run_it002_state.json"]) || File.Exists(_work["stopped/run_data.star"]));
        var resumed = Run(star, "stopped", threads: 2, resume: true);
        WorkFolder.SameRun(_work["whole"], _work["stopped"]);
        Assert.Equal([0, 1, 2, 3], resumed.Iterations.Select(i => i.Iteration));
    }

    [Fact]
    public void The_last_files_of_a_large_box_are_those_of_its_full_maps()
    {
        var group = new OpticsGroup { ImageSize = 80, PixelSize = 1.5 };
        var star = JobTestData.Write(PoseTestData.Particles(80, 2, 51, PoseTestData.Ball(60, 32, 17, 80, 1.5), [group]), _work["in"]);
        var mask = SolventMasks.Sphere(80, 1.5, 44, 8);
        var options = JobTestData.Options with { Iterations = 1, Mask = mask, MaxResolution = null, StartResolution = 9 };
        var compute = new ComputeOptions { Threads = 2 };
        var grids = new WorkingGrids(group, options) { LargeBox = 64, Coarsest = 5.5 };
        using var particles = StarParticles.Open(star);
        new RefinementJob(particles, options, compute, new JobOptions { Folder = _work["run"] }) { Grids = grids }.Run();
        var loop = new RefinementLoop(particles, options, compute, particles.Quantize) { Grids = grids };
        var state = loop.Next(loop.Start());
        Assert.InRange(state.Maps.Half1.Size, 40, 64);
        var maps = loop.FullMaps(state);
        Assert.Equal(maps.Half1.Voxels, MrcFile.ReadMap(_work["run/run_half1_unfil.mrc"]).Voxels);
        Assert.Equal(maps.Half2.Voxels, MrcFile.ReadMap(_work["run/run_half2_unfil.mrc"]).Voxels);
        var sharpened = PostProcessor.Run(maps.Half1, maps.Half2, mask, state.Fsc, new PostProcessOptions(), compute);
        Assert.Equal(sharpened.Map.Voxels, MrcFile.ReadMap(_work["run/run.mrc"]).Voxels);
        Assert.Equal(sharpened.Masked.Voxels, MrcFile.ReadMap(_work["run/run_masked.mrc"]).Voxels);
    }

    [Fact]
    public void What_a_kill_leaves_half_written_is_made_again()
    {
        var star = JobTestData.Write(_work["in"]);
        var whole = Run(star, "run");
        Copy("run", "whole");

        // Killed while iteration 2 was being written: no state, a map cut short, a temporary file; nothing after it.
        foreach (var file in Directory.GetFiles(_work["run"], "*", SearchOption.AllDirectories)
            .Where(f => FinalFiles.Contains(Path.GetFileName(f)) || f.Contains("_it003_", StringComparison.Ordinal)))
        {
            File.Delete(file);
        }

        File.Delete(_work["run/iterations/run_it002_state.json"]);
        File.WriteAllText(_work["run/iterations/run_it002_half1_unfil.mrc"], "cut");
        File.Delete(_work["run/iterations/run_it002_data.star"]);
        var resumed = Run(star, "run", resume: true);
        WorkFolder.SameRun(_work["whole"], _work["run"]);
        Assert.Equal(
            whole.Iterations.Select(i => (i.Resolution, i.Limit, i.PreviousLimit, i.Statistics?.MeanCorrelation, i.Statistics?.Gaussians)),
            resumed.Iterations.Select(i => (i.Resolution, i.Limit, i.PreviousLimit, i.Statistics?.MeanCorrelation, i.Statistics?.Gaussians)));
        Assert.Equal((whole.Resolution, whole.NotRefined, whole.StopReason), (resumed.Resolution, resumed.NotRefined, resumed.StopReason));
        Assert.Equal(whole.Settings.ToJsonString(), resumed.Settings.ToJsonString());

        // A finished run whose final files are gone has them again, without an iteration being done anew.
        var times = Directory.GetFiles(_work["run/iterations"], "run_it*").ToDictionary(f => f, File.GetLastWriteTimeUtc);
        Array.ForEach(FinalFiles, f => File.Delete(Path.Combine(_work["run"], f)));
        Run(star, "run", resume: true);
        WorkFolder.SameRun(_work["whole"], _work["run"]);
        Assert.All(times, t => Assert.Equal(t.Value, File.GetLastWriteTimeUtc(t.Key)));

        // And more iterations go on from the last one.
        Assert.Equal(4, Run(star, "run", JobTestData.Options with { Iterations = 4 }, resume: true).Iterations[^1].Iteration);
    }

    [Fact]
    public void Resuming_before_anything_is_written_starts_from_the_beginning()
    {
        var star = JobTestData.Write(_work["in"]);
        using var source = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(
            () => Run(star, "a", Short, progress: new Stop(0, RefinementStage.Reconstructing, source), token: source.Token));
        Run(star, "a", Short, resume: true);
        Run(star, "b", Short);
        WorkFolder.SameRun(_work["b"], _work["a"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(2.5)]
    public void A_flat_file_with_origins_in_pixels_resumes_too(double? pixelSize)
    {
        // With a pixel size given, that of the file is wrong: poses read back must not use it.
        var reading = new StarParticlesOptions { PixelSize = pixelSize };
        var star = JobTestData.WriteFlat(_work["in"], pixelSize is null ? 2.5 : 1.1);
        var options = Short with { Iterations = 2 };
        Run(star, "whole", options, reading: reading);
        using var source = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(
            () => Run(star, "run", options, reading: reading, progress: new Stop(2, RefinementStage.RefiningPoses, source), token: source.Token));
        Run(star, "run", options, reading: reading, resume: true);
        WorkFolder.SameRun(_work["whole"], _work["run"]);
    }

    [Fact]
    public void A_resumed_run_looks_at_images_again_only_where_what_was_found_is_lost()
    {
        var star = JobTestData.Write(_work["in"]);
        Run(star, "run", Short);
        Copy("run", "whole");
        var figures = _work["run/iterations/run_images.gmmfig"];
        foreach (var damage in new[] { false, true })
        {
            if (damage)
            {
                File.WriteAllBytes(figures, File.ReadAllBytes(figures)[..^7]);
            }

            var before = File.GetLastWriteTimeUtc(figures);
            Array.ForEach(FinalFiles, f => File.Delete(Path.Combine(_work["run"], f)));
            Run(star, "run", Short, resume: true);

            // Figures that were taken are not written; those that were measured anew are, and are the same.
            Assert.Equal(damage, File.GetLastWriteTimeUtc(figures) > before);
            WorkFolder.SameRun(_work["whole"], _work["run"]);
        }
    }

    [Fact]
    public void Resuming_with_other_settings_is_an_error_that_changes_nothing()
    {
        var star = JobTestData.Write(_work["in"]);
        Run(star, "run", Short);
        var before = WorkFolder.Hashes(_work["run"]);
        var options = Short with { Iterations = 2 };
        var others = new (RefinementOptions Options, int Seed)[]
        {
            (options with { Gaussians = 50 }, 1), (options with { MaxResolution = 8 }, 1), (options with { StartResolution = 11 }, 1),
            (options with { Optimizer = new AdamPoseOptimizer() }, 1), (options with { Scorer = Scorers.RingCorrelation }, 1),
            (options with { Optimizer = new LevenbergMarquardtPoseOptimizer(new LevenbergMarquardtOptions { FineSteps = 5 }) }, 1),
            (options with { Projector = Projectors.Direct }, 1),
            (options with { Mask = null }, 1), (options with { Mask = SolventMasks.Sphere(48, 2.5, 40, 8) }, 1),
            (options with { SeedModel = JobTestData.Model }, 1), (options, 2),
        };
        foreach (var (other, seed) in others)
        {
            var error = Assert.Throws<InvalidInputException>(() => Run(star, "run", other, resume: true, seed: seed));
            Assert.StartsWith(_work["run"], error.Message, StringComparison.Ordinal);
            Assert.Equal(before, WorkFolder.Hashes(_work["run"]));
        }

        // Other particles under the same name and of the same number are another run too.
        var poses = File.ReadAllText(star);
        File.WriteAllText(star, poses.Replace(
            poses.Split('\n').Last(l => l.Contains("@particles", StringComparison.Ordinal)), LastRowTurned(poses), StringComparison.Ordinal));
        Assert.Throws<InvalidInputException>(() => Run(star, "run", options, resume: true));
        Assert.Equal(before, WorkFolder.Hashes(_work["run"]));
    }

    [Fact]
    public void Files_that_were_edited_are_not_gone_on_with()
    {
        var star = JobTestData.Write(_work["in"]);
        var options = Short with { Mask = null };
        Run(star, "run", options);
        WorkFolder.RefusesEdits(
            _work["run"], () => Assert.Throws<InvalidInputException>(() => Run(star, "run", options with { Iterations = 2 }, resume: true)),
            "run_mask.mrc", "iterations/run_it000_state.json", "iterations/run_it001_state.json", "iterations/run_it001_data.star",
            "iterations/run_it001_half1_unfil.mrc", "iterations/run_it001_half2_unfil.mrc", "iterations/run_it001_model_half1.star",
            "iterations/run_it001_model_half2.star");

        // A process that was killed after the state and before its seal leaves an iteration that is done again, to the same bits.
        Run(star, "again", options);
        var list = JsonNode.Parse(File.ReadAllText(_work["again/gmm_files.json"]))!;
        foreach (var (name, _) in list["seals"]!.AsObject().Where(s => s.Key.StartsWith("iterations/run_it001", StringComparison.Ordinal)).ToArray())
        {
            list["seals"]!.AsObject().Remove(name);
        }

        File.WriteAllText(_work["again/gmm_files.json"], list.ToJsonString());
        File.WriteAllText(_work["again/iterations/run_it001_model_half1.star"], "half written");
        Run(star, "again", options, resume: true);
        WorkFolder.SameRun(_work["run"], _work["again"]);

        list.AsObject().Remove("seals");
        File.WriteAllText(_work["again/gmm_files.json"], list.ToJsonString());
        Assert.Contains(
            "earlier version of gmm, which kept no checks",
            Assert.Throws<InvalidInputException>(() => Run(star, "again", options, resume: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_with_a_run_is_left_alone_and_overwritten_only_if_allowed()
    {
        var star = JobTestData.Write(_work["in"]);
        Run(star, "run", Short);
        File.WriteAllText(_work["run/notes.txt"], "mine");
        var before = WorkFolder.Hashes(_work["run"]);
        var error = Assert.Throws<InvalidInputException>(() => Run(star, "run", Short));
        Assert.StartsWith(_work["run"], error.Message, StringComparison.Ordinal);
        Assert.Equal(before, WorkFolder.Hashes(_work["run"]));

        // Bad input is found before the earlier run is touched, even where it may be overwritten.
        using (var stack = File.OpenWrite(_work["in/particles.mrcs"]))
        {
            stack.Position = 1024 + (150 * 48 * 48 * 4);
            stack.Write(BitConverter.GetBytes(float.NaN));
        }

        var bad = Assert.Throws<InvalidInputException>(() => Run(star, "run", Short, overwrite: true));
        Assert.Contains("NaN", bad.Message, StringComparison.Ordinal);
        Assert.Contains("image 151", bad.Message, StringComparison.Ordinal);
        Assert.Equal(before, WorkFolder.Hashes(_work["run"]));
        Assert.Throws<InvalidInputException>(() => Run(star, "new/folder", Short));
        Assert.False(Directory.Exists(_work["new"]));

        File.Delete(_work["in/particles.mrcs"]);
        File.Delete(star);
        Run(JobTestData.Write(_work["in"]), "run", Short with { Iterations = 2, Gaussians = 50 }, overwrite: true);
        Assert.True(File.Exists(_work["run/iterations/run_it002_state.json"]));
        Assert.Equal("mine", File.ReadAllText(_work["run/notes.txt"]));
    }

    [Fact]
    public void The_files_say_what_was_found()
    {
        var star = JobTestData.Write(_work["in"]);
        var told = new List<int>();
        var record = Run(star, "run", Short, told: told);
        Assert.Equal([0, 1], told);
        Assert.All(FinalFiles, f => Assert.True(File.Exists(Path.Combine(_work["run"], f)), f));
        using var json = JsonDocument.Parse(File.ReadAllText(_work["run/run.json"]));
        Assert.Equal(record.Resolution, json.RootElement.GetProperty("resolution_0143_A").GetDouble());
        Assert.Equal(2, json.RootElement.GetProperty("iterations").GetArrayLength());
        Assert.Equal(0, json.RootElement.GetProperty("not_refined").GetInt32());

        using var data = StarParticles.Open(_work["run/run_data.star"], new StarParticlesOptions { Root = _work["in"] });
        Assert.Equal(JobTestData.Count, data.Particles.Count);
        var turned = Enumerable.Range(0, JobTestData.Count).Count(i => data.Particles[i].Pose != JobTestData.Starts[i]);
        Assert.Equal(JobTestData.Count, turned);
        for (var i = 0; i < JobTestData.Count; i++)
        {
            Assert.InRange(data.Table.GetDouble(i, "gmmPoseScore"), 0.1, 1);
            Assert.InRange(data.Table.GetDouble(i, "gmmPoseRotationSigma"), 0.01, 10);
            Assert.InRange(data.Table.GetDouble(i, "gmmPoseShiftSigma"), 0.01, 5);
            Assert.Equal(0, data.Table.GetInteger(i, "gmmPoseStatus"));
            Assert.Equal(JobTestData.Truth.Particles[i].Half, data.Particles[i].Half);
        }

        // The maps are those of the poses in the file.
        var maps = new FourierReconstructor().ReconstructHalves(new(data), new ReconstructionOptions(), new ComputeOptions { Threads = 2 });
        Assert.True(maps.Half1.Voxels.SequenceEqual(MrcFile.ReadMap(_work["run/run_half1_unfil.mrc"]).Voxels));
        Assert.Empty(Directory.GetFiles(_work["run"], "*.tmp"));
    }

    public void Dispose() => _work.Dispose();

    private static RefinementOptions Short => JobTestData.Options with { Iterations = 1, Gaussians = 40, MaxResolution = 9 };

    private static string LastRowTurned(string text)
    {
        var row = text.Split('\n').Last(l => l.Contains("@particles", StringComparison.Ordinal));
        var rot = JobTestData.Starts[^1].Rotation.ToEuler().RotDegrees.ToString("F6", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains(rot, row, StringComparison.Ordinal);
        return row.Replace(rot, "1.234567", StringComparison.Ordinal);
    }

    private RunRecord Run(
        string star,
        string folder,
        RefinementOptions? options = null,
        int threads = 2,
        bool resume = false,
        bool overwrite = false,
        int seed = 1,
        StarParticlesOptions? reading = null,
        IProgress<RefinementProgress>? progress = null,
        List<int>? told = null,
        CancellationToken token = default)
    {
        using var particles = StarParticles.Open(star, reading);
        var job = new RefinementJob(
            particles, options ?? JobTestData.Options, new ComputeOptions { Threads = threads, Seed = seed },
            new JobOptions { Folder = _work[folder], Resume = resume, Overwrite = overwrite })
        {
            IterationDone = told is null ? null : new Told(told),
        };
        return job.Run(progress, token);
    }

    private void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(_work[from], "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_work[to], Path.GetRelativePath(_work[from], file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private sealed class Stop(int iteration, RefinementStage stage, CancellationTokenSource source) : IProgress<RefinementProgress>
    {
        public void Report(RefinementProgress value)
        {
            if (value.Iteration == iteration && value.Stage == stage)
            {
                source.Cancel();
            }
        }
    }

    private sealed class Told(List<int> iterations) : IProgress<IterationRecord>
    {
        public void Report(IterationRecord value) => iterations.Add(value.Iteration);
    }
}
