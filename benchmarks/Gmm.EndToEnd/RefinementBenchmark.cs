using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;

namespace Gmm.EndToEnd;

/// <summary>A refinement of given particles: rates of each stage, wall time, peak memory.</summary>
internal static class RefinementBenchmark
{
    public static void Run(string star, int iterations)
    {
        var folder = Directory.CreateTempSubdirectory("gmm-e2e-").FullName;
        try
        {
            using var particles = StarParticles.Open(star);
            var options = new RefinementOptions { Iterations = iterations };
            var record = new RefinementJob(particles, options, new ComputeOptions(), new JobOptions { Folder = folder }).Run();
            var n = record.Particles;
            Console.WriteLine($"{n} particles, {record.Threads} threads");
            Console.WriteLine();
            Console.WriteLine(
                "| iteration | limit A | resolution A | Gaussians | fit s | poses s (particles/s) | maps s (particles/s) | mean steps | total s |");
            Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
            foreach (var iteration in record.Iterations.Where(i => i.Statistics is not null))
            {
                var s = iteration.Statistics!;
                Console.WriteLine(
                    $"| {iteration.Iteration} | {iteration.PreviousLimit:F2} | {iteration.Resolution:F2} | {s.Gaussians.Half1}, "
                    + $"{s.Gaussians.Half2} | {s.FitSeconds:F1} | {s.PoseSeconds:F1} ({s.ParticlesPerSecond:F0}) | "
                    + $"{s.ReconstructionSeconds:F1} ({n / s.ReconstructionSeconds:F0}) | {s.MeanSteps:F1} | {s.TotalSeconds:F1} |");
            }

            Console.WriteLine();
            Console.WriteLine($"wall {record.WallSeconds:F1} s, {record.StopReason}; peak {Machine.PeakMegabytes():F0} MB; "
                + $"load average {Machine.Load()} at the end");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
