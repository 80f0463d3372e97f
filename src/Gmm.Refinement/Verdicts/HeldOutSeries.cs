using System.Collections.Concurrent;
using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary><see cref="HeldOutPoses"/> of tilt series: a particle is found by one half of the coefficients of all its images and judged by the other.</summary>
/// <param name="source">The images; their poses in it have the tilts.</param>
/// <param name="series">Which images show the same particle.</param>
/// <param name="optimizer">Finds a pose.</param>
/// <param name="references">For each optics group its reference, made of the other half.</param>
/// <param name="resolution">The finest band of the references, angstrom.</param>
internal sealed class HeldOutSeries(
    IParticleSource source, TiltSeries series, SeriesOptimizer optimizer, IReadOnlyList<PoseReference?> references, double resolution) : IHeldOut
{
    private readonly ParticleImages _images = new(source, resolution);

    /// <inheritdoc/>
    public double[] Gains(IReadOnlyList<int> indices, Func<int, Pose> start, ComputeOptions compute, CancellationToken cancellationToken)
    {
        int[][] particles = [.. series.Among(indices)];
        var gains = new double[particles.Length];
        var workers = new ConcurrentBag<SeriesWorkspace[]>();
        var parallel = compute.StoppedBy(cancellationToken).Parallelism;
        Guarded.For(
            0,
            particles.Length,
            parallel,
            () => workers.TryTake(out var worker) ? worker : [new SeriesWorkspace(references), new SeriesWorkspace(references)],
            (n, _, worker) =>
            {
                gains[n] = Gain(worker, particles[n], start, compute.Seed);
                return worker;
            },
            workers.Add);
        return gains;
    }

    private double Gain(SeriesWorkspace[] sets, int[] members, Func<int, Pose> start, int seed)
    {
        var used = Read(sets, members, seed);
        if (used.Count == 0)
        {
            return double.NaN;
        }

        var geometry = new SeriesGeometry(source.Particles, used);
        var first = geometry.Split([.. used.Select(start)]);
        double gain = 0;
        for (var set = 0; set < 2; set++)
        {
            if (optimizer.Optimize(sets[set], geometry, first).Pose is not { } found)
            {
                return double.NaN;
            }

            var judge = sets[1 - set];
            gain += SeriesClimb.Likelihood(judge, geometry, found).Objective - SeriesClimb.Likelihood(judge, geometry, first).Objective;
        }

        return gain;
    }

    /// <summary>Reads the images that can be used, once, and deals the coefficients of each into the two sets.</summary>
    private List<int> Read(SeriesWorkspace[] sets, int[] members, int seed)
    {
        Array.ForEach(sets, s => s.Clear());
        var used = new List<int>();
        foreach (var i in members)
        {
            var (group, weight) = (source.Particles[i].OpticsIndex, source.Particles[i].Weight);
            var whole = sets[0].Buffers(group);
            if (whole.Read(_images, i))
            {
                ImageSplit.Take(seed, i, 1, whole, sets[1].Buffers(group));
                ImageSplit.Take(seed, i, 0, whole, whole);
                Array.ForEach(sets, s => s.Add(group, weight));
                used.Add(i);
            }
        }

        return used;
    }
}
