using System.Diagnostics;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;

namespace Gmm.EndToEnd;

/// <summary>
/// What one core does in each stage of an iteration, of given particles: images read, transformed, projections compared, poses found, images inserted, in
/// seconds of processor time, with the bandwidth of copying beside it.
/// </summary>
internal static class StageBenchmark
{
    private const int Images = 400;
    private const int Rounds = 5;

    public static void Run(string star, double resolution)
    {
        var one = new ComputeOptions { Threads = 1 };
        using var particles = StarParticles.Open(star);
        var source = PreparedParticles.Of(particles, new ImageOptions(), one);
        var indices = new ReconstructionInput(source).Select(1).Take(Images).ToArray();
        var map = new FourierReconstructor().ReconstructHalf(new(source), 1, new ReconstructionOptions(), one);
        var model = new ModelBuilder().Build(map, SolventMasks.Automatic(map, map, one).Mask, new ModelBuildOptions { Resolution = resolution }, one).Model;
        var optics = source.OpticsGroups[0];
        Console.WriteLine(
            $"{indices.Length} images of box {optics.ImageSize}, {optics.PixelSize} A; {model.Count} Gaussians, {resolution} A; best of {Rounds}, one core");
        Console.WriteLine();
        Console.WriteLine("| stage | ms a particle | particles/s |");
        Console.WriteLine("|---|---|---|");
        Row("read from the system's cache", Read(particles, indices));
        Row("read, background, transform to Nyquist, CTF", Transform(source, indices, 2 * optics.PixelSize));
        Row($"the same to {resolution} A", Transform(source, indices, resolution));
        var projector = new GriddingProjector(model, FourierDisc.ForResolution(optics.ImageSize, optics.PixelSize, resolution));
        Row("projection", Project(source, indices, projector, withDerivatives: false));
        Row("projection with derivatives", Project(source, indices, projector, withDerivatives: true));
        var grid = new ReconstructionGrid(optics.ImageSize, optics.PixelSize, new FourierReconstructor().PaddingFactor);
        var insertion = Insert(source, indices, grid);
        Row("insertion into the sums", insertion);
        var traffic = Traffic(optics, grid);
        var copied = CopyBytesPerSecond();
        Console.WriteLine();
        Console.WriteLine(
            $"copying {copied / 1e9:F1} GB/s; insertion reads and writes {traffic / 1e6:F1} MB a particle, {traffic / insertion / 1e9:F1} GB/s; "
            + $"load average {Machine.Load()} at the end");
    }

    private static void Row(string stage, double seconds) => Console.WriteLine($"| {stage} | {seconds * 1e3:F3} | {1 / seconds:F0} |");

    /// <summary>Seconds of processor time a particle, the least of some rounds.</summary>
    private static double Best(int count, Action body)
    {
        var best = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = Environment.CpuUsage.TotalTime;
            body();
            best = Math.Min(best, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
        }

        return best / count;
    }

    private static double Read(StarParticles source, int[] indices)
    {
        var pixels = new float[source.OpticsGroups.Max(g => g.ImageSize * g.ImageSize)];
        return Best(indices.Length, () =>
        {
            foreach (var i in indices)
            {
                var size = source.OpticsGroups[source.Particles[i].OpticsIndex].ImageSize;
                source.ReadImage(i, pixels.AsSpan(0, size * size));
            }
        });
    }

    private static double Transform(PreparedParticles source, int[] indices, double resolution)
    {
        var images = new ParticleImages(source, resolution);
        var most = source.OpticsGroups.Select((_, g) => images.Disc(g).Count).Max();
        float[] re = new float[most], im = new float[most], transfer = new float[most];
        return Best(indices.Length, () =>
        {
            foreach (var i in indices)
            {
                images.Read(i, re, im, transfer);
            }
        });
    }

    private static double Project(PreparedParticles source, int[] indices, GriddingProjector projector, bool withDerivatives)
    {
        var jacobian = new PoseJacobian<float>(projector.Disc);
        var scratch = projector.CreateScratch();
        return Best(indices.Length, () =>
        {
            foreach (var i in indices)
            {
                var pose = source.Particles[i].Pose;
                if (withDerivatives)
                {
                    projector.ProjectWithPoseDerivatives(pose, jacobian, scratch);
                }
                else
                {
                    projector.Project(pose, jacobian.Re, jacobian.Im, scratch);
                }
            }
        });
    }

    private static double Insert(PreparedParticles source, int[] indices, ReconstructionGrid grid)
    {
        var images = new ParticleImages(source, 2 * grid.PixelSize);
        var sums = new FourierAccumulator(grid);
        var slices = new List<FourierSlice>();
        foreach (var i in indices.Take(100))
        {
            var particle = source.Particles[i];
            var disc = images.Disc(particle.OpticsIndex);
            float[] re = new float[disc.Count], im = new float[disc.Count], transfer = new float[disc.Count];
            images.Read(i, re, im, transfer);
            var slice = sums.CreateSlice();
            slice.Set(disc, particle.Pose, re, im, transfer, source.OpticsGroups[particle.OpticsIndex].CtfState);
            slices.Add(slice);
        }

        return Best(slices.Count, () => sums.Insert(slices, new ComputeOptions { Threads = 1 }));
    }

    /// <summary>Bytes that an image's coefficients read and write: a cell of three numbers, 64 cells a coefficient.</summary>
    private static double Traffic(OpticsGroup optics, ReconstructionGrid grid) =>
        2.0 * 3 * sizeof(double) * 64 * FourierDisc.ForResolution(optics.ImageSize, optics.PixelSize, 2 * grid.PixelSize).Count;

    private static double CopyBytesPerSecond()
    {
        // Beyond any cache.
        double[] from = new double[1 << 24], to = new double[1 << 24];
        var best = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var clock = Stopwatch.GetTimestamp();
            from.CopyTo(to, 0);
            best = Math.Min(best, Stopwatch.GetElapsedTime(clock).TotalSeconds);
        }

        return 2.0 * sizeof(double) * from.Length / best;
    }
}
