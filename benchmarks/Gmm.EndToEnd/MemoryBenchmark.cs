using System.Diagnostics;
using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;
using Gmm.Simulation;

namespace Gmm.EndToEnd;

/// <summary>
/// Peak memory of one iteration of a refinement at the paper's larger size, for different numbers of particles, each in a process of its own.
/// </summary>
internal static class MemoryBenchmark
{
    private const int Gaussians = 15174;
    private const int Box = 256;
    private const double PixelSize = 0.84;
    private const double Resolution = 2.8;
    private const int Atoms = 20000;

    public static void Run(int[] counts)
    {
        Console.WriteLine($"N={Gaussians}, box {Box}, {PixelSize} A, {Resolution} A, one iteration, {Environment.ProcessorCount} threads.");
        Console.WriteLine();
        Console.WriteLine("| particles | peak resident MB | wall s | fit s | poses s | maps s |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var count in counts)
        {
            var folder = Directory.CreateTempSubdirectory("gmm-memory-").FullName;
            try
            {
                Simulate(folder, count);
                using var child = Process.Start(new ProcessStartInfo(
                    Environment.ProcessPath!, ["memory-child", Path.Combine(folder, "disturbed.star"), Gaussians.ToString(), Path.Combine(folder, "run")])
                {
                    RedirectStandardOutput = true,
                })!;
                var row = child.StandardOutput.ReadToEnd().Trim();
                child.WaitForExit();
                Console.WriteLine($"| {count} | {row} |");
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        Console.WriteLine();
        Console.WriteLine($"load average {Machine.Load()} at the end");
    }

    /// <summary>The process that is measured: one iteration, then its peak memory and times on one line.</summary>
    public static void Child(string star, int gaussians, string folder)
    {
        using var particles = StarParticles.Open(star);
        var options = new RefinementOptions { Gaussians = gaussians, Iterations = 1, StartResolution = Resolution };
        var progress = Environment.GetEnvironmentVariable("GMM_TRACE") is null ? null : new StagePeaks();
        var record = new RefinementJob(particles, options, new ComputeOptions(), new JobOptions { Folder = folder }).Run(progress);
        var s = record.Iterations[^1].Statistics!;
        Console.WriteLine($"{Machine.PeakMegabytes():F0} | {record.WallSeconds:F1} | {s.FitSeconds:F1} | {s.PoseSeconds:F1} | {s.ReconstructionSeconds:F1}");
    }

    private static void Simulate(string folder, int count)
    {
        var model = SampleModel.Make(Atoms, Box, PixelSize, Resolution, fittedWidths: false);
        SimulatedAtom[] atoms = [.. Enumerable.Range(0, Atoms).Select(i => new SimulatedAtom(model.X[i], model.Y[i], model.Z[i], "C", 30, 1))];
        var simulator = new ParticleSimulator(atoms, new SimulationOptions { ParticleCount = count, BoxSize = Box, PixelSize = PixelSize, Snr = 0.2 });
        using (var stack = new MrcStackWriter(Path.Combine(folder, "particles.mrcs"), Box, Box, PixelSize))
        {
            simulator.Render((_, pixels) => stack.Write(pixels));
            stack.Complete();
        }

        StarParticles.WriteParticleStar(
            Path.Combine(folder, "disturbed.star"), simulator.OpticsGroups, simulator.DisturbedParticles,
            [.. Enumerable.Range(0, count).Select(i => StarParticles.ImageName(i, "particles.mrcs"))], []);
    }

    /// <summary>Says on standard error how high the peak is after each stage (environment variable GMM_TRACE).</summary>
    private sealed class StagePeaks : IProgress<RefinementProgress>
    {
        private RefinementStage? _last;

        public void Report(RefinementProgress value)
        {
            if (value.Stage != _last)
            {
                _last = value.Stage;
                Console.Error.WriteLine($"iteration {value.Iteration}, first report of {value.Stage}: peak {Machine.PeakMegabytes():F0} MB, "
                    + $"now {Environment.WorkingSet / 1e6:F0} MB, managed {GC.GetTotalMemory(false) / 1e6:F0} MB");
            }
        }
    }
}
