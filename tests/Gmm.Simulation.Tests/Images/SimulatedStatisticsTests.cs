using Gmm.Core;
using Gmm.TestData;

namespace Gmm.Simulation.Tests;

public class SimulatedStatisticsTests
{
    [Fact]
    public void Normal_deviates_have_normal_moments_and_tails()
    {
        var random = new SeededGenerator(7, 1, 0);
        const int n = 1_000_000;
        double s1 = 0, s2 = 0, s4 = 0;
        int beyond1 = 0, beyond3 = 0;
        for (var i = 0; i < n; i++)
        {
            var x = random.Normal();
            s1 += x;
            s2 += x * x;
            s4 += x * x * x * x;
            beyond1 += Math.Abs(x) > 1 ? 1 : 0;
            beyond3 += Math.Abs(x) > 3.5 ? 1 : 0;
        }

        Assert.Equal(0, s1 / n, 0.004);
        Assert.Equal(1, s2 / n, 0.006);
        Assert.Equal(3, s4 / n, 0.04);
        Assert.Equal(0.31731, beyond1 / (double)n, 0.002);
        Assert.Equal(4.6526e-4, beyond3 / (double)n, 8e-5);
    }

    [Fact]
    public void Uniform_rotations_have_no_mean_direction()
    {
        var random = new SeededGenerator(1, 2, 3);
        double z = 0, z2 = 0, trace = 0;
        const int n = 20000;
        for (var i = 0; i < n; i++)
        {
            var r = random.Rotation();
            z += r.M22;
            z2 += r.M22 * r.M22;
            trace += r.M00 + r.M11 + r.M22;
        }

        Assert.Equal(0, z / n, 0.02);
        Assert.Equal(1.0 / 3, z2 / n, 0.01);
        Assert.Equal(0, trace / n, 0.03);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Noise_has_unit_variance_and_the_spectrum_asked_for(bool white)
    {
        const int box = 32, count = 400;
        var noise = white ? NoiseSpectrum.White : NoiseSpectrum.Coloured;

        // A signal this weak leaves the noise alone.
        var options = SimulationTestData.Options(count, box) with { Snr = 1e-12, Noise = noise };
        var simulator = new ParticleSimulator(SimulationTestData.Ball(20, 10), options);
        (int X, int Y)[] frequencies = [(0, 1), (1, 0), (1, 1), (2, 1), (1, -2), (6, 0), (5, -5), (13, 4), (3, -14), (15, 15)];
        var power = new double[frequencies.Length];
        double variance = 0, mean = 0;
        simulator.Render((_, image) =>
        {
            foreach (var v in image)
            {
                variance += v * v;
                mean += v;
            }

            // A Hann window keeps the leak of the low frequencies out of the high ones.
            var windowed = Hann(image, box);
            for (var i = 0; i < power.Length; i++)
            {
                power[i] += Power(windowed, box, frequencies[i].X, frequencies[i].Y);
            }
        });
        Assert.Equal(1, variance / count / box / box, 0.01);
        Assert.Equal(0, mean / count / box / box, 0.02);
        for (var i = 0; i < power.Length; i++)
        {
            // 400 samples of an exponential distribution: a standard deviation of 5 %.
            Assert.Equal(1, power[i] / count / ExpectedPower(noise, options, frequencies[i].X, frequencies[i].Y), 0.2);
        }
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.5)]
    public void Signal_to_noise_is_what_was_asked(double snr)
    {
        // The same images without noise, and without noise and CTF, give the signal and the silhouette: what exceeds 8 % of the
        // densest pixel after a blur of B = 400 A^2, here done in real space.
        const int box = 40, count = 24;
        var atoms = SimulationTestData.Ball(500, 20);
        var options = SimulationTestData.Options(count, box) with { Snr = snr, ContrastSd = 0 };
        var noisy = new ParticleSimulator(atoms, options);
        var clean = new ParticleSimulator(atoms, options with { Snr = null });
        var flat = new ParticleSimulator(atoms, options with { Snr = null, CtfState = CtfState.None });
        double signal = 0, noise = 0;
        var inside = 0;
        float[] a = new float[box * box], b = new float[box * box], c = new float[box * box];
        for (var i = 0; i < count; i++)
        {
            noisy.RenderImage(i, a);
            clean.RenderImage(i, b);
            flat.RenderImage(i, c);
            var outline = Blur(c, box, Math.Sqrt(400 / (8 * Math.PI * Math.PI)) / options.PixelSize);
            var (mean, top) = (b.Average(), outline.Max());
            double power = 0;
            var covered = 0;
            for (var p = 0; p < a.Length; p++)
            {
                var scaled = b[p] * noisy.Gain / clean.Gain;
                noise += (a[p] - scaled) * (a[p] - scaled);
                if (outline[p] > 0.08 * top)
                {
                    power += Math.Pow((b[p] - mean) * noisy.Gain / clean.Gain, 2);
                    covered++;
                }
            }

            signal += power / covered;
            inside += covered;
        }

        Assert.Equal(1, noise / count / box / box, 0.03);
        Assert.Equal(1, signal / count / snr, 0.01);
        Assert.Equal(1, inside / (double)(count * box * box) / noisy.SilhouetteFraction, 0.01);
    }

    [Fact]
    public void Poses_halves_and_contrast_follow_the_options()
    {
        var options = SimulationTestData.Options(4001) with { DisturbDegrees = 4, DisturbAngstrom = 1.5, CentreSd = 2.5, ContrastSd = 0.1 };
        var simulator = new ParticleSimulator(SimulationTestData.Ball(20, 10), options);
        double angle = 0, shift = 0, centre = 0, contrast = 0;
        for (var i = 0; i < 4001; i++)
        {
            var (t, d) = (simulator.TrueParticles[i], simulator.DisturbedParticles[i]);
            angle += Math.Pow(t.Pose.Rotation.AngleTo(d.Pose.Rotation) * 180 / Math.PI, 2);
            shift += Math.Pow(t.Pose.ShiftX - d.Pose.ShiftX, 2) + Math.Pow(t.Pose.ShiftY - d.Pose.ShiftY, 2);
            centre += Math.Pow(t.Pose.ShiftX, 2) + Math.Pow(t.Pose.ShiftY, 2);
            contrast += Math.Pow(Math.Log(simulator.Contrasts[i]), 2);
            Assert.Equal(t.Half, d.Half);
            Assert.InRange(t.Ctf.DefocusU, 8000 - 800, 25000 + 1200);
        }

        Assert.Equal(4, Math.Sqrt(angle / 4001), 0.12);
        Assert.Equal(1.5, Math.Sqrt(shift / 4001), 0.05);
        Assert.Equal(2.5, Math.Sqrt(centre / 2 / 4001), 0.08);
        Assert.Equal(0.1, Math.Sqrt(contrast / 4001), 0.004);
        Assert.Equal(2000, simulator.TrueParticles.Count(p => p.Half == 2));
        Assert.Equal(50, simulator.Micrographs.Distinct().Count());
    }

    private static float[] Hann(ReadOnlySpan<float> image, int n)
    {
        var result = new float[n * n];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = (float)(image[i] * HannAt(i / n, n) * HannAt(i % n, n));
        }

        return result;
    }

    private static double HannAt(int i, int n) => 0.5 - (0.5 * Math.Cos(2 * Math.PI * (i + 0.5) / n));

    /// <summary>Mean |F|^2 of the windowed noise: the padded box's coefficients, each seen through the window's transform.</summary>
    private static double ExpectedPower(NoiseSpectrum noise, SimulationOptions options, int kx, int ky)
    {
        int n = options.BoxSize, p = 2 * n;
        var (wx, wy) = (new double[p], new double[p]);
        for (var q = 0; q < p; q++)
        {
            (wx[q], wy[q]) = (HannPower(((double)kx / n) - ((double)q / p), n), HannPower(((double)ky / n) - ((double)q / p), n));
        }

        double sum = 0, total = 0;
        for (var y = 0; y < p; y++)
        {
            for (var x = 0; x < p; x++)
            {
                double fx = x < n ? x : x - p, fy = y < n ? y : y - p;
                var power = noise.Power(Math.Sqrt((fx * fx) + (fy * fy)) / (p * options.PixelSize));
                total += power;
                sum += power * wx[x] * wy[y];
            }
        }

        return sum / total;
    }

    private static double HannPower(double frequency, int n)
    {
        double re = 0, im = 0;
        for (var i = 0; i < n; i++)
        {
            var (s, c) = Math.SinCos(2 * Math.PI * frequency * i);
            re += HannAt(i, n) * c;
            im += HannAt(i, n) * s;
        }

        return (re * re) + (im * im);
    }

    private static double[] Blur(float[] image, int n, double sd)
    {
        var result = new double[n * n];
        for (var i = 0; i < result.Length; i++)
        {
            for (var j = 0; j < result.Length; j++)
            {
                double dx = (i % n) - (j % n), dy = (i / n) - (j / n);
                result[i] += image[j] * Math.Exp(-((dx * dx) + (dy * dy)) / (2 * sd * sd));
            }
        }

        return result;
    }

    private static double Power(float[] image, int n, int kx, int ky)
    {
        var (re, im) = SimulationTestData.Dft(image, n, kx, ky);
        return (re * re) + (im * im);
    }
}
