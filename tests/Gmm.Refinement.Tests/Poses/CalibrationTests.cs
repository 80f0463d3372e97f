using System.Globalization;
using Gmm.Core;
using Gmm.Testing;
using Xunit.Abstractions;

namespace Gmm.Refinement.Tests;

/// <summary>
/// White noise, the true model as reference, poses disturbed by 3 degrees and 1 A rms: the errors left are those of the Cramer-Rao bound, and
/// the covariances reported are true.
/// </summary>
public class CalibrationTests(ITestOutputHelper output)
{
    private const int Count = 300;
    private const double Noise = 1.5;
    private const double Resolution = 6;
    private const double Degree = Math.PI / 180;

    [Fact]
    public void Poses_reach_the_Cramer_Rao_bound_in_four_steps_with_calibrated_covariances()
    {
        var source = PoseTestData.Particles(Count, Noise, 77);
        var random = new Random(78);
        var starts = source.Particles.Select(p => PoseTestData.Disturb(p.Pose, 3, 1, random)).ToArray();

        // The bands of a refinement's first iteration.
        var reference = PoseTestData.Reference(PoseTestData.Model, PoseTestData.Group, Noise, 3 * Resolution, 1.8 * Resolution, Resolution);
        var estimates = new PoseEstimate?[Count];
        new ParticlePoseRefiner(source, new LevenbergMarquardtPoseOptimizer(), [reference], Resolution)
            .Refine([.. Enumerable.Range(0, Count)], starts, estimates, new ComputeOptions { Threads = 2 });

        var bound = new Bound(PoseTestData.Model, reference.Disc);
        double rotation = 0, shift = 0, rotationBound = 0, shiftBound = 0, normalised = 0;
        var variances = new double[5];
        for (var i = 0; i < Count; i++)
        {
            var (truth, estimate) = (source.Particles[i].Pose, estimates[i]!);
            Assert.Equal(PoseStatus.Refined, estimate.Status);
            var error = PoseTestData.Step(truth, estimate.Pose);
            var limit = Inverse(bound.Information(truth, source.Particles[i].Ctf));
            var information = Inverse(estimate.Covariance!);
            for (var p = 0; p < 5; p++)
            {
                (rotation, rotationBound) = p < 3 ? (rotation + (error[p] * error[p]), rotationBound + limit[6 * p]) : (rotation, rotationBound);
                (shift, shiftBound) = p < 3 ? (shift, shiftBound) : (shift + (error[p] * error[p]), shiftBound + limit[6 * p]);
                variances[p] += error[p] * error[p] / estimate.Covariance![6 * p] / Count;
                for (var q = 0; q < 5; q++)
                {
                    normalised += error[p] * information[(5 * p) + q] * error[q] / (5 * Count);
                }
            }
        }

        var steps = estimates.Average(e => (double)e!.Steps);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"rotation rms {Math.Sqrt(rotation / Count) / Degree:F4} deg, bound {Math.Sqrt(rotationBound / Count) / Degree:F4}; "
            + $"shift rms {Math.Sqrt(shift / Count):F4} A, bound {Math.Sqrt(shiftBound / Count):F4}; steps {steps:F2}; normalised {normalised:F3}; "
            + $"each {string.Join(", ", variances.Select(v => v.ToString("F3")))}"));

        // 300 particles know a root mean square to 2 %, a variance of one parameter to 8 %.
        Assert.InRange(Math.Sqrt(rotationBound / Count) / Degree, 0.2, 1.5);
        Assert.InRange(Math.Sqrt(rotation / rotationBound), 0.93, 1.1);
        Assert.InRange(Math.Sqrt(shift / shiftBound), 0.93, 1.1);
        Assert.InRange(steps, 1, 4);
        Assert.InRange(normalised, 0.8, 1.3);
        Assert.All(variances, v => Assert.InRange(v, 0.8, 1.3));
    }

    private static double[] Inverse(double[] matrix)
    {
        var inverse = new double[25];
        Assert.True(Cholesky.TryInvert(5, matrix, inverse));
        return inverse;
    }

    /// <summary>
    /// The Fisher information of a pose in an image with white noise of known variance and unknown amplitude of the signal, by the definition,
    /// in float64: J^T J less the part along the signal itself, over sigma^2, summed over both coefficients of each conjugate pair.
    /// </summary>
    private sealed class Bound(GaussianModel model, FourierDisc disc)
    {
        private readonly DirectProjector<double> _projector = new(model, disc);
        private readonly PoseJacobian<double> _jacobian = new(disc);

        public double[] Information(Pose pose, CtfParameters ctf)
        {
            _projector.ProjectWithPoseDerivatives(pose, _jacobian, _projector.CreateScratch());

            // The six rows: derivatives, then the signal. A pixel of variance s^2 gives a coefficient of |N|^2 = n^2 s^2.
            var gram = new double[6, 6];
            var rows = new double[6];
            for (var i = 1; i < disc.Count; i++)
            {
                var c = Ctf.Evaluate(ctf, disc.Kx[i] / disc.BoxLength, disc.Ky[i] / disc.BoxLength)
                    / (Math.Pow(PoseTestData.Pixel, 3) * PoseTestData.Box * Noise);
                foreach (var imaginary in new[] { false, true })
                {
                    for (var p = 0; p < 5; p++)
                    {
                        rows[p] = c * (imaginary ? _jacobian.DerivativeIm(p)[i] : _jacobian.DerivativeRe(p)[i]);
                    }

                    rows[5] = c * (imaginary ? _jacobian.Im[i] : _jacobian.Re[i]);
                    for (var p = 0; p < 6; p++)
                    {
                        for (var q = 0; q < 6; q++)
                        {
                            gram[p, q] += 2 * rows[p] * rows[q];
                        }
                    }
                }
            }

            var information = new double[25];
            for (var p = 0; p < 5; p++)
            {
                for (var q = 0; q < 5; q++)
                {
                    information[(5 * p) + q] = gram[p, q] - (gram[p, 5] * gram[q, 5] / gram[5, 5]);
                }
            }

            return information;
        }
    }
}
