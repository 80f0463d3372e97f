using Gmm.Core;
using Gmm.TestData;

namespace Gmm.Simulation.Tests;

public class SimulatedStressTests
{
    private const int Box = 32;

    private static readonly SimulatedAtom[] Atoms = SimulationTestData.Ball(200, 18);

    [Theory]
    [InlineData(32)]
    [InlineData(33)]
    public void Random_phases_keep_amplitudes_and_what_is_below(int box)
    {
        var options = SimulationTestData.Options(1, box) with { Snr = 5 };
        float[] plain = new float[box * box], random = new float[box * box];
        new ParticleSimulator(Atoms, options).RenderImage(0, plain);
        new ParticleSimulator(Atoms, options with { RandomPhasesBeyond = 8 }).RenderImage(0, random);
        double changed = 0, beyond = 0;
        for (var ky = -((box - 1) / 2); ky <= box / 2; ky++)
        {
            for (var kx = 0; kx <= box / 2; kx++)
            {
                var (a, b) = SimulationTestData.Dft(plain, box, kx, ky);
                var (c, d) = SimulationTestData.Dft(random, box, kx, ky);
                var size = Math.Sqrt((a * a) + (b * b));
                Assert.Equal(size, Math.Sqrt((c * c) + (d * d)), 1e-3);
                if (Math.Sqrt((kx * kx) + (ky * ky)) < box * options.PixelSize / 8)
                {
                    Assert.Equal(0, Math.Abs(a - c) + Math.Abs(b - d), 1e-3);
                    continue;
                }

                (changed, beyond) = (changed + (((a * c) + (b * d)) / (size * size)), beyond + 1);
            }
        }

        // The mean cosine of random phase differences over hundreds of coefficients.
        Assert.InRange(Math.Abs(changed / beyond), 0, 4 / Math.Sqrt(beyond));
    }

    [Fact]
    public void Pure_noise_has_nothing_of_the_structure()
    {
        var options = SimulationTestData.Options(64, Box) with { Snr = 20 };
        var (with, without) = (new ParticleSimulator(Atoms, options), new ParticleSimulator(Atoms, options with { PureNoise = true }));
        var (image, noise) = (new float[Box * Box], new float[Box * Box]);
        double power = 0, correlation = 0;
        for (var i = 0; i < 64; i++)
        {
            with.RenderImage(i, image);
            without.RenderImage(i, noise);
            Assert.Equal(with.TrueParticles[i], without.TrueParticles[i]);
            for (var p = 0; p < image.Length; p++)
            {
                power += noise[p] * noise[p];
                correlation += noise[p] * (image[p] - noise[p]);
            }
        }

        Assert.Equal(1, power / (64 * Box * Box), 0.03);
        Assert.InRange(Math.Abs(correlation / (64 * Box * Box)), 0, 0.03);
    }

    [Fact]
    public void Bad_values_are_named()
    {
        var options = SimulationTestData.Options();
        Assert.Contains(
            "RandomPhasesBeyond", Assert.Throws<InvalidInputException>(() => (options with { RandomPhasesBeyond = 3 }).Validate()).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "PureNoise", Assert.Throws<InvalidInputException>(() => (options with { PureNoise = true, Snr = null }).Validate()).Message,
            StringComparison.Ordinal);
    }
}
