using Gmm.Core;
using Gmm.Testing;

namespace Gmm.Refinement.Tests;

public class SignalScalesTests
{
    private const double Power = 400; // |G|^2, so that a scale is known to 1 / 20

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.15)]
    public void The_spread_is_found_and_scales_come_nearer_to_the_truth_than_single_estimates(double spread)
    {
        var (particles, estimates, truth) = Make(3000, spread, 1);
        var found = Estimate(particles, estimates, particles);
        double Error(Func<int, double> value) => Enumerable.Range(0, truth.Length).Average(i => Math.Pow(value(i) - truth[i], 2));
        // The posterior mean's expected square error is s^2 t^2 / (s^2 + t^2); of the truth near its mean of 1 nothing else is left.
        var expected = spread * spread / Power / ((spread * spread) + (1 / Power));
        Assert.InRange(Error(i => found[i].Scale), 0.85 * expected, 1.2 * expected);
        Assert.True(Error(i => found[i].Scale) < Error(i => estimates[i].Score.Scale));
        Assert.InRange(found.Average(f => f.Scale), 0.99, 1.01);
        Assert.All(found, f => Assert.InRange(f.Sigma, 0.045, 0.055));
        Assert.All(found, f => Assert.Equal(1, f.Weight));
    }

    [Fact]
    public void A_sample_says_of_others_what_all_say()
    {
        var (particles, estimates, truth) = Make(6000, 0.3, 6);
        var all = Estimate(particles, estimates, particles);
        int[] half = [.. Enumerable.Range(0, particles.Length).Where(i => particles[i].Half == 1)];
        var sample = half.Where((_, n) => n % 6 == 0).ToHashSet();
        var group = SignalScales.Learn(particles, [.. estimates.Select((e, i) => sample.Contains(i) ? e : null)], half, particles, 1)[0];
        double Error(Func<int, double> scale) => half.Average(i => Math.Pow(scale(i) - truth[i], 2));
        Assert.InRange(Error(i => SignalScales.Of(particles[i], estimates[i], particles[i], group).Scale), 0, 1.2 * Error(i => all[i].Scale));
    }

    [Fact]
    public void Without_a_spread_all_scales_stay_as_they_are()
    {
        var (particles, estimates, _) = Make(2000, 0, 2);
        Assert.All(Estimate(particles, estimates, particles), f => Assert.Equal(1, f.Scale));
    }

    [Fact]
    public void Each_half_by_itself()
    {
        var (particles, estimates, _) = Make(400, 0.5, 3);
        var before = Estimate(particles, estimates, particles);
        PoseEstimate[] other = [.. estimates.Select((e, i) => particles[i].Half == 2 ? e with { Score = Score(9 - e.Score.Scale, 0.2) } : e)];
        var after = Estimate(particles, other, particles);
        Assert.All(Enumerable.Range(0, 400).Where(i => particles[i].Half == 1), i => Assert.Equal(before[i], after[i]));
        Assert.Contains(Enumerable.Range(0, 400).Where(i => particles[i].Half == 2), i => before[i].Scale != after[i].Scale);
    }

    [Fact]
    public void An_image_whose_rest_is_wild_weighs_less_and_moves_no_other()
    {
        var (particles, estimates, _) = Make(400, 0.5, 4);
        var plain = Estimate(particles, estimates, particles);
        // Thirty times the noise: 900 times the power of the rest.
        PoseEstimate[] wild = [.. estimates.Select((e, i) => i == 7 ? e with { Score = Score(25, 900) } : e)];
        var found = Estimate(particles, wild, particles);
        Assert.InRange(found[7].Weight, 2 / 950f, 2 / 850f);
        Assert.InRange(found[7].Scale, 0.05, 5);
        for (var i = 0; i < 400; i++)
        {
            if (i != 7)
            {
                Assert.InRange(found[i].Scale, 0.97 * plain[i].Scale, 1.03 * plain[i].Scale);
                Assert.Equal(1, found[i].Weight);
            }
        }
    }

    [Fact]
    public void Particles_that_were_not_refined_keep_what_they_had()
    {
        var (particles, estimates, _) = Make(100, 0.5, 5);
        particles[3] = particles[3] with { Weight = 0, Ctf = particles[3].Ctf with { ScaleFactor = 0.7 } };
        estimates[3] = new PoseEstimate(particles[3].Pose, default, default, null, 0, PoseStatus.UnusableImage);
        var found = Estimate(particles, estimates, particles)[3];
        Assert.Equal((0.7, 0f), (found.Scale, found.Weight));
    }

    private static (double Scale, double Sigma, float Weight)[] Estimate(Particle[] particles, PoseEstimate[] estimates, Particle[] given)
    {
        var groups = new SignalGroup?[2][];
        for (var h = 0; h < 2; h++)
        {
            int[] half = [.. Enumerable.Range(0, particles.Length).Where(i => particles[i].Half == h + 1)];
            groups[h] = SignalScales.Learn(particles, estimates, half, given, 1);
        }

        return [.. particles.Select((p, i) => SignalScales.Of(p, estimates[i], given[i], groups[p.Half - 1][0]))];
    }

    private static (Particle[] Particles, PoseEstimate[] Estimates, double[] Truth) Make(int count, double spread, int seed)
    {
        var random = new Random(seed);
        var particles = Enumerable.Range(0, count).Select(
            i => new Particle(new Pose(Rotation.Identity, 0, 0), new CtfParameters { DefocusU = 1e4, DefocusV = 1e4 }, 0, 1 + (i % 2))).ToArray();
        var truth = particles.Select(_ => 1 + (spread * Draw.Normal(random))).ToArray();

        return (particles, [.. truth.Select((t, i) => new PoseEstimate(
            particles[i].Pose, Score(t + (Draw.Normal(random) / Math.Sqrt(Power)), 1), default, new double[25], 1, PoseStatus.Refined))], truth);
    }

    /// <summary>The score of an image of 10,000 coefficients with a fitted scale and noise of a power.</summary>
    private static PoseScore Score(double scale, double noise)
    {
        var explained = scale * scale * Power;
        return new PoseScore(0.5 * scale * Math.Abs(scale) * Power, Math.Sign(scale) * Math.Sqrt(explained / (explained + (10000 * noise))), scale);
    }
}
