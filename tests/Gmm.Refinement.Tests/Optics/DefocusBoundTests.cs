using Gmm.Core;
using Gmm.Maps;
using Gmm.Testing;

namespace Gmm.Refinement.Tests;

/// <summary>
/// Particles' defoci against the least errors that images and priors allow: the Fisher information of pose and defocus with the scale unknown, of exact images
/// in float64 by their definition, with that of the priors that the truth was drawn from (van Trees' bound).
/// </summary>
public class DefocusBoundTests
{
    private const int Count = 200;
    private const double Noise = 0.8;

    /// <summary>What true defoci are spread by about their micrograph's, or files' about the truth where no micrograph is known.</summary>
    private static readonly double[] s_spread = [150, 40, 40];

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Errors_are_near_the_bound_and_uncertainties_are_theirs(bool keepPoses, bool hasMicrographs)
    {
        var (particles, truth) = Make(hasMicrographs);
        var (_, state) = OpticsTestData.Estimate(particles, new OpticsOptions { Odd = false, Even = false, Magnification = false }, 2, keepPoses);
        double[] errors = new double[3], bounds = new double[3], normalised = new double[3];
        for (var i = 0; i < Count; i++)
        {
            // Every fifth is enough for their mean.
            double[]? bound = i % 5 == 0 ? Bound(particles.Particles[i].Pose, truth[i], keepPoses) : null;
            var (found, wanted) = (Defocus.Of(state.Ctf[i]), Defocus.Of(truth[i]));
            for (var c = 0; c < 3; c++)
            {
                var square = Math.Pow(found[c] - wanted[c], 2);
                errors[c] += square / Count;
                bounds[c] += bound is null ? 0 : 5 * bound[c] / Count;
                normalised[c] += square / Math.Pow(state.Sigma[i][c], 2) / Count;
            }
        }

        for (var c = 0; c < 3; c++)
        {
            var says = $"coordinate {c}: {Math.Sqrt(errors[c])} A, bound {Math.Sqrt(bounds[c])} A, normalised variance {normalised[c]}";
            Assert.True(Math.Sqrt(errors[c] / bounds[c]) is > 0.85 and < 1.15, says);
            Assert.True(normalised[c] is > 0.8 and < 1.3, says);
        }
    }

    private static (InMemoryParticles Particles, CtfParameters[] True) Make(bool hasMicrographs)
    {
        var random = new Random(11);
        var group = new OpticsGroup { Id = 1, Name = "g", ImageSize = OpticsTestData.Box, PixelSize = OpticsTestData.PixelSize };
        var made = group with { CtfState = CtfState.None };
        var disc = ExactImages.DiscOf(made);
        var (particles, images, truth) = (new Particle[Count], new ReadOnlyMemory<float>[Count], new CtfParameters[Count]);
        double[] Off(double factor) => [.. s_spread.Select(s => factor * s * Draw.Normal(random))];
        for (var i = 0; i < Count; i++)
        {
            var (pose, m) = (Draw.Pose(random, 2), i % 4);
            var micrograph = new Defocus(2500 + (700 * m), 60 * m, -50 * m);
            truth[i] = micrograph.Plus(Off(1)).In(new CtfParameters { DefocusU = 0, DefocusV = 0 });
            var (re, im) = OpticsTestData.Transform(disc, pose, truth[i], null);
            var image = ExactImages.Render(made, truth[i], re, im);
            for (var p = 0; p < image.Length; p++)
            {
                image[p] += (float)(Noise * Draw.Normal(random));
            }

            images[i] = image;
            var file = Defocus.Of(truth[i]).Plus(Off(hasMicrographs ? 1.5 : 1)).In(truth[i]);
            particles[i] = new Particle(pose, file, 0, 1) { Micrograph = hasMicrographs ? m : -1 };
        }

        return (new InMemoryParticles([group], particles, images), truth);
    }

    /// <summary>The least variances of the three coordinates.</summary>
    private static double[] Bound(Pose pose, CtfParameters truth, bool keepPoses)
    {
        var disc = FourierDisc.ForResolution(OpticsTestData.Box, OpticsTestData.PixelSize, 4.2);
        var first = keepPoses ? 0 : Pose.ParameterCount;
        var n = first + Defocus.Lengths;
        double[] Image(int parameter, double step)
        {
            var steps = new double[n];
            steps[parameter] = step;
            var (re, im) = OpticsTestData.Transform(
                disc, keepPoses ? pose : pose.Step(steps.AsSpan(0, first)), Defocus.Of(truth).Plus(steps.AsSpan(first)).In(truth), null);
            return [.. re.Skip(1), .. im.Skip(1)];
        }

        double[][] rows =
        [
            .. Enumerable.Range(0, n).Select(p => FiniteDifference.Slopes(s => Image(p, s), p < first ? 1e-4 : 1)), Image(0, 0),
        ];
        var unit = 2 / Math.Pow(Math.Pow(OpticsTestData.PixelSize, 3) * OpticsTestData.Box * Noise, 2);
        double Gram(int p, int q) => unit * SmallMatrix.Dot(rows[p], rows[q]);
        double[] information = new double[n * n], covariance = new double[n * n];
        for (var p = 0; p < n; p++)
        {
            for (var q = 0; q < n; q++)
            {
                information[(p * n) + q] = Gram(p, q) - (Gram(p, n) * Gram(q, n) / Gram(n, n));
            }

            information[p * (n + 1)] += p < first ? 0 : Math.Pow(s_spread[p - first], -2);
        }

        Assert.True(Cholesky.TryInvert(n, information, covariance));
        return [.. Enumerable.Range(first, Defocus.Lengths).Select(p => covariance[p * (n + 1)])];
    }
}
