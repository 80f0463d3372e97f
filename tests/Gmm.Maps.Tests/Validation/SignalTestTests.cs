using Gmm.Core;
using Gmm.EndToEnd;

namespace Gmm.Maps.Tests;

/// <summary>Nothing that is reported may be made of noise; benchmarks/Gmm.EndToEnd -- noise does this with 50 seeds at boxes of 64 and 128.</summary>
public class SignalTestTests
{
    private const double Pixel = 3;
    private static readonly ComputeOptions One = new() { Threads = 1 };

    [Theory]
    [InlineData("white", 32)]
    [InlineData("white", 33)]
    [InlineData("coloured", 32)]
    [InlineData("in a sphere", 32)]
    [InlineData("D2", 32)]
    [InlineData("C3", 32)]
    [InlineData("D2 in a sphere", 32)]
    public void Noise_gives_no_resolution(string kind, int n)
    {
        for (var seed = 0; seed < 12; seed++)
        {
            HalfMap half1 = NoiseMaps.Make(kind, n, Pixel, seed, 1), half2 = NoiseMaps.Make(kind, n, Pixel, seed, 2);
            var (mask, warning) = SolventMasks.Automatic(half1, half2, One);
            Assert.Contains("no more than noise", warning, StringComparison.Ordinal);
            Assert.Null(FourierShellCorrelation.PhaseRandomised(half1, half2, mask, One).Resolution);
            Assert.Throws<InvalidInputException>(() => SolventMasks.FromHalfMaps(half1, half2, compute: One));

            // Nor does a mask that somebody has chosen where the noise is highest.
            var mean = MapFilters.LowPass(PostProcessor.Mean(half1, half2), 5 * Pixel, 2, One);
            var chosen = SolventMasks.FromDensity(mean, mean.Voxels.Order().ElementAt(mean.Voxels.Length - 20), 2 * Pixel, 4 * Pixel, One);
            var fsc = FourierShellCorrelation.PhaseRandomised(half1, half2, chosen, One);
            Assert.Null(fsc.Resolution);
            Assert.StartsWith("no resolution: the half maps agree no more than noise does", Assert.Single(fsc.Warnings()), StringComparison.Ordinal);
        }
    }

    /// <summary>
    /// What the test takes for chance must be chance: over many maps the squares of z
    /// average to the redundancy, which imposed symmetry and empty space raise.
    /// </summary>
    [Theory]
    [InlineData("white", 32, 1.0, 1.0)]
    [InlineData("white", 33, 1.0, 1.0)]
    [InlineData("D2", 32, 3.6, 4.4)]
    [InlineData("C3", 32, 1.8, 3.2)] // interpolation makes it less than 3
    [InlineData("in a sphere", 32, 1.9, 4.0)] // neighbours in a shell and between shells, 4 together
    public void Redundancy_is_what_was_done_to_the_noise(string kind, int n, double least, double most)
    {
        double measured = 0, seen = 0;
        const int seeds = 24;
        for (var seed = 100; seed < 100 + seeds; seed++)
        {
            HalfMap half1 = NoiseMaps.Make(kind, n, Pixel, seed, 1), half2 = NoiseMaps.Make(kind, n, Pixel, seed, 2);
            var (s1, s2) = (MapSpectrum.Of(half1.Voxels, n, [], One), MapSpectrum.Of(half2.Voxels, n, [], One));
            var (chance, curve) = (ChanceCorrelation.Of(s1, s2), FourierShellCorrelation.Curve(half1, s1, s2));
            measured += chance.RedundancyInShell / seeds;
            seen += Enumerable.Range(2, (n / 2) - 2).Average(s => curve[s] * curve[s] * chance.Coefficients[s]) / seeds;
        }

        // Both are means of some 300 squares, which scatter by a tenth; none is taken to be less than 1.
        Assert.InRange(measured, 0.8 * least, 1.3 * most);
        Assert.InRange(seen, 0.75 * least, 1.25 * most);
        Assert.InRange(measured / seen, 0.75, 1.5);
    }

    [Fact]
    public void Weak_signal_is_found_and_solvent_beside_it_has_none()
    {
        // A ball of structure of a third of the noise's variance in a thirtieth of the box.
        const int n = 48;
        var (half1, half2) = BallIn(n, 0.6, white => white);
        var ball = SolventMasks.Sphere(n, Pixel, 26, 9);
        var fsc = FourierShellCorrelation.PhaseRandomised(half1, half2, ball, One);
        Assert.True(fsc.Signal.Found, $"{fsc.Signal.Score}");
        Assert.NotNull(fsc.Resolution);

        float[] aside = new float[n * n * n];
        for (var i = 0; i < aside.Length; i++)
        {
            double x = (i % n) - 40, y = (i / n % n) - 38, z = (i / (n * n)) - 24;
            aside[i] = (float)MapFilters.Edge(Math.Sqrt((x * x) + (y * y) + (z * z)) - 5, 3);
        }

        var solvent = FourierShellCorrelation.PhaseRandomised(half1, half2, new SolventMask(n, Pixel, aside), One);
        Assert.True(solvent.Signal.Found);
        Assert.Null(solvent.Resolution);
        Assert.StartsWith("no resolution: inside the mask", Assert.Single(solvent.Warnings()), StringComparison.Ordinal);
    }

    /// <summary>Beyond the end of the signal the mask must not find a resolution in noise, which one chosen from a finer filter does.</summary>
    [Theory]
    [InlineData(24)]
    [InlineData(36)]
    public void A_resolution_is_never_finer_than_the_signal(double end)
    {
        const int n = 48;
        for (var seed = 0; seed < 4; seed++)
        {
            var (half1, half2) = BallIn(n, 1.5, white => MapFilters.LowPass(white, end, 0, One), seed);
            var (mask, warning) = SolventMasks.Automatic(half1, half2, One);
            Assert.Null(warning);
            var shell = n * Pixel / FourierShellCorrelation.PhaseRandomised(half1, half2, mask, One).Resolution!.Value;
            Assert.InRange(shell, (n * Pixel / end) - 1, (n * Pixel / end) + 2.2); // two shells are not corrected for the mask, as in RELION
        }
    }

    [Fact]
    public void A_resolution_that_rests_on_the_mask_alone_is_doubted()
    {
        const int n = 48;
        FscCurve Curve(int last, double beyond) => new(n, Pixel, [.. Enumerable.Range(0, (n / 2) + 1).Select(s => s <= last ? 0.9 : beyond)]);
        var signal = new SignalTest(20, 1, SignalTest.Least);
        CorrectedFsc With(FscCurve unmasked) => new(unmasked, Curve(18, 0), Curve(4, 0), Curve(18, 0), 6, signal, signal);
        Assert.Contains(With(Curve(6, 0)).Warnings(), w => w.Contains("rests on the mask alone", StringComparison.Ordinal));

        // A tenth of the box: the unmasked curve is low, and more than chance.
        Assert.Empty(With(Curve(6, 0.1)).Warnings());
    }

    /// <summary>White structure in a ball, filtered, with noise of standard deviation 1.</summary>
    private static (HalfMap Half1, HalfMap Half2) BallIn(int n, double amplitude, Func<DensityMap, DensityMap> filter, int seed = 0)
    {
        var ball = SolventMasks.Sphere(n, Pixel, 26, 6);
        var white = new DensityMap(n, Pixel, [.. FourierShellCorrelationTests.Noise(n, 70 + seed).Voxels.Zip(ball.Voxels, (v, m) => (v + 0.5f) * m)]);
        var signal = filter(white).Voxels;
        return (Half(1), Half(2));

        HalfMap Half(int half) => new(
            n, Pixel, [.. FourierShellCorrelationTests.Noise(n, 80 + half + (10 * seed)).Voxels.Zip(signal, (e, v) => (float)(e + (amplitude * v)))], half);
    }
}
