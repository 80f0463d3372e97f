using System.Diagnostics;
using Gmm.Refinement;
using Gmm.TestData;

namespace Gmm.EndToEnd;

/// <summary>Pose errors of simulated tilt series in white noise of known power, with the true model, beside the Cramer-Rao bound.</summary>
internal static class TiltSeriesBenchmark
{
    private const int Tilts = 41;
    private const double Step = 3;

    /// <summary>Particles made at once: their images are held in memory.</summary>
    private const int Batch = 100;
    private static readonly double[] Noises = [1.7, 3.4, 6.8];

    public static void Run(int count)
    {
        Console.WriteLine($"{count} particles of {Tilts} tilts {Step} degrees apart; box 40, 4 A, 10 A; starts about 6 degrees and 5 A off.");
        Console.WriteLine();
        Console.WriteLine("| noise of a pixel | rms rotation over bound | normalised | not refined | ms per particle |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var noise in Noises)
        {
            double squares = 0, normalised = 0, seconds = 0;
            var (failed, batches) = (0, count / Batch);
            for (var b = 0; b < batches; b++)
            {
                var series = new SimulatedSeries(Batch, Tilts, Step, noise, 100 + b);
                var clock = Stopwatch.StartNew();
                var found = series.Refine();
                seconds += clock.Elapsed.TotalSeconds;
                failed += found.Count(e => e!.Status != PoseStatus.Refined) / Tilts;
                var (over, own) = series.Errors(found);
                (squares, normalised) = (squares + (over * over / batches), normalised + (own / batches));
            }

            Console.WriteLine($"| {noise} | {Math.Sqrt(squares):F3} | {normalised:F3} | {failed} | {1000 * seconds / (batches * Batch):F0} |");
        }
    }
}
