using Gmm.Core;

namespace Gmm.Maps.Tests;

public class LocalResolutionTests
{
    private static readonly ComputeOptions Two = new() { Threads = 2 };

    private static readonly double[] s_known = [3, 5, 8];

    /// <summary>
    /// Three slabs of white structure, without anything finer than 3, 5 and 8 A or with less and less up to the ratio of signal to noise of a
    /// correlation of 0.143 there. Each is a neighbour of both others, with up to 20 times the noise's power in it.
    /// </summary>
    [Theory]
    [InlineData(1.0, false)]
    [InlineData(3.3, false)]
    [InlineData(11.0, false)]
    [InlineData(20.0, false)]
    [InlineData(1.0, true)]
    [InlineData(20.0, true)]
    public void Regions_of_known_resolution_are_told_apart(double snr, bool smooth)
    {
        const int n = 120;
        const double pixel = 1.3;
        var (half1, half2) = Slabs(n, pixel, s_known, snr, smooth);
        var result = LocalResolution.Measure(half1, half2, Two);
        for (var k = 0; k < s_known.Length; k++)
        {
            var known = s_known[k];
            var mask = Slab(n, pixel, k, s_known.Length, 8);
            Assert.InRange(result.Quantiles(mask, 0.5)[0], 0.9 * known, 1.1 * known);
            if (smooth)
            {
                continue;
            }

            // Beyond its resolution a region holds noise, which the local filter takes out (the mask's hard edge lets some of the neighbour in), and
            // leaves what is coarser.
            var before = Band(PostProcessor.Mean(half1, half2), mask, 1 / (0.7 * known));
            var after = Band(result.Filtered, mask, 1 / (0.7 * known));
            Assert.True(known == 3 || after < 0.3 * before, $"{known}: {after / before}");
            var kept = Band(result.Filtered, mask, 1 / (1.4 * known)) / Band(PostProcessor.Mean(half1, half2), mask, 1 / (1.4 * known));
            Assert.InRange(kept, 0.3, 1.1);
        }
    }

    /// <summary>Half maps that were cut have nothing beyond, and no local signal ratio there is more than rounding.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_is_read_beyond_where_half_maps_were_cut(bool windows)
    {
        const int n = 96;
        const double pixel = 1.3;
        var (half1, half2) = Slabs(n, pixel, [4, 7], 5, true);
        HalfMap Cut(HalfMap half) => new(n, pixel, MapFilters.LowPass(half, 10, 0, Two).Voxels, half.Half);
        var result = windows ? LocalResolution.MeasureInWindows(Cut(half1), Cut(half2), 40, Two) : LocalResolution.Measure(Cut(half1), Cut(half2), Two);

        // The last shell within 10 A is the twelfth of 124.8 A.
        Assert.InRange(result.Resolution.Voxels.Min(), 124.8 / 12 * 0.999, 124.8 / 12 * 1.1);
        Assert.InRange(result.Finest, 124.8 / 12 * 0.999, 124.8 / 12 * 1.1);
    }

    [Fact]
    public void Of_noise_there_is_no_local_resolution()
    {
        const int n = 48;
        HalfMap Noise(int half) => new(n, 2, FourierShellCorrelationTests.Noise(n, 300 + half).Voxels, half);
        var result = LocalResolution.Measure(Noise(1), Noise(2), Two);
        Assert.All(result.Resolution.Voxels, v => Assert.Equal(96f, v));
        Assert.All(result.Quantiles(SolventMasks.Sphere(n, 2, 30, 5), 0.05, 0.5), q => Assert.Equal(double.PositiveInfinity, q));
    }

    [Fact]
    public void Windows_tell_regions_apart_too_where_the_signal_is_not_far_above_the_noise()
    {
        const int n = 96;
        const double pixel = 1.3;
        double[] known = [4, 7];
        var (half1, half2) = Slabs(n, pixel, known, 2, false);
        var result = LocalResolution.MeasureInWindows(half1, half2, 40, Two);
        for (var k = 0; k < known.Length; k++)
        {
            Assert.InRange(result.Quantiles(Slab(n, pixel, k, 2, 12), 0.5)[0], 0.88 * known[k], 1.1 * known[k]);
        }

        Assert.Throws<InvalidInputException>(() => LocalResolution.MeasureInWindows(half1, half2, 20));
        Assert.Throws<InvalidInputException>(() => LocalResolution.MeasureInWindows(half1, half2, 126));
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
        var (half1, half2) = Slabs(40, 1.5, [4, 8], 4, false);
        var (window1, window3) = (
            LocalResolution.MeasureInWindows(half1, half2, 30, new ComputeOptions { Threads = 1 }),
            LocalResolution.MeasureInWindows(half1, half2, 30, new ComputeOptions { Threads = 3 }));
        Assert.Equal(window1.Resolution.Voxels, window3.Resolution.Voxels);
        Assert.Equal(window1.Filtered.Voxels, window3.Filtered.Voxels);
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
        var grid = new CoarseGrid(24, 48, new ComputeOptions { Threads = 2 }, 4);
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
    [InlineData(1.0, 40)]
    [InlineData(20.0, 40)]
    [InlineData(5.0, 12.3)]
    [InlineData(20.0, 55)]
    public void The_flank_of_a_band_does_not_pass_for_resolution(double snr, double edge)
    {
        // What the bands see of a signal that ends sharply, by a sum over Fourier voxels; without the deblurring it falls 15 to 30 % further out.
        var bands = LocalBands.Of(128);
        var profiles = bands.Centres.Select(q =>
        {
            double sum = 0, all = 0;
            for (var r = 0.005; r < 80; r += 0.01)
            {
                var power = Math.Pow(LocalBands.Factor(q, LocalBands.Width(q), r), 2) * r * r;
                all += power;
                sum += r < edge ? power : 0;
            }

            var ratio = snr * sum / all;
            return new[] { (float)(ratio / (1 + ratio)) };
        }).ToArray();
        var blurred = LocalCrossing.Fall([.. profiles.Select(c => Math.Log(c[0] / (1 - c[0]) + 1e-6))], bands.Centres);
        LocalDeblur.Run(profiles, bands.Blur(), new ComputeOptions { Threads = 1 });
        var radius = LocalCrossing.Find(profiles, bands.Centres, new ComputeOptions { Threads = 1 })[0];
        Assert.InRange(radius, 0.93 * edge, 1.07 * edge);
        Assert.True(blurred > radius && (snr < 20 || blurred > 1.1 * edge), $"{blurred}, {radius}");
    }

    [Fact]
    public void A_fall_is_interpolated_noise_in_one_band_is_none_and_what_recovers_counts()
    {
        static double Log(double c) => Math.Log(c / (1 - c));
        double[] centres = [3, 4, 5, 6, 7, 8];
        Assert.Equal(0, LocalCrossing.Fall([.. new[] { 0.01, 0.01, 0.01, 0.01, 0.01, 0.01 }.Select(Log)], centres));
        Assert.Equal(8, LocalCrossing.Fall([.. new[] { 0.9, 0.9, 0.9, 0.9, 0.9, 0.9 }.Select(Log)], centres));
        Assert.Equal(8, LocalCrossing.Fall([.. new[] { 0.9, 0.9, 0.1, 0.8, 0.9, 0.9 }.Select(Log)], centres));
        Assert.Equal(8, LocalCrossing.Fall([.. new[] { 0.9, 0.01, 0.01, 0.8, 0.9, 0.9 }.Select(Log)], centres));
        Assert.Equal(5.5, LocalCrossing.Fall([0, 0, Log(0.143) + 1, Log(0.143) - 1, -9, -9], centres), 9);
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

    private static (HalfMap Half1, HalfMap Half2) Slabs(int n, double pixel, double[] resolutions, double snr, bool smooth)
    {
        var signal = new float[n * n * n];
        var fall = Math.Log(snr * 0.857 / 0.143);
        for (var k = 0; k < resolutions.Length; k++)
        {
            var white = new DensityMap(n, pixel, FourierShellCorrelationTests.Noise(n, 30 + k).Voxels);
            var d = resolutions[k];
            var filtered = smooth
                ? MapFilters.ByShell(white, [.. Enumerable.Range(0, n).Select(s => Math.Exp(-0.5 * fall * Math.Pow(s * d / (n * pixel), 2)))], Two).Voxels
                : MapFilters.LowPass(white, d, 0, Two).Voxels;
            for (var i = (int)((long)k * n / resolutions.Length) * n * n; i < (k + 1) * n / resolutions.Length * n * n; i++)
            {
                signal[i] = filtered[i];
            }
        }

        return (Half(1), Half(2));

        HalfMap Half(int half) =>
            new(n, pixel, [.. FourierShellCorrelationTests.Noise(n, 50 + half).Voxels.Zip(signal, (e, s) => (float)((Math.Sqrt(snr) * s) + e))], half);
    }

    /// <summary>Power near a frequency inside a mask.</summary>
    private static double Band(DensityMap map, SolventMask mask, double frequency)
    {
        var shell = (int)Math.Round(frequency * map.BoxLength);
        return shell > (map.Size / 2) - 1 ? 0 : RadialProfiles.ShellPower(map, mask, Two)[shell];
    }
}
