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
        var workspaces = new ConcurrentBag<SeriesWorkspace>();
        var parallel = compute.StoppedBy(cancellationToken).Parallelism;
        Guarded.For(
            0,
            particles.Length,
            parallel,
            () => workspaces.TryTake(out var workspace) ? workspace : new SeriesWorkspace(references),
            (n, _, workspace) =>
            {
                gains[n] = Gain(workspace, particles[n], start, compute.Seed);
                return workspace;
            },
            workspaces.Add);
        return gains;
    }

    private double Gain(SeriesWorkspace workspace, int[] members, Func<int, Pose> start, int seed)
    {
        double gain = 0;
        for (var set = 0; set < 2; set++)
        {
            var used = Read(workspace, members, seed, set);
            if (used.Count == 0)
            {
                return double.NaN;
            }

            var geometry = new SeriesGeometry(source.Particles, used);
            var first = geometry.Split([.. used.Select(start)]);
            if (optimizer.Optimize(workspace, geometry, first).Pose is not { } found)
            {
                return double.NaN;
            }

            Read(workspace, members, seed, 1 - set);
            gain += SeriesClimb.Likelihood(workspace, geometry, found).Objective - SeriesClimb.Likelihood(workspace, geometry, first).Objective;
        }

        return gain;
    }

    /// <summary>One set of the coefficients of the images that can be used.</summary>
    private List<int> Read(SeriesWorkspace workspace, int[] members, int seed, int set)
    {
        workspace.Clear();
        var used = new List<int>();
        foreach (var i in members)
        {
            var (group, weight) = (source.Particles[i].OpticsIndex, source.Particles[i].Weight);
            var buffers = workspace.Buffers(group);
            if (weight > 0 && _images.Read(i, buffers.Re, buffers.Im, buffers.Transfer))
            {
                ImageSplit.Take(seed, i, set, buffers, buffers);
                workspace.Add(group, weight);
                used.Add(i);
            }
        }

        return used;
    }
}
