using System.Globalization;
using Gmm.Core;
using Gmm.Maps;
using Gmm.Refinement;
using Gmm.Simulation;

namespace Gmm.EndToEnd;

/// <summary>
/// What is reported of noise: half maps of several kinds with the automatic mask, with a mask chosen as it was before there was a test of the maps (where the
/// low-passed mean stands out), and particles of pure noise through the whole refinement.
/// </summary>
internal static class NoiseBenchmark
{
    private const double Pixel = 3.5;

    public static void Run(int seeds, int[] boxes)
    {
        Console.WriteLine($"{seeds} seeds each. 'finer': a resolution better than a quarter of the box. The score is that of the unmasked maps; "
            + $"{SignalTest.Least} is signal.");
        Console.WriteLine();
        Console.WriteLine("| box | noise | mean redundancy | score, mean | score, highest | a resolution | finer | tight mask of the noise itself: "
            + "test passed by mistake |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var n in boxes)
        {
            foreach (var kind in NoiseMaps.Kinds)
            {
                var rows = new (SignalTest Signal, double? Resolution, double? Chosen)[seeds];
                Parallel.For(0, seeds, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, s => rows[s] = Measure(kind, n, s));
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {n} | {kind} | {rows.Average(r => r.Signal.Redundancy):F2} | {rows.Average(r => r.Signal.Score):F2} | "
                    + $"{rows.Max(r => r.Signal.Score):F2} | {rows.Count(r => r.Resolution is not null)} | "
                    + $"{rows.Count(r => r.Resolution < n * Pixel / 4)} | {rows.Count(r => r.Chosen is not null)} |"));
            }
        }
    }

    /// <summary>Particles of pure noise, refined.</summary>
    public static void Refine(int seeds)
    {
        Console.WriteLine("| box | symmetry | seeds | particles | start: a resolution | end: a resolution | poses changed | verdict |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var (n, group, count) in new[] { (64, "C1", 120), (64, "D2", 120), (128, "C1", 60) })
        {
            var verdicts = new List<VerdictOutcome>();
            int start = 0, end = 0, moved = 0;
            for (var seed = 0; seed < seeds; seed++)
            {
                var options = new SimulationOptions { ParticleCount = count, BoxSize = n, PixelSize = Pixel, Snr = 1, PureNoise = true, DisturbDegrees = 4 };
                var compute = new ComputeOptions { Seed = seed };
                var particles = new ParticleSimulator(Ball(n), options, compute).AsSource(disturbed: true);
                var loop = new RefinementLoop(particles, new RefinementOptions { Symmetry = SymmetryGroup.Parse(group) }, compute);
                var state = loop.Start();
                start += state.Resolution is null ? 0 : 1;
                var (first, before) = (state, state.Poses);
                while (!loop.IsFinished(state))
                {
                    state = loop.Next(state);
                }

                end += state.Resolution is null ? 0 : 1;
                verdicts.Add(loop.Judge(first, state).Outcome);
                moved += state.Poses.SequenceEqual(before) ? 0 : 1;
            }

            Console.WriteLine($"| {n} | {group} | {seeds} | {count} | {start} | {end} | {moved} | {string.Join(", ", verdicts.Distinct())} |");
        }
    }

    private static (SignalTest Signal, double? Resolution, double? Chosen) Measure(string kind, int n, int seed)
    {
        var compute = new ComputeOptions { Threads = 1 };
        HalfMap half1 = NoiseMaps.Make(kind, n, Pixel, seed, 1), half2 = NoiseMaps.Make(kind, n, Pixel, seed, 2);
        var (mask, _) = SolventMasks.Automatic(half1, half2, compute);
        var fsc = FourierShellCorrelation.PhaseRandomised(half1, half2, mask, compute);

        // What the mask was before: the places where the low-passed mean is highest.
        var mean = MapFilters.LowPass(new HalfMapPair(half1, half2, 1, 1).Mean(), 5 * Pixel, 2, compute);
        var peak = mean.Voxels.Order().ElementAt(mean.Voxels.Length - 50);
        var chosen = SolventMasks.FromDensity(mean, peak, 2 * Pixel, 4 * Pixel, compute);
        return (fsc.Signal, fsc.Resolution, FourierShellCorrelation.PhaseRandomised(half1, half2, chosen, compute).Resolution);
    }

    private static SimulatedAtom[] Ball(int n)
    {
        var random = new SeededGenerator(1, 2300, 0);
        return [.. Enumerable.Range(0, 200).Select(_ =>
        {
            var (x, y, z) = (random.Normal(), random.Normal(), random.Normal());
            return new SimulatedAtom(n * Pixel * 0.1 * x, n * Pixel * 0.1 * y, n * Pixel * 0.1 * z, "C", 50, 1);
        })];
    }
}
