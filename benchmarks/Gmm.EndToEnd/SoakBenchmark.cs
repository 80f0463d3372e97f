using System.Diagnostics;
using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;

namespace Gmm.EndToEnd;

/// <summary>Small refinements one after the other in one process, for minutes: memory must stay flat.</summary>
internal static class SoakBenchmark
{
    public static void Run(string star, double minutes, double resolution)
    {
        Console.WriteLine("| minutes | runs | resident MB | of it managed, after a collection |");
        Console.WriteLine("|---|---|---|---|");
        var clock = Stopwatch.StartNew();
        var rows = new List<double>();
        for (var runs = 1; rows.Count <= minutes; runs++)
        {
            Once(star, resolution);
            if (clock.Elapsed.TotalMinutes >= rows.Count || runs == 1)
            {
                GC.Collect();
                var resident = Environment.WorkingSet / 1e6;
                Console.WriteLine($"| {clock.Elapsed.TotalMinutes:F1} | {runs} | {resident:F0} | {GC.GetTotalMemory(true) / 1e6:F1} |");
                rows.Add(resident);
            }
        }

        Console.WriteLine();
        Console.WriteLine($"from the second row to the last {rows[^1] - rows[1]:+0.0;-0.0} MB; load average {Machine.Load()} at the end");
    }

    private static void Once(string star, double resolution)
    {
        var folder = Directory.CreateTempSubdirectory("gmm-soak-").FullName;
        try
        {
            using var particles = StarParticles.Open(star);
            var options = new RefinementOptions { Iterations = 1, MaxResolution = resolution };
            new RefinementJob(particles, options, new ComputeOptions(), new JobOptions { Folder = Path.Combine(folder, "run") }).Run();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
