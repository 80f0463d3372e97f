using System.Diagnostics;
using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.EndToEnd;

/// <summary>Whole pose refinement of particles on one thread: image transform, CTF, preparation, optimizer, covariance.</summary>
internal static class PoseBenchmark
{
    private const int Rounds = 5;
    private const double Snr = 0.3;
    private const double BFactor = 40;

    private sealed record Setting(string Name, RefinementOptions Options, bool FromResult);

    private static readonly Setting[] Settings =
    [
        new("LM whitened, from 3 degrees, 1 A", new RefinementOptions(), false),
        new("LM whitened, from 0.5 degrees, 0.2 A", new RefinementOptions(), true),
        new("Adam FRC, 10 steps (published)", new RefinementOptions { Optimizer = new AdamPoseOptimizer(), Scorer = Scorers.RingCorrelation }, false),
    ];

    public static void Run(int count)
    {
        Console.WriteLine("| case | settings | particles/s (best / median) | per second of processor time (best) | mean steps | projections a "
            + "particle: alone + with derivatives | rms before | rms after |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        Measure(7374, 240, 0.86, 3, count);
        Measure(7374, 196, 1, 3, count);
        Console.WriteLine();
        Console.WriteLine($"{count} images of the model, envelope B = {BFactor} A^2, white noise, SNR {Snr} over the silhouette; poses 3 degrees and "
            + $"1 A rms off unless said; one thread; {Rounds} rounds in turn. Processor time leaves out the time when other programs had the core.");
        Console.WriteLine($"load average {Machine.Load()} at the end");
    }

    private static void Measure(int gaussians, int box, double pixelSize, double resolution, int count)
    {
        var model = SampleModel.Make(gaussians, box, pixelSize, resolution, fittedWidths: true);
        var images = new SimulatedImages(model, resolution, count, 3, 1, BFactor);
        var source = images.WithNoise(images.Sigma(Snr));
        var compute = new ComputeOptions { Threads = 1 };
        int[] all = [.. Enumerable.Range(0, count)];
        Pose[] near = [.. all.Select(i =>
        {
            var random = new SeededGenerator(11, 105, i);
            return SimulatedImages.Disturb(images.Particles[i].Pose, 0.5, 0.2, ref random);
        })];
        var seconds = new double[Settings.Length][];
        var processor = new double[Settings.Length];
        Array.Fill(processor, double.MaxValue);
        var rows = new (PoseErrorSums Errors, PoseErrorSums Before, double Values, double Derivatives)[Settings.Length];
        for (var round = -1; round < Rounds; round++)
        {
            for (var s = 0; s < Settings.Length; s++)
            {
                var setting = Settings[s];
                var starts = setting.FromResult ? near : images.Starts;
                var (references, counters) = Counted(new PoseReferenceFactory(source, setting.Options, resolution).Make(model, all, starts, compute, default));
                var results = new PoseEstimate?[count];
                var before = Environment.CpuUsage.TotalTime;
                var clock = Stopwatch.GetTimestamp();
                new ParticlePoseRefiner(source, setting.Options.Optimizer, references, resolution).Refine(all, starts, results, compute);
                if (round < 0)
                {
                    seconds[s] = new double[Rounds];
                    var unchanged = starts.Select(p => new PoseEstimate(p, default, default, null, 0, PoseStatus.Refined)).ToArray();
                    rows[s] = (PoseErrorSums.Of(images.Particles, results), PoseErrorSums.Of(images.Particles, unchanged),
                        counters.Sum(c => c.Calls.Values) / (double)count, counters.Sum(c => c.Calls.Derivatives) / (double)count);
                    continue;
                }

                seconds[s][round] = Stopwatch.GetElapsedTime(clock).TotalSeconds;
                processor[s] = Math.Min(processor[s], (Environment.CpuUsage.TotalTime - before).TotalSeconds);
            }
        }

        for (var s = 0; s < Settings.Length; s++)
        {
            var (errors, start, values, derivatives) = rows[s];
            Console.WriteLine(
                $"| N={gaussians}, box {box}, {pixelSize} A, {resolution} A | {Settings[s].Name} | {count / seconds[s].Min():F0} / "
                + $"{count / seconds[s].Order().ElementAt(Rounds / 2):F0} | {count / processor[s]:F0} | {errors.MeanSteps:F2} | "
                + $"{values:F2} + {derivatives:F2} | {Text(start.Rms)} | {Text(errors.Rms)} |");
        }
    }

    private static string Text((double Degrees, double Angstrom) rms) => $"{rms.Degrees:F2} deg, {rms.Angstrom:F2} A";

    private static (PoseReference?[] References, CountingProjector[] Counters) Counted(PoseReference?[] references)
    {
        var bands = references[0]!.Bands.Select(b => b with { Projector = new CountingProjector(b.Projector) }).ToArray();
        return ([new PoseReference(bands)], [.. bands.Select(b => (CountingProjector)b.Projector)]);
    }
}
