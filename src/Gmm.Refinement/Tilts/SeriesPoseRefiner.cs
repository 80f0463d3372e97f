using System.Collections.Concurrent;
using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>Refines the poses of many tilt series of one half against its references, on several threads.</summary>
/// <param name="source">The images; their poses in it have the tilts.</param>
/// <param name="optimizer">Finds a pose.</param>
/// <param name="references">For each optics group its reference, or null where no particle of the half belongs to it.</param>
/// <param name="resolution">The finest band of the references, angstrom.</param>
internal sealed class SeriesPoseRefiner(
    IParticleSource source, SeriesOptimizer optimizer, IReadOnlyList<PoseReference?> references, double resolution)
{
    private readonly ParticleImages _images = new(source, resolution);
    private readonly ConcurrentBag<SeriesWorkspace> _workspaces = [];

    /// <summary>Refines poses. Each particle's result depends on that particle only, so threads change nothing.</summary>
    /// <param name="particles">The images of each particle.</param>
    /// <param name="starts">A start pose for each image of the source.</param>
    /// <param name="results">Receives an estimate for each image of the source that is in the list.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="cancellationToken">Stops between particles.</param>
    public void Refine(
        IReadOnlyList<int[]> particles, IReadOnlyList<Pose> starts, PoseEstimate?[] results, ComputeOptions compute, CancellationToken cancellationToken)
    {
        var parallel = compute.StoppedBy(cancellationToken).Parallelism;
        Guarded.For(
            0,
            particles.Count,
            parallel,
            () => _workspaces.TryTake(out var workspace) ? workspace : new SeriesWorkspace(references),
            (n, _, workspace) =>
            {
                Refine(workspace, particles[n], starts, results);
                return workspace;
            },
            _workspaces.Add);
    }

    private void Refine(SeriesWorkspace workspace, int[] members, IReadOnlyList<Pose> starts, PoseEstimate?[] results)
    {
        workspace.Clear();
        var used = new List<int>();
        foreach (var i in members)
        {
            var group = source.Particles[i].OpticsIndex;
            if (workspace.Buffers(group).Read(_images, i))
            {
                workspace.Add(group, source.Particles[i].Weight);
                used.Add(i);
            }
            else
            {
                results[i] = new PoseEstimate(starts[i], default, default, null, 0, PoseStatus.UnusableImage);
            }
        }

        if (used.Count == 0)
        {
            return;
        }

        var geometry = new SeriesGeometry(source.Particles, used);
        var (_, estimates) = optimizer.Optimize(workspace, geometry, geometry.Split([.. used.Select(i => starts[i])]));
        for (var n = 0; n < used.Count; n++)
        {
            results[used[n]] = estimates[n].Status == PoseStatus.Refined ? estimates[n] : estimates[n] with { Pose = starts[used[n]] };
        }
    }
}
