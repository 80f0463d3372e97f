using Gmm.Core;
using Gmm.Testing;

namespace Gmm.Refinement.Tests;

/// <summary>The odd terms of a group from sums over its particles, with phases that are far from small.</summary>
public class OddPhasesTests
{
    private static readonly FourierDisc s_disc = new(160, 40);
    private static readonly CtfParameters s_ctf = new() { DefocusU = 0, DefocusV = 0 };

    private static readonly OpticsTerm[] s_terms =
        OpticsTerm.Of(new OpticsOptions { Even = false, Magnification = false, Defocus = false, Astigmatism = false }, true, true);

    private static readonly OpticsBasis s_basis = new(s_disc, s_ctf, s_terms, 40);

    [Fact]
    public void Phases_of_radians_are_found_at_once()
    {
        double[] truth = [1.6, -1.2, 0.4, -0.6, -0.7, 0.3];
        var (system, sums) = Make(truth, noise: 0, weight: 1e4);
        // Gauss-Newton's step is far off, since the phase is not linear.
        Assert.True(Math.Abs(system.Step[0] - truth[0]) > 0.3, $"{system.Step[0]}");
        var (phase, share) = OddPhases.Solve(system, s_basis.Phases, sums, new double[truth.Length]);
        Assert.All(truth.Zip(system.Step), t => Assert.Equal(t.First, t.Second, 2e-3));
        Assert.All(Enumerable.Range(0, s_disc.Count), i => Assert.Equal(Phase(truth, i), phase[i], 5e-3));
        Assert.InRange(share, 0.5, 1.9);
    }

    [Fact]
    public void Their_errors_are_as_large_as_they_are_said_to_be()
    {
        var off = new List<double>();
        for (var draw = 0; draw < 20; draw++)
        {
            double[] truth = [.. Enumerable.Range(0, s_terms.Length).Select(j => 0.4 * (((draw + j) % 3) - 1))];
            var (system, sums) = Make(truth, noise: 1, weight: 2, seed: 100 + draw);
            OddPhases.Solve(system, s_basis.Phases, sums, new double[truth.Length]);
            off.AddRange(truth.Select((t, j) => Math.Pow((system.Step[j] - t) * system.Units[j] / system.Sigma(j), 2)));
        }

        // 120 squares of mean 1: their standard deviation is 0.13.
        Assert.InRange(off.Average(), 0.6, 1.5);
    }

    [Fact]
    public void A_prior_pulls_and_terms_that_are_not_determined_stay()
    {
        var (system, sums) = Make([0.3, 0, 0, 0, 0, 0], noise: 0, weight: 1e4);
        system.IsDetermined[1] = false;
        system.Step[1] = 0;
        // So far from where it was given that the prior is felt.
        OddPhases.Solve(system, s_basis.Phases, sums, [1e4 / system.Known(0), 0, 0, 0, 0, 0]);
        Assert.Equal(0, system.Step[1]);
        Assert.True(system.Step[0] < 0.2999, $"{system.Step[0]}");
    }

    [Fact]
    public void The_amplitude_and_the_noise_of_each_ring_are_those_of_the_images()
    {
        var random = new Random(4);
        var ones = Enumerable.Repeat(1.0, s_disc.Radius + 1).ToArray();
        var image = new WhitenedCorrelationScorer(s_disc, Array.ConvertAll(ones, _ => 2.0), ones, 1, 0).CreateImage();
        var sums = new OpticsSums(s_disc);
        var half = new OpticsSums(s_disc);
        double Amplitude(int q) => Math.Exp(-q / 20.0);
        double Noise(int q) => 0.5 + (q / 20.0);
        double[] odd = [.. Enumerable.Range(0, s_disc.Count).Select(i => Phase([1.5, 0, 0, 0.5, 0, 0], i))];
        float[] re = new float[s_disc.Count], im = new float[s_disc.Count], dr = new float[s_disc.Count], di = new float[s_disc.Count];
        for (var p = 0; p < 300; p++)
        {
            for (var i = 0; i < s_disc.Count; i++)
            {
                var q = FourierDisc.RingOf(s_disc.Kx[i], s_disc.Ky[i]);
                (re[i], im[i]) = ((float)Draw.Normal(random), (float)Draw.Normal(random));
                var (sin, cos) = Math.SinCos(odd[i]);
                double a = 0.7 * Amplitude(q), n = Math.Sqrt(Noise(q));
                dr[i] = (float)((a * ((cos * re[i]) - (sin * im[i]))) + (n * Draw.Normal(random)));
                di[i] = (float)((a * ((cos * im[i]) + (sin * re[i]))) + (n * Draw.Normal(random)));
            }

            image.Prepare(dr, di, Array.ConvertAll(dr, _ => 1f));
            (p % 2 == 0 ? sums : half).Add(image, re, im, 0.7, 1);
        }

        sums.Add(half);
        Assert.Equal(300, sums.Weight);
        var (amplitude, noise) = sums.Rings(odd);
        for (var q = 5; q <= s_disc.Radius; q++)
        {
            Assert.Equal(Amplitude(q), amplitude[q], 0.08);
            Assert.Equal(Noise(q), noise[q], 0.1 * Noise(q));
        }
    }

    private static double Phase(double[] theta, int i) => Enumerable.Range(0, theta.Length).Sum(j => theta[j] * s_basis.Phases[j][i]);

    /// <summary>A group whose images are |F|^2 = weight times the phase, with the noise that whitened images have.</summary>
    private static (OpticsSystem System, OpticsSums Sums) Make(double[] truth, double noise, double weight, int seed = 1)
    {
        var (random, n) = (new Random(seed), truth.Length);
        var (sums, particle) = (new OpticsSums(s_disc), new ParticleOptics(0, n));
        for (var i = 0; i < s_disc.Count; i++)
        {
            var (sin, cos) = Math.SinCos(Phase(truth, i));
            var size = noise * Math.Sqrt(weight);
            sums.Re[i] = (weight * cos) + (size * Draw.Normal(random));
            sums.Im[i] = (weight * sin) + (size * Draw.Normal(random));
            sums.Predicted[i] = weight;
            for (var j = 0; j < n; j++)
            {
                particle.Gradient[j] += s_basis.Phases[j][i] * sums.Im[i];
                for (var k = 0; k < n; k++)
                {
                    particle.Information[(j * n) + k] += weight * s_basis.Phases[j][i] * s_basis.Phases[k][i];
                }
            }
        }

        var system = new OpticsSystem(s_terms, s_basis.Units);
        system.Add(particle);
        system.Solve(1);
        Assert.All(system.IsDetermined, Assert.True);
        return (system, sums);
    }
}
