using System.Globalization;
using Gmm.Core;
using Gmm.Maps;
using Gmm.TestData;
using Gmm.Testing;
using Xunit.Abstractions;

namespace Gmm.Refinement.Tests;

public class RefinementLoopTests(ITestOutputHelper output)
{
    [Fact]
    public void It_improves_poses_and_resolution()
    {
        var source = JobTestData.InMemory();
        var loop = new RefinementLoop(source, JobTestData.Options, new ComputeOptions { Threads = 2 });
        var state = loop.Start();
        var (first, before) = (state, Errors(state));
        output.WriteLine(FormattableString.Invariant($"start {state.Resolution:F2} A, {before.RotationMedian:F2} deg median"));
        while (!loop.IsFinished(state))
        {
            state = loop.Next(state);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{state.Iteration}: {state.Resolution:F2} A, {Errors(state).RotationMedian:F2} deg median, limit {state.Limit:F2}, "
                + $"sigma {state.Statistics!.MedianRotationSigmaDegrees:F2}, steps {state.Statistics.MeanSteps:F1}"));
        }

        Assert.Equal(3, state.Iteration);
        var after = Errors(state);
        Assert.InRange(before.RotationMedian, 3, 5);
        Assert.InRange(after.RotationMedian, 0, before.RotationMedian / 2);
        Assert.InRange(after.ShiftRms, 0, before.ShiftRms / 2);
        Assert.True(Mean(state) > Mean(first) + 0.02, $"{Mean(first)} to {Mean(state)}");
        Assert.True(state.Resolution < first.Resolution - 0.2 || state.Resolution <= 5.01);
        Assert.Equal(0, state.Statistics!.Unrefined);

        static PoseErrors Errors(RefinementState s) => PoseErrors.Compare(JobTestData.Truth.Particles, s.Poses);
        static double Mean(RefinementState s) => s.Fsc.Corrected.Mean(5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_thread_and_two_give_the_same_bits(bool published)
    {
        var options = JobTestData.Options with { Iterations = 2, Mask = null };
        if (published)
        {
            options = options with { Optimizer = new AdamPoseOptimizer(), Scorer = Scorers.RingCorrelation };
        }

        RefinementState one = JobTestData.Run(JobTestData.InMemory(), options, 1),
            two = JobTestData.Run(JobTestData.InMemory(), options with { ChunkSize = 1000 }, 2);
        Assert.Equal(one.Particles, two.Particles);
        Assert.True(one.Maps.Half1.Voxels.SequenceEqual(two.Maps.Half1.Voxels) && one.Maps.Half2.Voxels.SequenceEqual(two.Maps.Half2.Voxels));
        Assert.True(one.Mask.Voxels.SequenceEqual(two.Mask.Voxels));
        Assert.Equal(one.Fsc.Corrected.Values, two.Fsc.Corrected.Values);
        Assert.True(one.Models!.Value.Half2.X.SequenceEqual(two.Models!.Value.Half2.X));
        Assert.Equal(!published, double.IsFinite(one.Particles[0].RotationSigmaDegrees));
        Assert.NotEqual(JobTestData.Starts[0], one.Particles[0].Pose);
    }

    [Fact]
    public void Nothing_of_one_half_reaches_the_poses_of_the_other_but_mask_and_limit()
    {
        var random = new Random(61);
        float[] Noise() => [.. Enumerable.Range(0, 48 * 48).Select(_ => (float)Draw.Normal(random))];
        var options = JobTestData.Options with { Iterations = 1, StartResolution = 9 };
        var clean = JobTestData.Run(JobTestData.InMemory(), options);
        var spoilt = JobTestData.Run(JobTestData.InMemory(i => JobTestData.Truth.Particles[i].Half == 2 ? Noise() : JobTestData.Truth.Images[i]), options);
        var changed = 0;
        for (var i = 0; i < JobTestData.Count; i++)
        {
            if (JobTestData.Truth.Particles[i].Half == 1)
            {
                Assert.Equal(clean.Particles[i], spoilt.Particles[i]);
            }
            else
            {
                changed += clean.Particles[i].Pose == spoilt.Particles[i].Pose ? 0 : 1;
            }
        }

        Assert.True(clean.Maps.Half1.Voxels.SequenceEqual(spoilt.Maps.Half1.Voxels));
        Assert.True(changed > 0.9 * JobTestData.Count / 2);

        // And noise does not come to look like structure: the halves do not agree.
        Assert.All(Enumerable.Range(4, 20), s => Assert.InRange(spoilt.Fsc.Corrected[s], -0.35, 0.35));
        Assert.InRange(Enumerable.Range(4, 20).Average(s => spoilt.Fsc.Corrected[s]), -0.1, 0.1);
    }

    [Fact]
    public void Noise_alone_gains_no_resolution()
    {
        var random = new Random(62);
        var source = JobTestData.InMemory(_ => [.. Enumerable.Range(0, 48 * 48).Select(_ => (float)Draw.Normal(random))]);
        var state = JobTestData.Run(source, JobTestData.Options with { Iterations = 2, StartResolution = 9, Gaussians = null });
        output.WriteLine(FormattableString.Invariant(
            $"{state.Fsc.Signal.Score:F2}; {string.Join(" ", state.Fsc.Corrected.Values.Select(v => v.ToString("F2")))}"));
        Assert.InRange(Enumerable.Range(4, 20).Average(s => state.Fsc.Corrected[s]), -0.15, 0.15);
        Assert.Null(state.Resolution);
    }

    [Fact]
    public void Images_weighted_by_their_signal_make_a_better_map_of_a_mixed_set()
    {
        // Two of five images are noise; poses are those that are given, so that the maps alone differ.
        var random = new Random(63);
        float[] Noise() => [.. Enumerable.Range(0, 48 * 48).Select(_ => (float)Draw.Normal(random))];
        var source = JobTestData.InMemory(i => i % 5 < 2 ? Noise() : JobTestData.Truth.Images[i]);
        var options = JobTestData.Options with { Iterations = 1, KeepPoses = true, EstimateScale = false };
        var plain = JobTestData.Run(source, options);
        var weighed = JobTestData.Run(source, options with { WeighBySignal = true });
        output.WriteLine(FormattableString.Invariant($"{plain.Fsc.Corrected.Mean(7):F3} {weighed.Fsc.Corrected.Mean(7):F3}"));
        Assert.True(weighed.Fsc.Corrected.Mean(7) > plain.Fsc.Corrected.Mean(7) + 0.02);
        Assert.Equal(plain.Particles, weighed.Particles);
        var one = JobTestData.Run(source, options with { WeighBySignal = true }, threads: 1);
        Assert.True(one.Maps.Half1.Voxels.SequenceEqual(weighed.Maps.Half1.Voxels));
    }

    [Fact]
    public void An_image_that_is_not_finite_is_named()
    {
        var source = JobTestData.InMemory(i => i == 11 ? [.. Enumerable.Repeat(float.NaN, 48 * 48)] : JobTestData.Truth.Images[i]);
        Assert.Contains("row 12", Assert.Throws<InvalidInputException>(() => JobTestData.Run(source, JobTestData.Options)).Message, StringComparison.Ordinal);

        var half = JobTestData.InMemory();
        var empty = new InMemoryParticles([JobTestData.Group], [half.Particles[0]], [JobTestData.Truth.Images[0]]);
        Assert.Contains(
            "2", Assert.Throws<InvalidInputException>(() => new RefinementLoop(empty, JobTestData.Options, new ComputeOptions())).Message,
            StringComparison.Ordinal);
        var mask = SolventMasks.Sphere(32, 2.5, 30, 5);
        Assert.Throws<InvalidInputException>(() => JobTestData.Run(half, JobTestData.Options with { Mask = mask }));
    }

    [Theory]
    [InlineData(2, 8.0, 8.1, 0.01, 0.5, true)]
    [InlineData(1, 8.0, 8.1, 0.01, 0.5, false)] // before the second iteration
    [InlineData(2, 8.0, 9.0, 0.01, 0.5, false)] // the limit moved by 1.7 shells of 120 A
    [InlineData(2, 8.0, 8.0, 0.12, 0.5, true)] // poses moved by just under a quarter of their uncertainty
    [InlineData(2, 8.0, 8.0, 0.13, 0.5, false)] // and by just over it
    [InlineData(2, 8.0, 8.0, 0.01, double.NaN, false)] // no uncertainty
    public void It_is_stationary_when_limit_and_poses_are(int iteration, double limit, double before, double moved, double sigma, bool expected)
    {
        var map = new HalfMap(48, 2.5, new float[48 * 48 * 48], 1);
        var curve = new FscCurve(48, 2.5, [.. Enumerable.Range(0, 25).Select(s => s < 9 ? 1.0 : 0)]);
        var signal = new SignalTest(9, 1, SignalTest.Least);
        var state = new RefinementState
        {
            Iteration = iteration,
            Particles = [],
            Maps = HalfMapPair.Of(map, new HalfMap(48, 2.5, new float[48 * 48 * 48], 2), JobTestData.Truth.Particles),
            Mask = JobTestData.Mask,
            Fsc = new CorrectedFsc(curve, curve, curve, curve, 5, signal, signal),
            Limit = limit,
            PreviousLimit = before,
            Statistics = new IterationStatistics { MedianRotationChangeDegrees = moved, MedianRotationSigmaDegrees = sigma },
        };
        Assert.Equal(expected, RefinementLoop.IsStationary(state));
        Assert.False(RefinementLoop.IsStationary(state with { PreviousLimit = null }));
        Assert.False(RefinementLoop.IsStationary(state with { Statistics = null }));
        // Changes in standard deviations: the root mean square under 0.4, and none over 1.
        foreach (var (changes, isKept, stands) in new[]
        {
            (new[] { 0.35 }, false, true), ([-0.45], false, false), ([0.45], true, true), ([0.9, .. new double[9]], false, true),
            ([1.1, .. new double[9]], false, false),
        })
        {
            OpticsTermRecord[] terms = [.. changes.Select(c => new OpticsTermRecord("beam_tilt_x", "mrad", 0.3, 0, 0.01 * c, 0.01, isKept, 1))];
            var found = new OpticsRecord([new OpticsGroupRecord("g", 1, 100, terms, null)], 0, 0, null, null, null, null, null, [], null);
            Assert.Equal(expected && stands, RefinementLoop.IsStationary(state with { OpticsFound = found }));
        }

        var loop = new RefinementLoop(JobTestData.Truth, JobTestData.Options with { StopWhenStationary = true }, new ComputeOptions());
        Assert.Equal(expected, loop.IsFinished(state));
        Assert.True(loop.IsFinished(state with { Iteration = 3, Statistics = null }));
        Assert.False(new RefinementLoop(JobTestData.Truth, JobTestData.Options, new ComputeOptions()).IsFinished(state));

        // Half maps without signal in common: poses would follow noise.
        var none = state with { Iteration = 0, Fsc = state.Fsc with { Signal = signal with { Score = 1 } } };
        Assert.True(loop.IsFinished(none));
    }
}
