using Gmm.Core;
using Gmm.IO;
using Gmm.TestData;

namespace Gmm.Refinement.Tests;

/// <summary>Optics in the files of a run.</summary>
public sealed class OpticsJobTests : IDisposable
{
    private static readonly RefinementOptions s_options = JobTestData.Options with { Iterations = 2, Optics = new OpticsOptions { LeastParticles = 20 } };

    private readonly WorkFolder _work = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_that_estimates_optics_resumes_to_the_same_bytes(bool flat)
    {
        var star = flat ? JobTestData.WriteFlat(_work["in"], 2.5) : WithPhaseShift(JobTestData.Write(_work["in"]));
        var whole = Run(star, "whole");
        using var source = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Run(star, "run", progress: new Stop(2, source), token: source.Token));
        Assert.True(File.Exists(_work["run/iterations/run_it001_state.json"]));
        Run(star, "run", resume: true);
        WorkFolder.SameRun(_work["whole"], _work["run"]);

        // Halves have groups of their own, and the file read back has what the record says.
        var record = whole.Iterations[^1].Optics!;
        Assert.Null(whole.Iterations[0].Optics);
        using var found = StarParticles.Open(_work["whole/run_data.star"]);
        Assert.Equal(2 * found.Particles.GroupBy(p => p.Half).Count() / 2, found.OpticsGroups.Count);
        Assert.All(found.Particles.GroupBy(p => p.OpticsIndex), g => Assert.Single(g.Select(p => p.Half).Distinct()));
        var tilt = record.Groups[0].Terms.Single(t => t.Name == "beam_tilt_x");
        Assert.NotNull(tilt.Sigma);
        var group = found.OpticsGroups[found.Particles.First(p => p.Half == 1).OpticsIndex];
        Assert.Equal(
            tilt.Value,
            group.Aberrations!.Odd[3 + 1] / Aberrations.BeamTilt(1, 0, 2.7, found.Particles[0].Ctf.WavelengthAngstrom)[4], 5);
        Assert.All(found.Table.GetColumn("gmmDefocusSigma"), s => Assert.True(double.Parse(s, System.Globalization.CultureInfo.InvariantCulture) > 0));
        Assert.Equal(!flat, found.Table.Contains("gmmPhaseShiftSigma"));
        Assert.Equal(!flat, record.PhaseShiftSigma > 0);
        Assert.Equal(!flat, found.Particles.Any(p => p.Ctf.PhaseShiftDegrees is not (0 or 20)));
        using var before = StarParticles.Open(star);
        Assert.Contains(Enumerable.Range(0, before.Particles.Count), i => before.Particles[i].Ctf.DefocusU != found.Particles[i].Ctf.DefocusU);
    }

    [Fact]
    public void Poses_that_are_kept_stay_as_they_are()
    {
        var star = JobTestData.Write(_work["in"]);
        Run(star, "run", s_options with { KeepPoses = true, Iterations = 1, Optics = new OpticsOptions { Magnification = false } });
        using StarParticles before = StarParticles.Open(star), after = StarParticles.Open(_work["run/run_data.star"]);
        Assert.Equal(before.Particles.Select(p => p.Pose), after.Particles.Select(p => p.Pose));
        Assert.Contains(Enumerable.Range(0, before.Particles.Count), i => before.Particles[i].Ctf.DefocusU != after.Particles[i].Ctf.DefocusU);
    }

    [Fact]
    public void Optics_are_not_estimated_with_a_focus_or_without_a_term()
    {
        Assert.Throws<ArgumentException>(
            () => new OpticsOptions { Defocus = false, Astigmatism = false, Odd = false, Even = false, Magnification = false }.Validate());
        Assert.Throws<ArgumentException>(() => new OpticsOptions { Defocus = false }.Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => new OpticsOptions { Passes = 0 }.Validate());
    }

    public void Dispose() => _work.Dispose();

    /// <summary>The same images, said to be of a phase plate.</summary>
    private static string WithPhaseShift(string star)
    {
        using var particles = StarParticles.Open(star);
        var path = Path.Combine(Path.GetDirectoryName(star)!, "plate.star");
        particles.WithOptics(
            particles.OpticsGroups, [.. particles.Particles.Select(p => p.OpticsIndex)],
            [.. particles.Particles.Select(p => p.Ctf with { PhaseShiftDegrees = 20 })]).WriteStar(path, [.. particles.Particles.Select(p => p.Pose)], []);
        return path;
    }

    private RunRecord Run(
        string star, string folder, RefinementOptions? options = null, bool resume = false, IProgress<RefinementProgress>? progress = null,
        CancellationToken token = default)
    {
        using var particles = StarParticles.Open(star);
        return new RefinementJob(
            particles, options ?? s_options, new ComputeOptions { Threads = 2 }, new JobOptions { Folder = _work[folder], Resume = resume })
            .Run(progress, token);
    }

    private sealed class Stop(int iteration, CancellationTokenSource source) : IProgress<RefinementProgress>
    {
        public void Report(RefinementProgress value)
        {
            if (value.Iteration == iteration && value.Stage == RefinementStage.RefiningOptics)
            {
                source.Cancel();
            }
        }
    }
}
