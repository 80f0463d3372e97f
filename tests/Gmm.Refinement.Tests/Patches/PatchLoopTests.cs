using Gmm.Core;
using Gmm.Maps;
using Gmm.TestData;

namespace Gmm.Refinement.Tests;

public class PatchLoopTests
{
    private static readonly PatchOptions Options = new()
    {
        Bodies = [.. PatchTestData.Patches.Select(p => p.Mask)],
        Mask = PatchTestData.Solvent,
        Gaussians = 120,
        MaxResolution = 7,
        NoiseParticles = 60,
        PriorParticles = 80,
        Iterations = 2,
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Moving_domains_become_sharper_in_the_composite(bool joint)
    {
        var (source, truth) = PatchTestData.Particles(200, 6, 2, 0.5, 21);
        var state = Run(source, Options with { Joint = joint });
        var still = RenderedMap.Of(PatchTestData.Whole);
        for (var k = 0; k < 2; k++)
        {
            var patch = state.Patches[k];
            var before = PatchTestData.Error([.. source.Particles.Select(p => p.Pose)], truth[k], patch);
            var after = PatchTestData.Error([.. state.Estimates[k].Select(e => e.Pose)], truth[k], patch);
            Assert.True(after.Degrees < 0.75 * before.Degrees && after.Angstrom < 0.75 * before.Angstrom, $"{before} -> {after}");
            var consensus = FourierShellCorrelation.Between(state.Consensus.Mean(), still, patch.Mask).Mean(7);
            var composite = FourierShellCorrelation.Between(state.Composite.Mean(), still, patch.Mask).Mean(7);
            Assert.True(composite > consensus + 0.01, $"{consensus} -> {composite}");
        }

        // Each of them moves, and in particles that were not asked; what they gain apart adds up where each is solved alone.
        var (verdict, parts) = Loop(source, Options with { Joint = joint }).JudgeParts(state, CancellationToken.None);
        Assert.All(parts, p => Assert.True(p.StandardErrors > 3, $"{p}"));
        if (!joint)
        {
            Assert.Equal(verdict.HeldOutGain!.Value, parts.Sum(p => p.Mean), 1e-9);
        }
    }

    [Fact]
    public void With_nothing_moving_the_map_is_not_worse()
    {
        var (source, _) = PatchTestData.Particles(200, 0, 0, 1, 22);
        var state = Run(source, Options with { Joint = true });
        var still = RenderedMap.Of(PatchTestData.Whole);
        for (var k = 0; k < 2; k++)
        {
            var consensus = FourierShellCorrelation.Between(state.Consensus.Mean(), still, state.Patches[k].Mask).Mean(7);
            var composite = FourierShellCorrelation.Between(state.Composite.Mean(), still, state.Patches[k].Mask).Mean(7);
            Assert.True(composite > consensus - 0.01, $"{consensus} -> {composite}");
        }

        Assert.All(
            Loop(source, Options with { Joint = true }).JudgeParts(state, CancellationToken.None).Parts, p => Assert.True(p.StandardErrors < 3, $"{p}"));
    }

    [Fact]
    public void Results_do_not_depend_on_threads()
    {
        var (source, _) = PatchTestData.Particles(60, 6, 1, 2, 23);
        var options = Options with { Joint = true, Iterations = 1, Bodies = null, Partition = new PatchPartitionOptions { Count = 3 } };
        var one = Run(source, options, 1);
        var two = Run(source, options, 2);
        Assert.Equal(one.Estimates[1].Select(e => e.Pose), two.Estimates[1].Select(e => e.Pose));
        Assert.Equal(one.Composite.Half1.Voxels, two.Composite.Half1.Voxels);
        Assert.Equal(one.Motions[1][2].Covariance, two.Motions[1][2].Covariance);
    }

    [Fact]
    public void Halves_do_not_decide_each_others_poses()
    {
        // Half 2's images replaced by others: half 1's poses stay, masks and limit given.
        var (source, _) = PatchTestData.Particles(60, 6, 1, 2, 24);
        var (other, _) = PatchTestData.Particles(60, 6, 1, 2, 25);
        var mixed = new MemorySource([PatchTestData.Group]);
        for (var i = 0; i < 60; i++)
        {
            mixed.Add(source.Particles[i], source.Particles[i].Half == 1 ? source.Images[i] : other.Images[i]);
        }

        var options = Options with { Iterations = 1, MaxResolution = 16 };
        var a = Run(source, options);
        var b = Run(mixed, options);
        Assert.Equal(a.Limit, b.Limit);
        for (var i = 0; i < 60; i++)
        {
            Assert.Equal(source.Particles[i].Half == 1, a.Estimates[0][i].Pose == b.Estimates[0][i].Pose);
        }
    }

    [Fact]
    public void It_tells_what_it_does_and_stops_when_it_is_asked_to()
    {
        var (source, _) = PatchTestData.Particles(60, 6, 1, 2, 26);
        var loop = new PatchLoop(source, Options with { Iterations = 1 }, new ComputeOptions { Threads = 2 });
        var told = new Told();
        var state = loop.Start(told);
        var next = loop.Next(state, told);
        Assert.Equal((0, 1), (state.Iteration, next.Iteration));
        Assert.Equal(
            [
                RefinementStage.FittingModels, RefinementStage.MeasuringNoise, RefinementStage.RefiningPoses, RefinementStage.Reconstructing,
                RefinementStage.MeasuringImages],
            told.Reports.Select(r => r.Stage).Distinct().Order());
        Assert.Equal(["body01", "body02"], told.Reports.Select(r => r.Patch).OfType<string>().Distinct());
        Assert.Equal((60, 60), told.Reports.Where(r => r.Stage == RefinementStage.RefiningPoses).Select(r => (r.Done, r.Total)).Last());
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => loop.Next(state, null, stop.Token));

        // The state it was stopped at still leads to the same.
        Assert.Equal(next.Composite.Half1.Voxels, loop.Next(state).Composite.Half1.Voxels);
    }

    [Fact]
    public void A_half_without_particles_is_bad_input()
    {
        var (source, _) = PatchTestData.Particles(4, 0, 0, 1, 27);
        var single = new MemorySource([PatchTestData.Group]);
        single.Add(source.Particles[0], source.Images[0]);
        Assert.Contains(
            "Half set 2 has no particles", Assert.Throws<InvalidInputException>(() => new PatchLoop(single, Options, new ComputeOptions())).Message,
            StringComparison.Ordinal);
    }

    private sealed class Told : IProgress<RefinementProgress>
    {
        private readonly Lock _lock = new();

        public List<RefinementProgress> Reports { get; } = [];

        public void Report(RefinementProgress value)
        {
            lock (_lock)
            {
                Reports.Add(value);
            }
        }
    }

    private static PatchLoop Loop(IParticleSource source, PatchOptions options, int threads = 2) =>
        new(source, options, new ComputeOptions { Threads = threads });

    private static PatchState Run(IParticleSource source, PatchOptions options, int threads = 2)
    {
        var loop = Loop(source, options, threads);
        var state = loop.Start();
        while (!loop.IsFinished(state))
        {
            state = loop.Next(state);
        }

        return state;
    }
}
