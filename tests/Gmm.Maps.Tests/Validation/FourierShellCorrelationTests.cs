using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Gmm.Core;
using Gmm.Testing;

namespace Gmm.Maps.Tests;

public class FourierShellCorrelationTests
{
    private static readonly ComputeOptions One = new() { Threads = 1 };

    [Theory]
    [InlineData(24)]
    [InlineData(25)]
    public void A_map_with_itself_is_one(int n)
    {
        var map = Noise(n, 1);
        var curve = FourierShellCorrelation.Between(map, map, null, One);
        Assert.Equal((n / 2) + 1, curve.Count);
        Assert.All(curve.Values.Skip(1), v => Assert.Equal(1, v, 9));
        Assert.False(curve.Falls());
        Assert.Equal(2 * map.PixelSize, curve.Resolution());
        var negative = new DensityMap(n, 2, Array.ConvertAll(map.Voxels, v => -v));
        Assert.All(FourierShellCorrelation.Between(map, negative, null, One).Values.Skip(1), v => Assert.Equal(-1, v, 9));
    }

    [Fact]
    public void Independent_noise_is_zero_within_its_scatter()
    {
        const int n = 40;
        var curve = FourierShellCorrelation.Between(Noise(n, 1), Noise(n, 2), null, One);
        double chi = 0;
        for (var s = 3; s < curve.Count; s++)
        {
            // Independent complex coefficients: half of a shell's points; each gives a correlation of variance 1/2 for its real part.
            var scatter = 1 / Math.Sqrt(4 * Math.PI * s * s);
            Assert.True(Math.Abs(curve[s]) < 5 * scatter, $"shell {s}: {curve[s]}");
            chi += curve[s] * curve[s] / (scatter * scatter);
        }

        Assert.InRange(chi / (curve.Count - 3), 0.3, 2.5);
    }

    [Theory]
    [InlineData(0.25)]
    [InlineData(1.0)]
    [InlineData(4.0)]
    public void A_known_ratio_of_signal_to_noise_gives_ssnr_over_ssnr_plus_one(double snr)
    {
        const int n = 48;
        DensityMap signal = Noise(n, 3), a = Mix(signal, Noise(n, 4), snr), b = Mix(signal, Noise(n, 5), snr);
        var curve = FourierShellCorrelation.Between(a, b, null, One);
        for (var s = 12; s <= 24; s++)
        {
            Assert.InRange(curve[s], (snr / (snr + 1)) - 0.1, (snr / (snr + 1)) + 0.1);
        }

        Assert.Equal(snr / (snr + 1), curve.Values.Skip(12).Average(), 1.5e-2);
        var ssnr = RadialProfiles.SsnrFromFsc([snr / (snr + 1)], false)[0];
        Assert.Equal(snr, ssnr, 9);
    }

    [Fact]
    public void Against_a_naive_transform()
    {
        const int n = 6;
        DensityMap a = Noise(n, 6), b = Noise(n, 7);
        var curve = FourierShellCorrelation.Between(a, b, null, One);
        double[] ab = new double[4], aa = new double[4], bb = new double[4];
        for (var k = 0; k < n * n * n; k++)
        {
            int x = Signed(k % n), y = Signed(k / n % n), z = Signed(k / (n * n));
            var shell = (int)Math.Round(Math.Sqrt((x * x) + (y * y) + (z * z)));
            if (shell > 3)
            {
                continue;
            }

            var (fa, fb) = (Dft(a, x, y, z), Dft(b, x, y, z));
            ab[shell] += (fa * System.Numerics.Complex.Conjugate(fb)).Real;
            aa[shell] += fa.Magnitude * fa.Magnitude;
            bb[shell] += fb.Magnitude * fb.Magnitude;
        }

        for (var s = 0; s <= 3; s++)
        {
            Assert.Equal(ab[s] / Math.Sqrt(aa[s] * bb[s]), curve[s], 5);
        }

        static int Signed(int i) => i > (n - 1) / 2 ? i - n : i;
        static System.Numerics.Complex Dft(DensityMap m, int x, int y, int z)
        {
            System.Numerics.Complex sum = 0;
            for (var i = 0; i < n * n * n; i++)
            {
                sum += m.Voxels[i] * System.Numerics.Complex.FromPolarCoordinates(
                    1, -2 * Math.PI * ((x * (i % n)) + (y * (i / n % n)) + (z * (i / (n * n)))) / n);
            }

            return sum;
        }
    }

    [Property]
    public Property A_radial_filter_of_one_map_changes_nothing()
    {
        const int n = 20;
        DensityMap signal = Noise(n, 8), a = Mix(signal, Noise(n, 9), 1), b = Mix(signal, Noise(n, 10), 1);
        var before = FourierShellCorrelation.Between(a, b, null, One);
        return Prop.ForAll(Gen.Choose(1, 1000).ArrayOf((n / 2) + 1).ToArbitrary(), factors =>
        {
            // Constant over each shell: a half integer step between shells would mix them.
            var s = MapSpectrum.Of(a.Voxels, n, [], new ComputeOptions { Threads = 1 });
            s.Scale(r => Math.Round(r) < factors.Length ? factors[(int)Math.Round(r)] / 100.0 : 1);
            var after = FourierShellCorrelation.Between(new DensityMap(n, 2, s.ToVoxels()), b, null, One);
            return before.Values.Zip(after.Values).All(p => Math.Abs(p.First - p.Second) < 1e-4);
        });
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        DensityMap a = Noise(30, 11), b = Noise(30, 12);
        Assert.Equal(
            FourierShellCorrelation.Between(a, b, null, One).Values,
            FourierShellCorrelation.Between(a, b, null, new ComputeOptions { Threads = 3 }).Values);
    }

    [Fact]
    public void Different_grids_and_equal_halves_are_refused()
    {
        var mask = SolventMasks.Sphere(20, 2, 10, 4);
        Assert.Throws<InvalidInputException>(() => FourierShellCorrelation.Between(Noise(20, 1), Noise(22, 1)));
        Assert.Throws<InvalidInputException>(() => FourierShellCorrelation.Between(Noise(20, 1), new DensityMap(20, 2.1, Noise(20, 1).Voxels)));
        Assert.Throws<InvalidInputException>(() => FourierShellCorrelation.Between(Noise(22, 1), Noise(22, 1), mask));
        Assert.Throws<InvalidInputException>(() => FourierShellCorrelation.GoldStandard(Half(Noise(20, 1), 1), Half(Noise(20, 2), 1)));
        Assert.Throws<InvalidInputException>(() => FourierShellCorrelation.PhaseRandomised(Half(Noise(22, 1), 1), Half(Noise(22, 2), 2), mask));
    }

    [Fact]
    public void Phase_randomisation_takes_out_what_a_tight_mask_adds()
    {
        // Halves that share everything to shell 6 and nothing beyond, under a mask so small that it correlates neighbouring shells.
        const int n = 40;
        var common = MapFilters.LowPass(Noise(n, 20), 2.0 * n / 6, 0, One);
        var mask = SolventMasks.Sphere(n, 2, 10, 6);
        HalfMap One1(int seed, int half)
        {
            var noise = Noise(n, seed).Voxels;
            var s = MapSpectrum.Of(noise, n, [], new ComputeOptions { Threads = 1 });
            s.Scale(r => r < 6.5 ? 0.05 : 0.3);
            return Half(new DensityMap(n, 2, s.ToVoxels().Zip(common.Voxels, (a, b) => a + (3 * b)).ToArray()), half);
        }

        var curves = FourierShellCorrelation.PhaseRandomised(One1(21, 1), One1(22, 2), mask, One with { Seed = 4 });
        Assert.InRange(curves.RandomisedFrom, 6, 8);
        Assert.True(curves.Masked[9] > 0.3, $"the mask should add correlation: {curves.Masked[9]}");
        Assert.True(Math.Abs(curves.Corrected[10]) < 0.3 && Math.Abs(curves.Corrected[14]) < 0.3);
        for (var s = 0; s < curves.RandomisedFrom + 2; s++)
        {
            Assert.Equal(curves.Masked[s], curves.Corrected[s]);
        }

        for (var s = curves.RandomisedFrom + 2; s <= n / 2; s++)
        {
            Assert.Equal((curves.Masked[s] - curves.Randomised[s]) / (1 - curves.Randomised[s]), curves.Corrected[s], 9);
        }

        var again = FourierShellCorrelation.PhaseRandomised(One1(21, 1), One1(22, 2), mask, new ComputeOptions { Threads = 2, Seed = 4 });
        Assert.Equal(curves.Corrected.Values, again.Corrected.Values);

        // The curve is what the mean over many draws of the phases tends to; one draw is far from it.
        const int draws = 60;
        double[] mean = new double[curves.Randomised.Count], square = new double[curves.Randomised.Count];
        for (var d = 0; d < draws; d++)
        {
            var drawn = FourierShellCorrelation.Between(
                Drawn(One1(21, 1), curves.RandomisedFrom, d, 1), Drawn(One1(22, 2), curves.RandomisedFrom, d, 2), mask, One);
            for (var s = 0; s < mean.Length; s++)
            {
                mean[s] += drawn[s] / draws;
                square[s] += drawn[s] * drawn[s] / draws;
            }
        }

        for (var s = 1; s < mean.Length; s++)
        {
            var error = Math.Sqrt(Math.Max(0, square[s] - (mean[s] * mean[s])) / (draws - 1));
            Assert.True(Math.Abs(mean[s] - curves.Randomised[s]) < (4 * error) + 0.004, $"shell {s}: {mean[s]} +- {error}, {curves.Randomised[s]}");
        }

        static DensityMap Drawn(HalfMap map, int from, int seed, int stream)
        {
            var s = MapSpectrum.Of(map.Voxels, n, [], new ComputeOptions { Threads = 1 });
            PhaseRandomiser.Randomise(s, from, seed, stream);
            return new DensityMap(n, 2, s.ToVoxels());
        }
    }

    [Theory]
    [InlineData(20)]
    [InlineData(21)]
    public void Random_phases_keep_every_amplitude_and_the_coarse_shells(int n)
    {
        var map = Noise(n, 30);
        var before = MapSpectrum.Of(map.Voxels, n, [], new ComputeOptions { Threads = 1 });
        var changed = MapSpectrum.Of(map.Voxels, n, [], new ComputeOptions { Threads = 1 });
        PhaseRandomiser.Randomise(changed, 4, 1, 1);
        // Through the real map and back: only a spectrum with Hermitian symmetry survives.
        var after = MapSpectrum.Of(changed.ToVoxels(), n, [], new ComputeOptions { Threads = 1 });
        var moved = 0;
        for (var z = 0; z < n; z++)
        {
            for (var y = 0; y < n; y++)
            {
                for (var x = 0; x < before.Width; x++)
                {
                    var i = (((z * n) + y) * before.Width) + x;
                    var (a, b) = (new System.Numerics.Complex(before.Re[i], before.Im[i]), new System.Numerics.Complex(after.Re[i], after.Im[i]));
                    Assert.Equal(a.Magnitude, b.Magnitude, 1e-3);
                    var same = (a - b).Magnitude < 1e-3;
                    Assert.True(same || before.Radius(x, y, z) >= 4);
                    moved += same ? 0 : 1;
                }
            }
        }

        Assert.True(moved > 0.9 * n * n * n / 2);
    }

    [Fact]
    public void Resolution_is_interpolated_between_shells()
    {
        var curve = new FscCurve(10, 2, [1, 0.9, 0.7, 0.2, 0.1, 0.0]);
        // 0.143 lies 0.57 of the way from shell 3 to 4.
        Assert.Equal(20 / 3.57, curve.Resolution(0.143), 6);
        Assert.Equal(20 / 2.4, curve.Resolution(0.5), 6);
        Assert.Equal(0.15, curve.Frequencies[3], 12);
        Assert.Equal((0.9 + 0.7) / 2, curve.Mean(10), 9);
        Assert.Equal(20, new FscCurve(10, 2, [1, 0.1, 0.1, 0.1, 0.1, 0.1]).Resolution());
    }

    internal static DensityMap Noise(int n, int seed)
    {
        var random = new Random(seed);
        var voxels = new float[n * n * n];
        for (var i = 0; i < voxels.Length; i++)
        {
            voxels[i] = (float)Draw.Normal(random);
        }

        return new DensityMap(n, 2, voxels);
    }

    private static DensityMap Mix(DensityMap signal, DensityMap noise, double snr) =>
        new(signal.Size, 2, signal.Voxels.Zip(noise.Voxels, (s, e) => (float)((Math.Sqrt(snr) * s) + e)).ToArray());

    private static HalfMap Half(DensityMap map, int half) => new(map.Size, map.PixelSize, map.Voxels, half);
}
