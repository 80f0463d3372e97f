using Gmm.Core;
using Gmm.IO;
using Gmm.Simulation;
using Gmm.TestData;

namespace Gmm.Maps.Tests;

public class PostProcessorTests
{
    private const double Pixel = 1.5;
    private static readonly ComputeOptions One = new() { Threads = 1 };

    [Theory]
    [InlineData(60)]
    [InlineData(-20)]
    public void The_fall_of_a_map_is_found_and_undone(double b)
    {
        const int n = 48;
        var (half1, half2, mask) = Halves(n, b, 1e-3);
        var result = PostProcessor.Run(half1, half2, mask, new PostProcessOptions { FitTo = 3.2 }, One);
        Assert.Equal(-b, result.BFactor!.Value, 4.0);
        Assert.Equal(result.BFactor.Value, 4 * result.Guinier.Fit!.Slope, 9);

        // The signal was white before it was blurred, so the sharpened map is white again.
        var power = RadialProfiles.ShellPower(result.Map, null, One)[8..22];
        Assert.All(power, p => Assert.InRange(p / power.Average(), 0.8, 1.25));
    }

    [Fact]
    public void Shells_are_weighted_by_the_correlation_and_nothing_passes_the_resolution()
    {
        const int n = 48;
        var (half1, half2, mask) = Halves(n, 90, 0.25);
        var result = PostProcessor.Run(half1, half2, mask, new PostProcessOptions { BFactor = 0 }, One);
        var before = RadialProfiles.ShellPower(PostProcessor.Mean(half1, half2), null, One);
        var after = RadialProfiles.ShellPower(result.Map, null, One);
        var cut = n * Pixel / result.Resolution!.Value;
        Assert.InRange(cut, 8, 23);
        for (var s = 1; s < n / 2; s++)
        {
            var fsc = result.Curves.Corrected[s];
            var expected = s < cut - 2 ? 2 * fsc / (1 + fsc) : s > cut + 2 ? 0 : double.NaN;
            if (!double.IsNaN(expected))
            {
                Assert.Equal(expected, after[s] / before[s], 1e-4);
            }
        }

        Assert.Equal(result.Map.Voxels.Zip(mask.Voxels, (a, m) => a * m), result.Masked.Voxels);
        var sharper = PostProcessor.Run(half1, half2, mask, new PostProcessOptions { BFactor = -50 }, One);
        var ratio = RadialProfiles.ShellPower(sharper.Map, null, One)[6] / after[6];
        Assert.Equal(Math.Exp(50 * 36 / (2 * n * Pixel * n * Pixel)), ratio, 0.01);
    }

    [Fact]
    public void A_model_gives_its_amplitudes_to_the_masked_map()
    {
        const int n = 40;
        var atoms = SimulationTestData.Ball(200, 14);
        var model = ModelAmplitudes.Of(atoms, n, Pixel, 2, One);
        var (half1, half2, mask) = Halves(n, 40, 0.05);
        var options = new PostProcessOptions { ModelAmplitudes = model, WeightByFsc = false };
        var result = PostProcessor.Run(half1, half2, mask, options, One);
        Assert.Null(result.BFactor);

        // The mask mixes neighbouring shells, so the masked map follows the profile closely, not exactly.
        var power = RadialProfiles.ShellPower(result.Map, mask, One);
        var cut = (int)(n * Pixel / result.Resolution!.Value);
        for (var s = 4; s < cut - 2; s++)
        {
            Assert.InRange(Math.Sqrt(power[s]) / model[s], 0.75, 1.3);
        }
    }

    [Fact]
    public void The_profile_of_a_single_atom_is_its_scattering_factor()
    {
        const int n = 32;
        var profile = ModelAmplitudes.Of([new SimulatedAtom(5, 1, -3, "C", 30, 1)], n, Pixel, 2, One);
        for (var s = 1; s < n / 2; s++)
        {
            var k2 = Math.Pow(s / (n * Pixel), 2);
            var options = new SimulationOptions { ParticleCount = 1, BoxSize = n, PixelSize = Pixel };
            var solvent = options.SolventDensity * options.AtomVolume * Math.Exp(-Math.PI * Math.Pow(options.AtomVolume, 2.0 / 3) * k2);
            var expected = (ElectronScattering.Find("C")!.Factor(k2) - solvent) * Math.Exp(-4 * k2);

            // A shell averages over radii from s - 1/2 to s + 1/2.
            Assert.InRange(profile[s] / Math.Abs(expected), s < 4 ? 0.9 : 0.97, s < 4 ? 1.1 : 1.03);
        }

        Assert.Throws<InvalidInputException>(() => ModelAmplitudes.Of(SimulationTestData.Ball(50, 60), n, Pixel, 2, One));
    }

    [Fact]
    public void Threads_do_not_change_a_bit_and_what_cannot_be_is_refused()
    {
        var (half1, half2, mask) = Halves(32, 40, 0.1);
        var a = PostProcessor.Run(half1, half2, mask, null, One);
        var b = PostProcessor.Run(half1, half2, mask, null, new ComputeOptions { Threads = 3 });
        Assert.Equal(a.Map.Voxels, b.Map.Voxels);
        Assert.Equal(a.BFactor, b.BFactor);
        Assert.Throws<InvalidInputException>(() => PostProcessor.Run(half1, half1, mask, null, One));
        Assert.Throws<ArgumentException>(() => PostProcessor.Run(half1, half2, mask, new PostProcessOptions { ModelAmplitudes = [1, 2] }, One));
        var opposite = new HalfMap(32, Pixel, Array.ConvertAll(half1.Voxels, v => -v), 2);
        var none = PostProcessor.Run(half1, opposite, mask, null, One);
        Assert.Null(none.Resolution);
        Assert.Null(none.BFactor);
        Assert.Contains(none.Warnings, w => w.StartsWith("no resolution", StringComparison.Ordinal));
        var never = PostProcessor.Run(half1, new HalfMap(32, Pixel, half1.Voxels, 2), mask, null, One);
        Assert.Contains(never.Warnings, w => w.Contains("Nyquist", StringComparison.Ordinal));
    }

    [Fact]
    public void A_map_too_coarse_for_a_B_factor_is_filtered_and_not_sharpened()
    {
        // Signal to 14 A in voxels of 3 A: no three shells lie between 10 A and the resolution.
        var (white, _, _) = Halves(48, 0, 0);
        var coarse = MapFilters.LowPass(new DensityMap(48, 3, white.Voxels), 14, 0, One);
        HalfMap Half(int half) => new(48, 3, [.. FourierShellCorrelationTests.Noise(48, 30 + half).Voxels.Zip(coarse.Voxels, (e, v) => (0.05f * e) + v)], half);
        var result = PostProcessor.Run(Half(1), Half(2), SolventMasks.Sphere(48, 3, 50, 12), null, One);
        Assert.Null(result.BFactor);
        // Two shells are not corrected for the mask, as in RELION
        Assert.InRange(48 * 3 / result.Resolution!.Value, (48 * 3 / 14.0) - 0.6, (48 * 3 / 14.0) + 2.6);
        Assert.Contains(
            result.Warnings, w => w.Contains("not sharpened", StringComparison.Ordinal) && w.Contains("lie from 10 to 1", StringComparison.Ordinal));
        Assert.All(result.SharpeningFactors, f => Assert.Equal(1, f));
        var power = RadialProfiles.ShellPower(result.Map, null, One);
        Assert.True(power[14] < 1e-6 * power[8]);
    }

    /// <summary>
    /// Against relion_postprocess 3.1.3 on the same maps (Data/README.md). RELION sums half of each shell's transform, and its random phases
    /// are others; that is most of the difference.
    /// </summary>
    [Fact]
    public void Curves_and_B_factor_are_those_of_relion_postprocess()
    {
        var (half1, half2, mask) = Halves(64, 70, 0.12);
        if (Environment.GetEnvironmentVariable("GMM_RELION_FOLDER") is { Length: > 0 } folder)
        {
            MrcFile.WriteMap(Path.Combine(folder, "half1.mrc"), half1, true);
            MrcFile.WriteMap(Path.Combine(folder, "half2.mrc"), half2, true);
            MrcFile.WriteMap(Path.Combine(folder, "mask.mrc"), mask, true);
        }

        var star = StarFile.Read(Path.Combine(AppContext.BaseDirectory, "Data", "relion_postprocess.star"));
        var result = PostProcessor.Run(half1, half2, mask, new PostProcessOptions { FitTo = 2 * Pixel }, One);
        Assert.Equal(star.Find("general")!.GetDouble("rlnBfactorUsedForSharpening"), result.BFactor!.Value, 3.0);
        Assert.Equal(star.Find("general")!.GetDouble("rlnFittedInterceptGuinierPlot"), result.Guinier.Fit!.Intercept, 0.05);
        var table = star.Find("fsc")!.Table!;
        foreach (var (label, curve) in new[]
        {
            (FscFile.Unmasked, result.Curves.Unmasked), (FscFile.Masked, result.Curves.Masked), (FscFile.Corrected, result.Curves.Corrected),
        })
        {
            for (var s = 1; s < curve.Count; s++)
            {
                Assert.Equal(table.GetDouble(s, label), curve[s], s < 5 ? 0.05 : 0.03);
            }
        }
    }

    /// <summary>White signal in a ball, blurred by a B factor, with white noise of a standard deviation in the unblurred signal's; and a soft mask.</summary>
    private static (HalfMap Half1, HalfMap Half2, SolventMask Mask) Halves(int n, double b, double noise)
    {
        var ball = SolventMasks.Sphere(n, Pixel, n * Pixel * 0.25, n * Pixel * 0.1);
        var signal = FourierShellCorrelationTests.Noise(n, 1).Voxels.Zip(ball.Voxels, (v, m) => v * m).ToArray();
        var s = MapSpectrum.Of(signal, n, [], new ComputeOptions { Threads = 1 });
        s.Scale(r => Math.Exp(-b / 4 * r * r / (n * Pixel * n * Pixel)));
        signal = s.ToVoxels();
        return (Half(2, 1), Half(3, 2), SolventMasks.Sphere(n, Pixel, n * Pixel * 0.35, n * Pixel * 0.1));

        HalfMap Half(int seed, int half) =>
            new(n, Pixel, [.. FourierShellCorrelationTests.Noise(n, seed).Voxels.Zip(signal, (e, v) => (float)(v + (noise * e)))], half);
    }
}
