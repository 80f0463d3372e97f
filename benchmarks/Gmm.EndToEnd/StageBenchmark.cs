using System.Diagnostics;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;

namespace Gmm.EndToEnd;

/// <summary>
/// What one core does in each stage of an iteration, of given particles: images read, transformed, projections compared, poses found, images inserted, models
/// fitted, in seconds of processor time, with the bandwidth of copying beside it and what share each has of an iteration of more particles.
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
        var transform = Transform(source, indices, 2 * optics.PixelSize);
        Row("read, background, transform to Nyquist, CTF", transform);
        Row($"the same to {resolution} A", Transform(source, indices, resolution));
        var projector = new GriddingProjector(model, FourierDisc.ForResolution(optics.ImageSize, optics.PixelSize, resolution));
        Row("projection", Project(source, indices, projector, withDerivatives: false));
        Row("projection with derivatives", Project(source, indices, projector, withDerivatives: true));
        var poses = Refine(source, indices, model, resolution);
        Row($"pose found, the image read and transformed to {resolution} A for it", poses);
        var grid = new ReconstructionGrid(optics.ImageSize, optics.PixelSize, new FourierReconstructor().PaddingFactor);
        var insertion = Insert(source, indices, grid);
        Row("insertion into the sums", insertion);
        var traffic = Traffic(optics, grid);
        var copied = CopyBytesPerSecond();
        Console.WriteLine();
        Console.WriteLine(
            $"copying {copied / 1e9:F1} GB/s; insertion reads and writes {traffic / 1e6:F1} MB a particle, {traffic / insertion / 1e9:F1} GB/s, "
            + $"in {copied * insertion / traffic:F2} of the time that copying as much takes");
        Shares(Models(map, resolution, one), Finish(map, grid, one), (poses, transform + insertion));
        Console.WriteLine($"load average {Machine.Load()} at the end");
    }

    /// <summary>Which part of an iteration is which, by the figures above.</summary>
    private static void Shares(double fit, double finish, (double Pose, double Insertion) particle)
    {
        Console.WriteLine();
        Console.WriteLine(
            "| an iteration, processor seconds | both models fitted | poses | transformed once more and inserted | maps finished, FSC | poses, of all |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var count in new[] { 4000, 40000, 400000 })
        {
            var (poses, insertion) = (count * particle.Pose, count * particle.Insertion);
            var all = fit + poses + insertion + finish;
            Console.WriteLine($"| {count} particles | {fit:F1} | {poses:F1} | {insertion:F1} | {finish:F1} | {poses / all:P0} |");
        }

        Console.WriteLine();
    }

    /// <summary>Two fits, as those of the halves.</summary>
    private static double Models(HalfMap map, double resolution, ComputeOptions one)
    {
        var mask = SolventMasks.Automatic(map, map, one).Mask;
        return 2 * Best(1, () => new ModelBuilder().Build(map, mask, new ModelBuildOptions { Resolution = resolution }, one));
    }

    /// <summary>Two maps made of their sums, and compared.</summary>
    private static double Finish(HalfMap map, ReconstructionGrid grid, ComputeOptions one)
    {
        var mask = SolventMasks.Automatic(map, map, one).Mask;
        var other = new HalfMap(map.Size, map.PixelSize, map.Voxels, 2);
        var sums = new FourierAccumulator(grid);
        return Best(1, () =>
        {
            sums.Finish(one);
            sums.Finish(one);
            FourierShellCorrelation.PhaseRandomised(map, other, mask, one);
        });
    }

    private static double Refine(PreparedParticles source, int[] indices, GaussianModel model, double resolution)
    {
        var one = new ComputeOptions { Threads = 1 };
        var options = new RefinementOptions();
        Pose[] starts = [.. source.Particles.Select(p => p.Pose)];
        var references = new PoseReferenceFactory(source, options, resolution).Make(model, indices, starts, one, default);
        var results = new PoseEstimate?[source.Particles.Count];
        var refiner = new ParticlePoseRefiner(source, options.Optimizer, references, resolution);
        return Best(indices.Length, () => refiner.Refine(indices, starts, results, one));
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
