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

    /// <summary>Standard deviation of the starts' rotations, three axes together, degrees: what --tilt-rotation-sigma would say.</summary>
    private const double StartSigma = 6;
    private static readonly double[] Noises = [1.7, 2.4, 3.4];

    public static void Run(int count)
    {
        Console.WriteLine($"{count} particles of {Tilts} tilts {Step} degrees apart; box 40, 4 A, 10 A; starts about 6 degrees and 5 A off.");
        Console.WriteLine();
        Console.WriteLine(
            "| noise of a pixel | prior, degrees | bound, degrees | rms rotation over bound | beyond 3 bounds | the others over bound | normalised | "
            + "ms per particle |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var (noise, sigma) in Noises.SelectMany(n => new[] { (n, 0.0), (n, StartSigma) }))
        {
            var errors = new List<(double Square, double Bound, double Normalised)>();
            double seconds = 0;
            for (var b = 0; b < count / Batch; b++)
            {
                var series = new SimulatedSeries(Batch, Tilts, Step, noise, 100 + b);
                var clock = Stopwatch.StartNew();
                var found = series.Refine(new TiltSeriesPrior { RotationSigmaDegrees = sigma });
                seconds += clock.Elapsed.TotalSeconds;
                errors.AddRange(series.ErrorsOf(found));
            }

            static double Ratio(IEnumerable<(double Square, double Bound, double Normalised)> some) =>
                Math.Sqrt(some.Sum(e => e.Square) / some.Sum(e => e.Bound));
            var near = errors.Where(e => e.Square < 9 * e.Bound).ToList();
            Console.WriteLine(
                $"| {noise} | {sigma} | {Math.Sqrt(errors.Average(e => e.Bound)) * (180 / Math.PI):F2} | {Ratio(errors):F3} | {errors.Count - near.Count} | "
                + $"{Ratio(near):F3} | {errors.Average(e => e.Normalised):F3} | {1000 * seconds / errors.Count:F0} |");
        }
    }
}
