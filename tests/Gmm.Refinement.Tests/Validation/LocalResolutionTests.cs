using Gmm.Core;

namespace Gmm.Refinement.Tests;

public class LocalResolutionTests
{
    private static readonly ComputeOptions Two = new() { Threads = 2 };

    /// <summary>Three slabs of white structure, each without anything finer than 3, 5 and 8 A, with as much white noise.</summary>
    [Theory]
    [InlineData(1.0)]
    public void Regions_of_known_resolution_are_told_apart(double noise)
    {
        const int n = 120;
        const double pixel = 1.3;
        double[] known = [3, 5, 8];
        var (half1, half2) = Slabs(n, pixel, known, noise);
        var result = LocalResolution.Measure(half1, half2, Two);
        for (var k = 0; k < known.Length; k++)
        {
            var mask = Slab(n, pixel, k, known.Length, 8);
            Assert.InRange(result.Quantiles(mask, 0.5)[0], 0.9 * known[k], 1.1 * known[k]);

            // Beyond its resolution a region holds noise, which the local filter takes out (the mask's hard edge lets some of the neighbour in), and
            // leaves what is coarser.
            var before = Band(PostProcessor.Mean(half1, half2), mask, 1 / (0.8 * known[k]));
            var after = Band(result.Filtered, mask, 1 / (0.8 * known[k]));
            Assert.True(known[k] == 3 || after < 0.3 * before, $"{known[k]}: {after / before}");
            var kept = Band(result.Filtered, mask, 1 / (1.4 * known[k])) / Band(PostProcessor.Mean(half1, half2), mask, 1 / (1.4 * known[k]));
            Assert.InRange(kept, 0.3, 1.1);
        }

        Assert.Equal(8, result.Quantiles(Slab(n, pixel, 2, 3, 8), 0, 0.25, 0.75)[1], 1.5);
    }

    [Fact]
    public void Equal_halves_pass_unchanged_and_resolve_to_Nyquist()
    {
        const int n = 48;
        var map = MapFilters.LowPass(FourierShellCorrelationTests.Noise(n, 4), 4.4, 0, Two);
        var result = LocalResolution.Measure(new HalfMap(n, 2, map.Voxels, 1), new HalfMap(n, 2, map.Voxels, 2), Two);
        Assert.All(result.Resolution.Voxels, v => Assert.InRange(v, 4, 4.7));
        double difference = 0, power = 0;
        for (var i = 0; i < map.Voxels.Length; i++)
        {
            difference += Math.Pow(result.Filtered.Voxels[i] - map.Voxels[i], 2);
            power += Math.Pow(map.Voxels[i], 2);
        }

        Assert.InRange(Math.Sqrt(difference / power), 0, 0.03);
    }

    [Fact]
    public void Independent_noise_has_the_coarsest_resolution_and_nothing_passes()
    {
        const int n = 64;
        var (a, b) = (FourierShellCorrelationTests.Noise(n, 5), FourierShellCorrelationTests.Noise(n, 6));
        var result = LocalResolution.Measure(new HalfMap(n, 2, a.Voxels, 1), new HalfMap(n, 2, b.Voxels, 2), Two);
        Assert.True(result.Quantiles(SolventMasks.Sphere(n, 2, 60, 0), 0.5)[0] > 12);
        var power = result.Filtered.Voxels.Sum(v => (double)v * v) / a.Voxels.Zip(b.Voxels, (x, y) => 0.25 * (x + y) * (x + y)).Sum();
        Assert.InRange(power, 0, 0.02);
    }

    [Fact]
    public void Threads_do_not_change_a_bit_and_bad_pairs_are_refused()
    {
        var (half1, half2) = Slabs(40, 1.5, [4, 8], 0.5);
        var one = LocalResolution.Measure(half1, half2, new ComputeOptions { Threads = 1 });
        var three = LocalResolution.Measure(half1, half2, new ComputeOptions { Threads = 3 });
        Assert.Equal(one.Resolution.Voxels, three.Resolution.Voxels);
        Assert.Equal(one.Filtered.Voxels, three.Filtered.Voxels);
        Assert.Throws<InvalidInputException>(() => LocalResolution.Measure(half1, half1));
        Assert.Throws<InvalidInputException>(() => LocalResolution.Measure(half1, new HalfMap(40, 1.6, half2.Voxels, 2)));
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => LocalResolution.Measure(half1, half2, null, null, source.Token));
    }

    [Fact]
    public void Block_means_and_windows_are_those_of_a_plain_sum()
    {
        var grid = new CoarseGrid(24, 48, 2);
        Assert.Equal(12, grid.Size);
        var map = FourierShellCorrelationTests.Noise(24, 7).Voxels;
        var mean = new float[grid.Count];
        grid.MeanProduct(map, map, 24, mean);
        double expected = 0;
        for (var i = 0; i < 8; i++)
        {
            expected += Math.Pow(map[((((4 + (i / 4)) * 24) + 6 + (i / 2 % 2)) * 24) + 10 + (i % 2)], 2) / 8;
        }

        Assert.Equal(expected, mean[(((2 * 12) + 3) * 12) + 5], 5);
        var spike = new float[grid.Count];
        spike[0] = 1;
        grid.Smooth(spike, 6);
        Assert.Equal(1, spike.Sum(), 5);
        Assert.Equal(Math.Exp(-((2 * 2) + (1 * 1)) * 16 / (2 * 36.0)), spike[(((11 * 12) + 2) * 12) + 0] / spike[0], 4);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(-1.5)]
    public void The_flank_of_a_band_does_not_pass_for_resolution(double phase)
    {
        // A signal that ends sharply at radius 40, ten times the noise's power: what the bands see is the Gaussian's tail beyond it.
        double before = 0, last = 0;
        foreach (var step in Enumerable.Range(0, 12))
        {
            var q = 30 + phase + (3.0 * step);
            var ratio = 10 * Below(40, q, LocalBands.Width(q) / 2);
            var c = ratio / (1 + ratio);
            if (c < 0.143)
            {
                Assert.InRange(LocalCrossing.Fall(last, q, before, c), 38.5, 41.5);
                return;
            }

            (before, last) = (c, q);
        }

        Assert.Fail("the correlation never fell");
    }

    private static double Below(double edge, double centre, double deviation)
    {
        double sum = 0, all = 0;
        for (var x = -6.0; x < 6; x += 0.001)
        {
            var p = Math.Exp(-x * x / 2);
            all += p;
            sum += centre + (deviation * x) < edge ? p : 0;
        }

        return sum / all;
    }

    /// <summary>Slab k of several along z, less a margin on either side.</summary>
    private static SolventMask Slab(int n, double pixel, int k, int count, double margin)
    {
        var voxels = new float[n * n * n];
        for (var i = 0; i < voxels.Length; i++)
        {
            var place = (i / (n * n)) - ((double)k * n / count);
            voxels[i] = place * pixel >= margin && place * pixel <= (n * pixel / count) - margin ? 1 : 0;
        }

        return new SolventMask(n, pixel, voxels);
    }

    private static (HalfMap Half1, HalfMap Half2) Slabs(int n, double pixel, double[] resolutions, double noise)
    {
        var signal = new float[n * n * n];
        for (var k = 0; k < resolutions.Length; k++)
        {
            var white = new DensityMap(n, pixel, FourierShellCorrelationTests.Noise(n, 30 + k).Voxels);
            var filtered = MapFilters.LowPass(white, resolutions[k], 0, Two).Voxels;
            for (var i = (int)((long)k * n / resolutions.Length) * n * n; i < (k + 1) * n / resolutions.Length * n * n; i++)
            {
                signal[i] = filtered[i];
            }
        }

        return (Half(1), Half(2));

        HalfMap Half(int half) =>
            new(n, pixel, [.. FourierShellCorrelationTests.Noise(n, 50 + half).Voxels.Zip(signal, (e, s) => (float)(s + (noise * e)))], half);
    }

    /// <summary>Power near a frequency inside a mask.</summary>
    private static double Band(DensityMap map, SolventMask mask, double frequency)
    {
        var shell = (int)Math.Round(frequency * map.BoxLength);
        return shell > (map.Size / 2) - 1 ? 0 : RadialProfiles.ShellPower(map, mask, Two)[shell];
    }
}
