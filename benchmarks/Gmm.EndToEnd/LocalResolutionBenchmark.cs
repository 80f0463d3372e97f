using System.Diagnostics;
using System.Globalization;
using Gmm.Core;
using Gmm.Maps;

namespace Gmm.EndToEnd;

/// <summary>Local resolution of three slabs of known resolution, over signal to noise, two ways in which a signal ends, and both methods.</summary>
internal static class LocalResolutionBenchmark
{
    private const int Size = 120;
    private const double Pixel = 1.3;
    private static readonly double[] s_known = [3, 5, 8];

    public static void Run()
    {
        Console.WriteLine($"Three slabs of {Size * Pixel / 3:0} A (periodic: each between the two others), "
            + "median in the slab's middle (8 A margin) / in the whole slab, quarter to three quarters of the middle.");
        Console.WriteLine();
        Console.WriteLine("| signal ends | SNR | method | 3 A | 5 A | 8 A | s |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var end in new[] { "sharply", "smoothly", "sharply, B 80" })
        {
            foreach (var snr in new[] { 1.0, 3.3, 11, 20 })
            {
                var (half1, half2) = Halves(end, snr);
                foreach (var method in new[] { "bands", "windows" })
                {
                    var clock = Stopwatch.StartNew();
                    var result = method == "bands" ? LocalResolution.Measure(half1, half2) : LocalResolution.MeasureInWindows(half1, half2);
                    var seconds = clock.Elapsed.TotalSeconds;
                    var cells = Enumerable.Range(0, 3).Select(k =>
                    {
                        var q = result.Quantiles(Slab(k, 8), 0.25, 0.5, 0.75);
                        return string.Create(CultureInfo.InvariantCulture, $"{q[1]:F2} / {result.Quantiles(Slab(k, 0), 0.5)[0]:F2} ({q[0]:F2}-{q[2]:F2})");
                    });
                    Console.WriteLine(
                        string.Create(CultureInfo.InvariantCulture, $"| {end} | {snr} | {method} | {string.Join(" | ", cells)} | {seconds:F1} |"));
                }
            }
        }
    }

    /// <summary>White noise in each slab is the signal: cut at the slab's resolution, or falling to the ratio of FSC 0.143 there as a Gaussian.</summary>
    private static (HalfMap Half1, HalfMap Half2) Halves(string end, double snr)
    {
        var signal = new float[Size * Size * Size];
        for (var k = 0; k < s_known.Length; k++)
        {
            var white = new DensityMap(Size, Pixel, Noise(30 + k));
            var d = s_known[k];
            var fall = Math.Log(snr / (0.143 / 0.857));
            var slab = end switch
            {
                "sharply" => MapFilters.LowPass(white, d, 0),
                "smoothly" => MapFilters.ByShell(white, [.. Shells().Select(f => Math.Exp(-0.5 * fall * f * f * d * d))]),
                _ => MapFilters.LowPass(MapFilters.ByShell(white, [.. Shells().Select(f => Math.Exp(-80 / 4.0 * f * f))]), d, 0),
            };
            var from = k * Size / 3 * Size * Size;
            slab.Voxels.AsSpan(from, Size / 3 * Size * Size).CopyTo(signal.AsSpan(from));
        }

        return (Half(1), Half(2));

        HalfMap Half(int half) => new(Size, Pixel, [.. Noise(50 + half).Zip(signal, (e, s) => (float)((Math.Sqrt(snr) * s) + e))], half);
        static IEnumerable<double> Shells() => Enumerable.Range(0, Size).Select(s => s / (Size * Pixel));
    }

    private static SolventMask Slab(int k, double margin)
    {
        var voxels = new float[Size * Size * Size];
        for (var i = 0; i < voxels.Length; i++)
        {
            var place = ((i / (Size * Size)) - (k * Size / 3)) * Pixel;
            voxels[i] = place >= margin && place < (Size * Pixel / 3) - margin ? 1 : 0;
        }

        return new SolventMask(Size, Pixel, voxels);
    }

    private static float[] Noise(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Size * Size * Size)
            .Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
    }
}
