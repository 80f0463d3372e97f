using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.TestData;

namespace Gmm.Refinement.Tests;

public sealed class PatchJobTests : IDisposable
{
    private readonly WorkFolder _work = new();

    private static PatchOptions Options => new()
    {
        Partition = new PatchPartitionOptions { Count = 2 },
        Mask = PatchTestData.Solvent,
        Gaussians = 120,
        MaxResolution = 8,
        NoiseParticles = 40,
        PriorParticles = 40,
        Iterations = 2,
    };

    public void Dispose() => _work.Dispose();

    [Fact]
    public void A_run_stopped_in_iteration_2_resumes_to_the_same_bytes()
    {
        var star = Write();
        var whole = Run(star, "whole", Options, threads: 1);
        using var source = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Run(star, "stopped", Options, progress: new Stop(source), token: source.Token));
        Assert.True(File.Exists(_work["stopped/iterations/run_it001_state.json"]));
        Assert.False(File.Exists(_work["stopped/iterations/run_it002_state.json"]) || File.Exists(_work["stopped/provenance.json"]));

        // Half done, and not asked to go on: nothing is lost.
        var before = WorkFolder.Hashes(_work["stopped"]);
        var error = Assert.Throws<InvalidInputException>(() => Run(star, "stopped", Options));
        Assert.Contains("holds a run that is half done; resume it", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<InvalidInputException>(() => Run(star, "stopped", Options with { Joint = true }, resume: true));
        Assert.Contains("had other settings", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, WorkFolder.Hashes(_work["stopped"]));

        var resumed = Run(star, "stopped", Options, resume: true);
        WorkFolder.SameRun(_work["whole"], _work["stopped"]);
        string[] Record(string folder) => [.. File.ReadAllLines(_work[folder + "/provenance.json"])
            .Where(l => !l.Contains("wall_s", StringComparison.Ordinal) && !l.Contains("peak_rss_mb", StringComparison.Ordinal))];
        Assert.Equal(Record("whole"), Record("stopped"));
        Assert.Equal(whole.Patches.Select(p => (p.Resolution, p.LearntRotation.Half1)), resumed.Patches.Select(p => (p.Resolution, p.LearntRotation.Half1)));

        // A finished run is made whole again without an iteration being done anew.
        File.Delete(_work["stopped/provenance.json"]);
        File.Delete(_work["stopped/composite_half1_unfil.mrc"]);
        Run(star, "stopped", Options, resume: true);
        WorkFolder.SameRun(_work["whole"], _work["stopped"]);
        Assert.Equal(Record("whole"), Record("stopped"));
    }

    [Fact]
    public void Files_that_were_edited_are_not_gone_on_with()
    {
        var star = Write();
        using var source = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Run(star, "run", Options, progress: new Stop(source), token: source.Token));
        Edited(
            2, "run_mask.mrc", "consensus_half1_unfil.mrc", "patch02/mask.mrc", "iterations/run_it001_state.json",
            "iterations/patch01/run_it001_data.star", "iterations/patch02/run_it001_half2_unfil.mrc", "iterations/run_it002_poses.json",
            "iterations/patch01/run_it002_data.star", "iterations/patch01/run_it002_half1_unfil.mrc");
        Run(star, "run", Options, resume: true);
        Edited(3, "iterations/run_it002_state.json", "patch01/run_half1_unfil.mrc", "iterations/patch02/run_it002_data.star");

        void Edited(int iterations, params string[] names) => WorkFolder.RefusesEdits(
            _work["run"], () => Assert.Throws<InvalidInputException>(() => Run(star, "run", Options with { Iterations = iterations }, resume: true)), names);
    }

    [Theory]
    [InlineData("../victim")]
    [InlineData("/victim")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("a\\\\b")]
    [InlineData("")]
    public void A_name_that_leads_out_of_the_folder_is_refused(string name)
    {
        var star = Write();
        Run(star, "run", Options with { Iterations = 1 });
        var state = _work["run/iterations/run_it001_state.json"];
        File.WriteAllText(state, File.ReadAllText(state).Replace("\"patch01\"", $"\"{name}\"", StringComparison.Ordinal));
        WorkFolder.Reseal(_work["run"], "iterations/run_it001_state.json");
        var before = WorkFolder.Hashes(_work.Root);
        var error = Assert.Throws<InvalidInputException>(() => Run(star, "run", Options with { Iterations = 1 }, resume: true));
        Assert.Equal((state, "patches[0].name"), (error.File, error.Field));
        Assert.Contains("is not a plain name", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, WorkFolder.Hashes(_work.Root));

        var record = _work["run/provenance.json"];
        var text = File.ReadAllText(record);
        foreach (var (old, field) in new[]
        {
            ("\"patch01/mask.mrc\"", "patches[0].mask"), ("\"consensus_half2_unfil.mrc\"", "consensus_half2"), ("\"patch02\"", "patches[1].name"),
        })
        {
            File.WriteAllText(record, text.Replace(old, $"\"{(name == "a/b" ? "x/../../b" : name)}\"", StringComparison.Ordinal));
            error = Assert.Throws<InvalidInputException>(() => PatchProvenance.Read(record));
            Assert.Equal((record, field), (error.File, error.Field));
        }
    }

    [Fact]
    public void The_files_are_what_the_record_says()
    {
        var star = Write();
        Run(star, "run", Options);
        var record = PatchProvenance.Read(_work["run/provenance.json"]);
        Assert.Equal(2, record.Patches.Count);
        SolventMask[] masks = [.. record.Patches.Select(p => MrcFile.ReadMask(_work["run/" + p.Mask]))];
        for (var half = 1; half <= 2; half++)
        {
            var consensus = MrcFile.ReadHalfMap(_work["run/" + (half == 1 ? record.ConsensusHalf1 : record.ConsensusHalf2)], half);
            HalfMap[] maps = [.. record.Patches.Select(p => MrcFile.ReadHalfMap(_work["run/" + (half == 1 ? p.Half1 : p.Half2)], half))];
            var composite = MrcFile.ReadHalfMap(_work["run/" + (half == 1 ? record.CompositeHalf1 : record.CompositeHalf2)], half);
            Assert.Equal(composite.Voxels, CompositeMap.Merge(consensus, maps, masks).Voxels);
        }

        // The poses in a patch's file make the patch's half maps.
        using var particles = StarParticles.Open(_work["run/patch02/run_data.star"], new StarParticlesOptions { Root = _work["in"] });
        var again = new FourierReconstructor().ReconstructHalves(new(particles), new ReconstructionOptions(), new ComputeOptions());
        Assert.Equal(MrcFile.ReadHalfMap(_work["run/patch02/run_half1_unfil.mrc"], 1).Voxels, again.Half1.Voxels);
        foreach (var label in new[] { "gmmPoseRotationSigma", "gmmPoseShiftSigma", "gmmPatchStepRotX", "gmmPatchCovariance11", "gmmPatchCovariance45" })
        {
            Assert.True(particles.Table.Contains(label), label);
        }

        Assert.True(particles.Table.GetDouble(0, "gmmPatchCovariance11") > 0);
        Assert.Equal(
            Math.Sqrt(particles.Table.GetDouble(3, "gmmPatchCovariance44") + particles.Table.GetDouble(3, "gmmPatchCovariance55")),
            particles.Table.GetDouble(3, "gmmPoseShiftSigma"), 1e-4);
    }

    [Fact]
    public void Bodies_get_their_own_files_and_overlaps_are_said()
    {
        var star = Write();
        var wide = SolventMasks.Sphere(PatchTestData.Box, PatchTestData.Pixel, 20, 10);
        var options = Options with { Bodies = [PatchTestData.Patches[0].Mask, PatchTestData.Patches[1].Mask, wide], Joint = true, Iterations = 1 };
        var record = Run(star, "bodies", options);
        Assert.Contains(record.Warnings, w => w.Contains("body01 and body03 overlap by", StringComparison.Ordinal));
        Assert.DoesNotContain(record.Warnings, w => w.Contains("body01 and body02", StringComparison.Ordinal));
        Assert.True(File.Exists(_work["bodies/body03_data.star"]) && File.Exists(_work["bodies/body01_half2_unfil.mrc"]));

        var corner = new float[48 * 48 * 48];
        corner[0] = 1;
        var error = Assert.Throws<InvalidInputException>(() => Run(star, "off", options with { Bodies = [wide, new SolventMask(48, 2.5, corner)] }));
        Assert.Contains("The mask of body02 is off the molecule", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<InvalidInputException>(() => Run(star, "box", options with { Bodies = [SolventMasks.Sphere(32, 2.5, 20, 10)] }));
        Assert.Contains("differ in box: 48 and 32", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_that_is_none_is_said()
    {
        File.WriteAllText(_work["x.json"], "{ \"a\": 1 }");
        var error = Assert.Throws<InvalidInputException>(() => PatchProvenance.Read(_work["x.json"]));
        Assert.Contains("is not a record of patches", error.Message, StringComparison.Ordinal);
    }

    private string Write()
    {
        var (source, _) = PatchTestData.Particles(80, 5, 1, 1, 31);
        Directory.CreateDirectory(_work["in"]);
        using (var stack = new MrcStackWriter(_work["in/p.mrcs"], 48, 48, 2.5))
        {
            foreach (var image in source.Images)
            {
                stack.Write(image);
            }

            stack.Complete();
        }

        StarParticles.WriteParticleStar(
            _work["in/p.star"], [PatchTestData.Group], source.Particles,
            [.. Enumerable.Range(0, 80).Select(i => StarParticles.ImageName(i, "p.mrcs"))]);
        return _work["in/p.star"];
    }

    private PatchProvenance Run(
        string star, string folder, PatchOptions options, int threads = 2, bool resume = false, IProgress<RefinementProgress>? progress = null,
        CancellationToken token = default)
    {
        using var particles = StarParticles.Open(star);
        var job = new PatchJob(particles, options, new ComputeOptions { Threads = threads }, new JobOptions { Folder = _work[folder], Resume = resume });
        return job.Run(progress, token);
    }

    /// <summary>Stops a run while the second iteration reconstructs its second patch.</summary>
    private sealed class Stop(CancellationTokenSource source) : IProgress<RefinementProgress>
    {
        public void Report(RefinementProgress value)
        {
            if (value is { Iteration: 2, Stage: RefinementStage.Reconstructing, Patch: "patch02" })
            {
                source.Cancel();
            }
        }
    }
}
