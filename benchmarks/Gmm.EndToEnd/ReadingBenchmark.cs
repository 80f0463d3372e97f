using System.Diagnostics;
using Gmm.IO;

namespace Gmm.EndToEnd;

/// <summary>How fast a STAR file becomes particles, and images of a stack are read one by one, beside reading the bytes alone.</summary>
internal static class ReadingBenchmark
{
    public static void Star(string path)
    {
        var (clock, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        using var particles = StarParticles.Open(path, new StarParticlesOptions { RequireImages = false, RequireBothHalves = false });
        Console.WriteLine(
            $"{particles.Particles.Count} particles, {particles.Table.Labels.Count} columns, {new FileInfo(path).Length / 1e6:F0} MB: "
            + $"{clock.Elapsed.TotalSeconds:F2} s, {(Environment.CpuUsage.TotalTime - cpu).TotalSeconds:F2} s of the processor, "
            + $"{Process.GetCurrentProcess().PeakWorkingSet64 / 1e9:F2} GB at most");
    }

    /// <param name="path">The stack.</param>
    /// <param name="imagesFirst">Whether the images are read before the bytes: of a file that the system has no copy of in memory, say.</param>
    public static void Stack(string path, bool imagesFirst)
    {
        var megabytes = new FileInfo(path).Length / 1e6;
        string Speed(Action read)
        {
            var (clock, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            read();
            return $"{megabytes / clock.Elapsed.TotalSeconds:F0} MB/s ({(Environment.CpuUsage.TotalTime - cpu).TotalSeconds:F2} s of the processor)";
        }

        void Bytes()
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
            var buffer = new byte[1 << 20];
            while (file.Read(buffer) > 0)
            {
            }
        }

        void Images()
        {
            using var stack = MrcStack.Open(path);
            var pixels = new float[stack.Width * stack.Height];
            for (var i = 0; i < stack.Count; i++)
            {
                stack.ReadImage(i, pixels);
            }
        }

        for (var round = 0; round < 3; round++)
        {
            var (first, second) = imagesFirst ? (Speed(Images), Speed(Bytes)) : (Speed(Bytes), Speed(Images));
            var (bytes, images) = imagesFirst ? (second, first) : (first, second);
            Console.WriteLine($"{megabytes:F0} MB: bytes alone {bytes}, images one by one {images}");
        }
    }
}
