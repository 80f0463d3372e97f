using Gmm.Core;
using Gmm.TestData;
using Gmm.Testing;

namespace Gmm.Refinement.Tests;

public class NoiseEstimatorTests
{
    private const double Resolution = 6;
    private const double Sd = 3;
    private const double WhitePower = Sd * Sd * PoseTestData.Box * PoseTestData.Box;

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Known_noise_is_recovered_under_a_signal_and_without(bool coloured, bool signal)
    {
        var source = Noisy(coloured, signal ? 1 : 0, 150);
        var power = Measure(source, [.. source.Particles.Select(p => p.Pose)]);
        var disc = FourierDisc.ForResolution(PoseTestData.Box, PoseTestData.Pixel, Resolution);
        for (var q = 1; q <= disc.Radius; q++)
        {
            // Each ring's sum has this many real and imaginary parts.
            var values = 2.0 * 150 * (disc.RingStart(q + 1) - disc.RingStart(q));
            var expected = WhitePower * (coloured ? Colour(q) : 1);
            Assert.Equal(1, power[q] / expected, 0.01 + (4.5 * Math.Sqrt(2 / values)));
        }
    }

    [Fact]
    public void The_scale_and_the_fall_off_of_the_reference_do_not_matter()
    {
        var source = Noisy(false, 1, 60);
        var poses = source.Particles.Select(p => p.Pose).ToArray();
        var model = PoseTestData.Model;
        var other = new GaussianModel(
            model.X, model.Y, model.Z, Array.ConvertAll(model.Amplitudes.ToArray(), a => 0.01f * a), model.Widths, model.BoxSize, model.PixelSize);
        var (a, b) = (Measure(source, poses), Measure(source, poses, other));
        Assert.All(Enumerable.Range(1, a.Length - 1), q => Assert.Equal(1, b[q] / a[q], 1e-4));
    }

    [Fact]
    public void Wrong_poses_leave_signal_in_the_noise()
    {
        // The strong signal of a low ring, misplaced by 20 A, must count as what it is: unexplained.
        var source = Noisy(false, 30, 40);
        var right = Measure(source, [.. source.Particles.Select(p => p.Pose)]);
        var wrong = Measure(source, [.. source.Particles.Select(p => p.Pose with { ShiftX = p.Pose.ShiftX + 20 })]);
        Assert.InRange(right[8] / WhitePower, 0.85, 1.15);
        Assert.True(wrong[8] > 2 * right[8]);
    }

    [Fact]
    public void Constant_images_are_left_out_and_nothing_else_is_an_error()
    {
        var source = Noisy(false, 0, 20);
        var poses = source.Particles.Select(p => p.Pose).ToArray();
        var before = Measure(source, poses);
        source.Add(source.Particles[0], Enumerable.Repeat(1e6f, PoseTestData.Box * PoseTestData.Box).ToArray());
        Assert.Equal(before, Measure(source, [.. poses, Pose.Identity]));
        var blank = new MemorySource([PoseTestData.Group]);
        blank.Add(source.Particles[0], new float[PoseTestData.Box * PoseTestData.Box]);
        Assert.Throws<InvalidInputException>(() => Measure(blank, [Pose.Identity]));
    }

    private static double Colour(double q) => 0.3 + (2 / (1 + (q * q / 25)));

    private static double[] Measure(MemorySource source, Pose[] poses, GaussianModel? model = null)
    {
        var disc = FourierDisc.ForResolution(PoseTestData.Box, PoseTestData.Pixel, Resolution);
        return NoiseEstimator.Measure(
            source, [.. Enumerable.Range(0, poses.Length)], poses, new GriddingProjector(model ?? PoseTestData.Model, disc), Resolution);
    }

    /// <summary>Images with noise of a known power per ring: white in real space, coloured by a filter in Fourier space.</summary>
    private static MemorySource Noisy(bool coloured, float signal, int count)
    {
        var clean = PoseTestData.Particles(count, 0, 31);
        var random = new Random(32);
        var source = new MemorySource([PoseTestData.Group]);
        var disc = new FourierDisc(PoseTestData.Group.BoxLength, (PoseTestData.Box - 1) / 2);
        var transform = new DiscTransform(PoseTestData.Box, disc);
        float[] re = new float[disc.Count], im = new float[disc.Count], scratch = new float[transform.ScratchLength];
        for (var p = 0; p < count; p++)
        {
            var noise = Enumerable.Range(0, PoseTestData.Box * PoseTestData.Box).Select(_ => (float)(Sd * Draw.Normal(random))).ToArray();
            if (coloured)
            {
                transform.Forward(noise, re, im, scratch);
                for (var q = 0; q <= disc.Radius; q++)
                {
                    for (var i = disc.RingStart(q); i < disc.RingStart(q + 1); i++)
                    {
                        (re[i], im[i]) = (re[i] * (float)Math.Sqrt(Colour(q)), im[i] * (float)Math.Sqrt(Colour(q)));
                    }
                }

                transform.Inverse(re, im, noise, scratch);
            }

            source.Add(clean.Particles[p], [.. noise.Select((v, i) => v + (signal * clean.Images[p][i]))]);
        }

        return source;
    }
}
