using Gmm.Core;
using Gmm.Maps;
using Gmm.TestData;
using Gmm.Testing;
using Xunit.Abstractions;

namespace Gmm.Refinement.Tests;

/// <summary>A run says at its end whether the poses are better, by a figure that can fall.</summary>
public class VerdictTests(ITestOutputHelper output)
{
    [Fact]
    public void Disturbed_poses_improve_and_refined_ones_stay_as_they_are()
    {
        var options = JobTestData.Options with { StopWhenStationary = true, Iterations = 4 };
        var (first, end) = Run(JobTestData.InMemory(), options);
        Assert.Equal(VerdictOutcome.Improved, first.Outcome);
        Assert.True(first.HeldOutGain > 5 * first.HeldOutError);
        Assert.True(first.FscAfter > first.FscBefore);
        Assert.Null(first.Advice);

        var refined = new InMemoryParticles(
            [JobTestData.Group],
            [.. JobTestData.Truth.Particles.Select((p, i) => p with { Pose = end.Poses[i] })],
            [.. JobTestData.Truth.Images.Select(v => (ReadOnlyMemory<float>)v)]);
        var again = Run(refined, options).Verdict;
        Assert.True(VerdictOutcome.Unchanged == again.Outcome, $"{again.Outcome}: {again.Reason}");
    }

    /// <summary>
    /// Images of noise against a model: the likelihood at the poses found rises by 5/2
    /// for the five parameters, and what is held out must not rise with it.
    /// </summary>
    [Fact]
    public void Poses_fitted_to_noise_gain_nothing_that_was_held_out()
    {
        var random = new Random(5);
        var noise = JobTestData.InMemory(_ => [.. Enumerable.Range(0, 48 * 48).Select(_ => (float)Draw.Normal(random))]);
        var compute = new ComputeOptions();
        var source = new PreparedParticles(noise, new ImageOptions(), compute);
        source.Measure();
        var stage = new GlobalStage(JobTestData.Options, compute);
        var state = new RefinementLoop(source, JobTestData.Options, compute).Start();
        int[] members = [.. Enumerable.Range(0, JobTestData.Count)];
        var heldOut = stage.HeldOut(new HalfTask(0, members, JobTestData.Model, SearchState.Of(state), source), 9, CancellationToken.None);
        var (gain, error, count) = MeanEstimate.Of(heldOut.Gains(members, i => JobTestData.Starts[i], compute, CancellationToken.None));

        // The same images at the poses that they themselves chose.
        var estimates = new PoseEstimate?[JobTestData.Count];
        stage.Begin(new HalfTask(0, members, JobTestData.Model, SearchState.Of(state) with { Limit = 9 }, source), CancellationToken.None)
            .Refine(members, estimates, CancellationToken.None);
        var (own, _, _) = MeanEstimate.Of(estimates.Select(e => e!.Score.Objective - e.StartScore.Objective));
        output.WriteLine(FormattableString.Invariant($"held out {gain:F2} +- {error:F2} of {count}, own {own:F2}"));
        Assert.True(count > 80);
        Assert.True(own > 1);
        Assert.True(gain < 3 * error);
    }

    [Fact]
    public void Noise_is_refused_with_no_signal_and_keeps_its_poses()
    {
        var random = new Random(6);
        var noise = JobTestData.InMemory(_ => [.. Enumerable.Range(0, 48 * 48).Select(_ => (float)Draw.Normal(random))]);
        var (verdict, end) = Run(noise, JobTestData.Options with { Mask = null, StopWhenStationary = true });
        Assert.Equal(VerdictOutcome.NoSignal, verdict.Outcome);
        Assert.Equal(0, end.Iteration);
        Assert.Null(end.Resolution);
        Assert.Equal(JobTestData.Starts, end.Poses);
        Assert.Contains("verdict: no signal: no resolution", verdict.Lines()[0], StringComparison.Ordinal);
        Assert.Contains("Keep the poses", verdict.Lines()[1], StringComparison.Ordinal);
    }

    /// <summary>Images so poor that one says less of its pose than the start did: RELION's and this program's local refinement make such poses worse.</summary>
    [Fact]
    public void Images_that_say_too_little_get_worse_poses_and_the_run_says_so()
    {
        var random = new Random(7);
        var poor = new InMemoryParticles(
            [JobTestData.Group],
            JobTestData.Truth.Particles,
            [.. JobTestData.Truth.Images.Select(v => (ReadOnlyMemory<float>)(float[])[.. v.Select(x => x + (float)(2.2 * Draw.Normal(random)))])]);
        var (verdict, end) = Run(poor, JobTestData.Options with { Iterations = 3 });
        output.WriteLine(string.Join('\n', verdict.Lines()));
        var errors = PoseErrors.Compare(JobTestData.Truth.Particles, end.Poses);
        output.WriteLine(FormattableString.Invariant($"true error after, from 0: {errors.RotationMedian:F1} deg"));
        Assert.Equal(VerdictOutcome.Worse, verdict.Outcome);
        Assert.Contains("Keep the poses you had", verdict.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, 1, "only 3 held-out particles")]
    [InlineData(19, 1, "only 19 held-out particles")]
    [InlineData(200, 0.095, "only 9.5 % of the particles could be refined")]
    public void Where_almost_nothing_could_be_judged_no_verdict_is_given(int count, double refined, string reason)
    {
        var verdict = new PoseFigures(-0.03, 1.98, count, 0.1, 2, refined).Verdict(0.5, 0.5, 10, 10);
        Assert.Equal(VerdictOutcome.CannotBeJudged, verdict.Outcome);
        Assert.Contains("verdict: cannot be judged: " + reason, verdict.Lines()[0], StringComparison.Ordinal);
        Assert.Contains("Look at the input", verdict.Lines()[1], StringComparison.Ordinal);

        // What the half maps lost, they lost whoever was judged.
        Assert.Equal(VerdictOutcome.Worse, new PoseFigures(-0.03, 1.98, count, 0.1, 2, refined).Verdict(0.5, 0.4, 10, 10).Outcome);
        Assert.Equal(VerdictOutcome.Unchanged, new PoseFigures(-0.03, 1.98, 20, 5, 2, 0.5).Verdict(0.5, 0.5, 10, 10).Outcome);
    }

    [Fact]
    public void Tilt_series_that_were_refined_as_such_are_not_told_to_be()
    {
        var figures = new PoseFigures(-0.03, 1.98, 200, 5, 2, 1);
        Assert.Contains("a tilt series without --tilt-series", figures.Verdict(0.5, 0.4, 10, 10).Advice, StringComparison.Ordinal);
        var series = (figures with { OfSeries = true }).Verdict(0.5, 0.4, 10, 10).Advice!;
        Assert.StartsWith("Keep the poses you had.", series, StringComparison.Ordinal);
        Assert.DoesNotContain("--tilt-series", series, StringComparison.Ordinal);
        Assert.Contains(
            "% of the tilt images could be refined", (figures with { OfSeries = true, Refined = 0.1 }).Verdict(0.5, 0.5, 10, 10).Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_gain_beside_a_fallen_resolution_or_uncertain_poses_is_told_with_doubt()
    {
        var verdict = new PoseFigures(1.96, 0.38, 200, 12, 12, 1).Verdict(0.4, 0.5, 15.22, 16.39);
        Assert.Equal(VerdictOutcome.Improved, verdict.Outcome);
        Assert.Contains(
            "improved: but with doubt, as the resolution fell from 15.22 to 16.39 A and the poses are uncertain by 12.0 deg; held-out",
            verdict.Lines()[0], StringComparison.Ordinal);
        Assert.Contains("pixel size", verdict.Advice, StringComparison.Ordinal);

        // A shell's worth of chance is no fall; the published mode gives no uncertainty.
        verdict = new PoseFigures(1.96, 0.38, 200, 12, double.NaN, 1).Verdict(0.4, 0.5, 10, 10.1);
        Assert.DoesNotContain("doubt", verdict.Reason, StringComparison.Ordinal);
        Assert.Null(verdict.Advice);
    }

    [Fact]
    public void An_image_is_dealt_into_two_sets_that_make_up_the_whole()
    {
        var disc = new FourierDisc(100, 25);
        ParticleImage whole = new(disc), first = new(disc), second = new(disc);
        var n = disc.Count;
        for (var i = 0; i < n; i++)
        {
            whole.Re[i] = i + 1;
        }

        ImageSplit.Take(1, 7, 0, whole, first);
        ImageSplit.Take(1, 7, 1, whole, second);
        for (var i = 0; i < n; i++)
        {
            Assert.Equal(whole.Re[i], first.Re[i] + second.Re[i]);
            Assert.Equal(0, first.Re[i] * second.Re[i]);
        }

        // A fair coin, five standard deviations.
        Assert.InRange(first.Re.Count(v => v != 0), (0.5 * n) - (2.5 * Math.Sqrt(n)), (0.5 * n) + (2.5 * Math.Sqrt(n)));
        var before = first.Re.ToArray();
        ImageSplit.Take(1, 8, 0, whole, first);
        Assert.NotEqual(before, first.Re);
    }

    private static (Verdict Verdict, RefinementState End) Run(IParticleSource source, RefinementOptions options)
    {
        var loop = new RefinementLoop(source, options, new ComputeOptions());
        var start = loop.Start();
        var state = start;
        while (!loop.IsFinished(state))
        {
            state = loop.Next(state);
        }

        return (loop.Judge(start, state), state);
    }
}
