using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.TestData;

namespace Gmm.Refinement.Tests;

public sealed class FocusedRefinementTests : IDisposable
{
    private static readonly (MemorySource Source, Pose[] Domains) Swinging = FocusTestData.Particles(240, 3, 81);

    private readonly WorkFolder _work = new();

    [Fact]
    public void A_domain_on_a_hinge_is_found_and_so_is_the_hinge()
    {
        var (source, domains) = Swinging;
        var before = FocusTestData.Error(domains, source.Particles.Select(p => p.Pose));
        var state = JobTestData.Run(source, FocusTestData.Options(FocusTestData.Region()) with { Iterations = 3 });
        var after = FocusTestData.Error(domains, state.Poses);
        Assert.True(after.Degrees < 0.65 * before.Degrees && after.Angstrom < 0.45 * before.Angstrom, $"{before} {after}");
        Assert.True(state.Focus!.Signal && state.Focus.Agreement > 0.6, $"{state.Focus.Agreement}");
        foreach (var half in state.Focus.Motion!.Both)
        {
            var mode = half.Modes[0];
            // The hinge swings the centre along axis x arm = (4.8, 14.4, -19.2); a domain this small tells its shift better than its turn.
            Assert.InRange(mode.ShiftAngstrom, 0.75 * 4.27, 1.25 * 4.27);
            Assert.InRange(Math.Abs((4.8 * mode.Direction[0]) + (14.4 * mode.Direction[1]) - (19.2 * mode.Direction[2])) / 24.48, 0.95, 1.0001);
            Assert.InRange(mode.RotationDegrees, 3, 1.3 * FocusTestData.HingeDegrees);
            Assert.True(half.Modes[1].RmsAngstrom < 0.5 * mode.RmsAngstrom, $"{half.Modes[1].RmsAngstrom} {mode.RmsAngstrom}");
        }
    }

    [Fact]
    public void From_the_domains_own_poses_the_rest_is_still_that_of_the_consensus()
    {
        // The limit, which the starting poses decide too, is held by a bound. Only the consensus makes both starts fit the same rest.
        var options = FocusTestData.Options(FocusTestData.Region()) with { Iterations = 1, StartResolution = 8 };
        var plain = JobTestData.Run(Swinging.Source, options);
        var own = JobTestData.Run(AtDomains(), options with { Focus = Consensus });
        var smeared = JobTestData.Run(AtDomains(), options);
        static float[] Rest(RefinementState s) => WidthMask.Rest(s.Models!.Value.Half2, FocusTestData.Mask)!.X.ToArray();
        Assert.Equal(Rest(plain), Rest(own));
        Assert.NotEqual(Rest(plain), Rest(smeared));
    }

    [Fact]
    public void The_motion_is_measured_against_the_consensus_wherever_the_search_starts()
    {
        var (source, domains) = Swinging;
        var options = FocusTestData.Options(Consensus) with { Iterations = 3 };
        var far = JobTestData.Run(source, options);
        var near = JobTestData.Run(AtDomains(), options);
        var held = JobTestData.Run(AtDomains(), options with { Focus = FocusTestData.Region() });
        var (fromFar, fromNear) = (FocusTestData.Error(domains, far.Poses), FocusTestData.Error(domains, near.Poses));
        Assert.InRange(fromNear.Angstrom / fromFar.Angstrom, 0.6, 1.05);
        for (var h = 0; h < 2; h++)
        {
            var (a, b) = (far.Focus!.Motion!.Both[h].Modes[0].RmsAngstrom, near.Focus!.Motion!.Both[h].Modes[0].RmsAngstrom);
            Assert.InRange(b / a, 0.9, 1.15);
            Assert.True(held.Focus!.Motion!.Both[h].Modes[0].RmsAngstrom < 0.5 * b, "without the consensus the prior learns that nothing moves");
        }

        Assert.InRange(near.Focus!.MovementRmsAngstrom / far.Focus!.MovementRmsAngstrom, 0.9, 1.15);
        Assert.Throws<ArgumentException>(() => JobTestData.Run(source, options with { Focus = Consensus with { Consensus = [.. domains.Skip(1)] } }));
    }

    [Theory]
    [InlineData(FocusMode.Width, true)]
    [InlineData(FocusMode.Width, false)]
    [InlineData(FocusMode.Amplitude, true)]
    public void The_published_ways_improve_it_too(FocusMode mode, bool prior)
    {
        var (source, domains) = Swinging;
        var before = FocusTestData.Error(domains, source.Particles.Select(p => p.Pose));
        var state = JobTestData.Run(source, FocusTestData.Options(FocusTestData.Region(mode) with { MotionPrior = prior }) with { Iterations = 1 });
        var after = FocusTestData.Error(domains, state.Poses);
        Assert.True(after.Angstrom < before.Angstrom, $"{before} {after}");
        Assert.Equal(prior, state.Focus!.Motion is not null);
    }

    [Fact]
    public void Where_nothing_moves_the_poses_stay()
    {
        var (source, domains) = FocusTestData.Particles(240, 3, 82, 0);
        var state = JobTestData.Run(source, FocusTestData.Options(FocusTestData.Region()));
        var after = FocusTestData.Error(domains, state.Poses);
        Assert.True(after.Degrees < 1.5 && after.Angstrom < 0.5, $"{after}");
    }

    [Fact]
    public void Solvent_leaves_the_poses_and_says_that_it_has_no_signal()
    {
        // A sphere of solvent in a generous solvent mask, on the other side of the body than the domain.
        var (source, _) = Swinging;
        var focus = new FocusRegionOptions { Mask = FocusTestData.Sphere((-40, 0, -14), 9, 6), Options = new FocusOptions { Mode = FocusMode.Subtract } };
        var options = FocusTestData.Options(focus) with { Mask = SolventMasks.Sphere(48, 2.5, 56, 3), Gaussians = null };
        try
        {
            var state = JobTestData.Run(source, options);
            Assert.False(state.Focus!.Signal, $"{state.Focus.Agreement}");
            for (var i = 0; i < source.Particles.Count; i++)
            {
                var sigma = state.Particles[i].RotationSigmaDegrees * (Math.PI / 180);
                Assert.True(state.Poses[i].Rotation.AngleTo(source.Particles[i].Pose.Rotation) < sigma);
            }
        }
        catch (InvalidInputException e)
        {
            Assert.Contains("no Gaussian of the model lies inside", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Signal_is_a_mean_agreement_that_one_shell_cannot_make()
    {
        // Shells of 200 A: 10 is at 20 A, 20 at 10 A. Chance holds the first shells up, or lets one of a good region fall.
        double Mean(Func<int, double> value) => FocusStage.Agreement(new FscCurve(100, 2, [.. Enumerable.Range(0, 51).Select(value)]));
        Assert.Equal(0.8, Mean(_ => 0.8), 1e-12);
        Assert.Equal(0, Mean(s => s is < 10 or > 20 ? 1 : 0), 1e-12);
        Assert.InRange(Mean(s => s < 12 ? 1 : 0), 0.03, 0.1);
        Assert.InRange(Mean(s => s == 8 ? 0.1 : s == 11 ? 0 : 0.9), 0.8, 0.9);
    }

    [Fact]
    public void Threads_change_nothing()
    {
        var options = FocusTestData.Options(FocusTestData.Region()) with { Iterations = 1 };
        var one = JobTestData.Run(Swinging.Source, options, 1);
        var two = JobTestData.Run(Swinging.Source, options, 2);
        Assert.Equal(one.Poses, two.Poses);
        Assert.Equal(one.Maps.Half1.Voxels, two.Maps.Half1.Voxels);
        Assert.Equal(one.Focus!.Motion!.Half2.Covariance, two.Focus!.Motion!.Half2.Covariance);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_of_one_half_reaches_the_poses_of_the_other(bool consensus)
    {
        // Other images in half 2; the limit, which both halves decide, is held by a bound.
        var options = FocusTestData.Options(consensus ? Consensus : FocusTestData.Region()) with { Iterations = 1, StartResolution = 12, MaxResolution = 12 };
        var set = consensus ? AtDomains() : Swinging.Source;
        var (other, _) = FocusTestData.Particles(240, 3, 83);
        var mixed = new MemorySource([FocusTestData.Group]);
        for (var i = 0; i < 240; i++)
        {
            var from = i % 2 == 0 ? Swinging.Source : other;
            mixed.Add(set.Particles[i], from.Images[i]);
        }

        var whole = JobTestData.Run(set, options);
        var changed = JobTestData.Run(mixed, options);
        Assert.Equal(whole.PreviousLimit, changed.PreviousLimit);
        Assert.Equal(whole.Poses.Where((_, i) => i % 2 == 0), changed.Poses.Where((_, i) => i % 2 == 0));
        Assert.Equal(whole.Focus!.Motion!.Half1.Covariance, changed.Focus!.Motion!.Half1.Covariance);
        Assert.NotEqual(whole.Focus.Motion.Half2.Covariance, changed.Focus.Motion.Half2.Covariance);
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    public void A_run_stopped_resumes_to_the_same_bytes(int iteration, bool consensus)
    {
        var star = FocusTestData.Write(_work["in"], consensus ? AtDomains() : Swinging.Source);
        var focus = consensus ? Consensus : FocusTestData.Region();
        Run(star, "whole", focus);
        using var source = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Run(star, "stopped", focus, new Stop(source, iteration), token: source.Token));
        Assert.True(File.Exists(_work[$"stopped/iterations/run_it{iteration - 1:D3}_state.json"]));
        Assert.False(File.Exists(_work[$"stopped/iterations/run_it{iteration:D3}_state.json"]));
        var resumed = Run(star, "stopped", focus, resume: true);
        WorkFolder.SameRun(_work["whole"], _work["stopped"]);
        Assert.NotNull(resumed.Iterations[^1].Focus);

        var others = consensus ? focus with { Consensus = [.. focus.Consensus!.Reverse()] } : FocusTestData.Region(FocusMode.Width);
        var error = Assert.Throws<InvalidInputException>(() => Run(star, "stopped", others, resume: true));
        Assert.Contains("other settings", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mask_of_another_box_or_off_the_molecule_is_named()
    {
        var (source, _) = Swinging;
        var other = new FocusRegionOptions { Mask = SolventMasks.Sphere(64, 2.5, 20, 5), Name = "rbd.mrc" };
        var error = Assert.Throws<InvalidInputException>(() => JobTestData.Run(source, FocusTestData.Options(other)));
        Assert.StartsWith("rbd.mrc: 64 voxels of 2.5 A", error.Message, StringComparison.Ordinal);
        var off = new FocusRegionOptions { Mask = FocusTestData.Sphere((0, 0, -52), 5, 2), Name = "far.mrc" };
        error = Assert.Throws<InvalidInputException>(
            () => JobTestData.Run(source, FocusTestData.Options(off) with { Mask = SolventMasks.Sphere(48, 2.5, 30, 4) }));
        Assert.StartsWith("far.mrc: the focus mask is off the molecule", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _work.Dispose();

    /// <summary>The region with the poses of the bodies as consensus.</summary>
    private static FocusRegionOptions Consensus => FocusTestData.Region() with { Consensus = [.. Swinging.Source.Particles.Select(p => p.Pose)] };

    /// <summary>The particles at the true poses of their domains.</summary>
    private static MemorySource AtDomains()
    {
        var source = new MemorySource([FocusTestData.Group]);
        for (var i = 0; i < Swinging.Domains.Length; i++)
        {
            source.Add(Swinging.Source.Particles[i] with { Pose = Swinging.Domains[i] }, Swinging.Source.Images[i]);
        }

        return source;
    }

    private RunRecord Run(
        string star, string folder, FocusRegionOptions focus, IProgress<RefinementProgress>? progress = null, bool resume = false,
        CancellationToken token = default)
    {
        using var particles = StarParticles.Open(star);
        var job = new RefinementJob(
            particles,
            FocusTestData.Options(focus),
            new ComputeOptions { Threads = 2 },
            new JobOptions { Folder = _work[folder], Resume = resume, Program = "test" });
        return job.Run(progress, token);
    }

    private sealed class Stop(CancellationTokenSource source, int iteration) : IProgress<RefinementProgress>
    {
        public void Report(RefinementProgress value)
        {
            if (value.Iteration == iteration && value.Stage == RefinementStage.RefiningPoses)
            {
                source.Cancel();
            }
        }
    }
}
