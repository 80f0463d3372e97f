using System.Diagnostics;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.EndToEnd;

/// <summary>One half map of given particles at their poses, beside relion_reconstruct's: particles per second on one core each, FSC to the true map.</summary>
internal static class ReconstructBenchmark
{
    private const int Rounds = 2;

    public static void Run(string star, string truthPath, string? maskPath, SymmetryGroup symmetry)
    {
        var truth = MrcFile.ReadMap(truthPath);
        var mask = maskPath is null ? null : MrcFile.ReadMask(maskPath);
        var one = new ComputeOptions { Threads = 1 };
        var options = new ReconstructionOptions { Symmetry = symmetry };
        double ours = double.PositiveInfinity, theirs = double.PositiveInfinity;
        DensityMap? map = null, relion = null;
        var count = 0;
        for (var round = 0; round < Rounds; round++)
        {
            // Opening the file counts, as it does for the other program.
            var clock = Stopwatch.StartNew();
            using (var particles = StarParticles.Open(star))
            {
                var input = new ReconstructionInput(particles);
                map = new FourierReconstructor().ReconstructHalf(input, 1, options, one);
                count = input.Select(1).Count;
            }

            ours = Math.Min(ours, clock.Elapsed.TotalSeconds);
            (relion, var seconds) = Relion(star, symmetry);
            theirs = Math.Min(theirs, seconds);
        }

        Console.WriteLine($"{count} particles of half 1, symmetry {symmetry.Name}, one thread each; best of {Rounds}; load average {Machine.Load()}");
        Console.WriteLine($"gmm {ours:F2} s ({count / ours:F0} particles/s); relion_reconstruct {theirs:F2} s ({count / theirs:F0} particles/s); "
            + $"ratio {theirs / ours:F1}");
        Compare(map!, relion!, truth, mask, one);
    }

    private static void Compare(DensityMap map, DensityMap relion, DensityMap truth, SolventMask? mask, ComputeOptions compute)
    {
        var same = new DensityMap(relion.Size, truth.PixelSize, relion.Voxels);
        var mine = new DensityMap(map.Size, truth.PixelSize, map.Voxels);
        foreach (var (name, m) in new[] { ("without a mask", null), ("in the mask", mask) })
        {
            if (name == "in the mask" && m is null)
            {
                continue;
            }

            var a = FourierShellCorrelation.Between(mine, truth, m, compute);
            var b = FourierShellCorrelation.Between(same, truth, m, compute);
            Console.WriteLine();
            Console.WriteLine($"FSC to the true map, {name}:");
            Console.WriteLine("| shell | resolution A | gmm | RELION | difference |");
            Console.WriteLine("|---|---|---|---|---|");
            double least = 1, most = -1, sum = 0;
            var leastShell = 0;
            var shells = map.Size / 2;
            for (var s = 1; s <= shells; s++)
            {
                var d = a[s] - b[s];
                (least, leastShell) = d < least ? (d, s) : (least, leastShell);
                most = Math.Max(most, d);
                sum += d;
                if (s <= 5 || s % 5 == 0)
                {
                    Console.WriteLine($"| {s} | {truth.BoxLength / s:F2} | {a[s]:F4} | {b[s]:F4} | {d:+0.0000;-0.0000} |");
                }
            }

            Console.WriteLine($"difference over shells 1 to {shells}: least {least:F4} (shell {leastShell}), mean {sum / shells:F4}, most {most:F4}");
        }
    }

    private static (DensityMap Map, double Seconds) Relion(string star, SymmetryGroup symmetry)
    {
        var folder = Directory.CreateTempSubdirectory("gmm-recon-").FullName;
        try
        {
            var output = Path.Combine(folder, "relion.mrc");
            var start = new ProcessStartInfo("relion_reconstruct")
            {
                WorkingDirectory = Path.GetDirectoryName(Path.GetFullPath(star)),
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            foreach (var argument in new[] { "--i", Path.GetFullPath(star), "--o", output, "--ctf", "--subset", "1", "--sym", symmetry.Name })
            {
                start.ArgumentList.Add(argument);
            }

            var clock = Stopwatch.StartNew();
            using var process = Process.Start(start)!;
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? (MrcFile.ReadMap(output), clock.Elapsed.TotalSeconds) : throw new InvalidOperationException(error);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
