using Gmm.Core;
using Gmm.Testing;

namespace Gmm.Refinement.Tests;

public class DefocusPriorsTests
{
    [Theory]
    [InlineData(150, 60)]
    [InlineData(0, 60)]
    public void The_population_is_found_from_noisy_values_and_shrinks_them(double spread, double noise)
    {
        const int count = 400;
        var random = new Random(4);
        var truth = Enumerable.Range(0, count).Select(i => new Defocus(10000 + (1000 * (i % 10)) + (spread * Draw.Normal(random)), 0, 0)).ToArray();
        Particle[] particles = [.. truth.Select((t, i) => new Particle(
            Pose.Identity, t.Plus([250 * Draw.Normal(random)]).In(new CtfParameters { DefocusU = 0, DefocusV = 0 }), 0, 1) { Micrograph = i % 10 })];
        var priors = new DefocusPriors([.. Enumerable.Range(0, count)], particles, i => (Defocus.Of(particles[i].Ctf), default));
        // What the file says is spread by the truth and by its errors.
        Assert.InRange(priors[0].Sigma.Mean, 0.85 * Math.Sqrt((spread * spread) + 62500), 1.15 * Math.Sqrt((spread * spread) + 62500));

        var posteriors = new (Defocus Value, Defocus Variance)?[count];
        for (var n = 0; n < count; n++)
        {
            var (known, own, value) = (priors[n].Information(0), 1 / (noise * noise), truth[n].Mean + (noise * Draw.Normal(random)));
            posteriors[n] = (new Defocus(((known * priors[n].Mean.Mean) + (own * value)) / (known + own), 0, 0), new Defocus(1 / (known + own), 1, 1));
        }

        priors.Update(posteriors, 1);
        Assert.InRange(priors.Spread, 0.8 * spread, Math.Max(1.2 * spread, 20));
        var errors = posteriors.Select((p, n) => (p!.Value.Value.Mean - truth[n].Mean, Math.Sqrt(p.Value.Variance.Mean))).ToArray();
        Assert.InRange(errors.Average(e => e.Item1 * e.Item1 / (e.Item2 * e.Item2)), 0.7, 1.4);
        var best = noise * Math.Sqrt((spread * spread / ((spread * spread) + (noise * noise))) + (1 / 40.0));
        Assert.InRange(Math.Sqrt(errors.Average(e => e.Item1 * e.Item1)), 0, 1.15 * best);
    }

    [Fact]
    public void Micrographs_whose_images_say_nothing_stay_where_they_were_given()
    {
        var (priors, posteriors) = Update(20, _ => 0, (n, given) => (given + 4000, 20000));
        // Without a prior of their own all would go along with the 4000.
        Assert.All(posteriors, p => Assert.InRange(p.Value.Mean - 10000, -100, 100));
        Assert.All(posteriors, p => Assert.InRange(Math.Sqrt(p.Variance.Mean), 800, 1500));
        Assert.InRange(priors.Spread, 0, 1000);
        // What images know well is not held back.
        (_, posteriors) = Update(20, _ => 0, (n, given) => (given + 4000, 50));
        Assert.All(posteriors, p => Assert.InRange(p.Value.Mean - 14000, -20, 1));
    }

    [Theory]
    [InlineData(0, 1000)]
    [InlineData(3000, 3000)]
    public void The_spread_is_no_wider_than_a_micrograph_has_it_or_the_file(double given, double most)
    {
        var random = new Random(8);
        var (priors, _) = Update(400, n => given * ((n / 4 % 2) - 0.5) * 2, (n, _) => (10000 + (8000 * Draw.Normal(random)), 50));
        Assert.Equal(given, priors.Given, given * 0.05);
        Assert.InRange(priors.Spread, 0.9 * most, 1.05 * most);
    }

    /// <summary>Particles of four micrographs at a defocus of 10000 A and more, and what images say of each: a value and its standard deviation.</summary>
    private static (DefocusPriors Priors, (Defocus Value, Defocus Variance)[] Posteriors) Update(
        int count, Func<int, double> offset, Func<int, double, (double Value, double Sigma)> says)
    {
        Particle[] particles = [.. Enumerable.Range(0, count).Select(n => new Particle(
            Pose.Identity, new CtfParameters { DefocusU = 10000 + offset(n), DefocusV = 10000 + offset(n) }, 0, 1) { Micrograph = n % 4 })];
        var priors = new DefocusPriors([.. Enumerable.Range(0, count)], particles, i => (Defocus.Of(particles[i].Ctf), default));
        var posteriors = new (Defocus Value, Defocus Variance)?[count];
        for (var n = 0; n < count; n++)
        {
            var (value, sigma) = says(n, particles[n].Ctf.DefocusU);
            var (known, own) = (priors[n].Information(0), 1 / (sigma * sigma));
            posteriors[n] = (new Defocus(((known * priors[n].Mean.Mean) + (own * value)) / (known + own), 0, 0), new Defocus(1 / (known + own), 1, 1));
        }

        priors.Update(posteriors, 1);
        return (priors, [.. posteriors.Select(p => p!.Value)]);
    }

    [Fact]
    public void Particles_of_no_known_micrograph_stay_about_what_their_file_says()
    {
        Particle[] particles = [.. Enumerable.Range(0, 10).Select(i => new Particle(
            Pose.Identity, new CtfParameters { DefocusU = 10000 + (3000 * i), DefocusV = 10000 + (3000 * i) }, 0, 1))];
        var priors = new DefocusPriors([.. Enumerable.Range(0, 10)], particles, i => (Defocus.Of(particles[i].Ctf), default));
        Assert.All(Enumerable.Range(0, 10), n => Assert.Equal((10000 + (3000 * n), 300.0), (priors[n].Mean.Mean, priors[n].Sigma.Mean)));
    }
}
