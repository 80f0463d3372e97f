using System.Collections.Concurrent;
using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>Refines the poses of many particles of one half against its references, streaming images through on several threads.</summary>
/// <param name="source">The particles.</param>
/// <param name="optimizer">Finds a pose.</param>
/// <param name="references">For each optics group its reference, or null where no particle of the half belongs to it.</param>
/// <param name="resolution">The finest band of the references, angstrom.</param>
public sealed class ParticlePoseRefiner(
    IParticleSource source, IPoseOptimizer optimizer, IReadOnlyList<PoseReference?> references, double resolution)
{
    private readonly ParticleImages _images = new(source, resolution);

    // Parallel.For starts and ends tasks as it likes; workers hold megabytes and are kept from one to the next, and between calls.
    private readonly ConcurrentBag<Worker> _workers = [];

    /// <summary>What is known of a particle's pose beforehand, by its index in the source; null for nothing.</summary>
    public Func<int, PosePrior?>? Prior { get; init; }

    /// <summary>For each particle of the source the pose of the part that does not move (<see cref="PoseBand.Rest"/>); null where there is none.</summary>
    public IReadOnlyList<Pose>? RestPoses { get; init; }

    /// <summary>Refines poses. Each particle's result depends on that particle only, so threads and chunks change nothing.</summary>
    /// <param name="indices">The particles.</param>
    /// <param name="starts">A start pose for each particle of the source.</param>
    /// <param name="results">Receives an estimate for each particle of the source whose index is in the list.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="done">Called with the number of particles finished so far, from any thread.</param>
    /// <param name="cancellationToken">Stops between particles.</param>
    /// <exception cref="InvalidInputException">An image cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public void Refine(
        IReadOnlyList<int> indices,
        IReadOnlyList<Pose> starts,
        PoseEstimate?[] results,
        ComputeOptions compute,
        Action<int>? done = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(starts);
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(compute);
        if (optimizer is IBatchPoseOptimizer together)
        {
            together.Optimize(
                new PoseBatch(_images, references, indices, starts) { Prior = Prior, RestPoses = RestPoses }, results, compute, cancellationToken);
            foreach (var index in indices)
            {
                results[index] = EstimateCheck.Of(results[index], starts[index], together);
            }

            done?.Invoke(indices.Count);
            return;
        }

        var finished = 0;
        var parallel = compute.StoppedBy(cancellationToken).Parallelism;
        Guarded.For(
            0,
            indices.Count,
            parallel,
            () => _workers.TryTake(out var worker) ? worker : new Worker(_images, references),
            (n, _, worker) =>
            {
                var index = indices[n];
                results[index] = worker.Refine(index, starts[index], optimizer, Prior?.Invoke(index), RestPoses?[index]);
                done?.Invoke(Interlocked.Increment(ref finished));
                return worker;
            },
            _workers.Add);
    }

    private sealed class Worker(ParticleImages images, IReadOnlyList<PoseReference?> references)
    {
        private readonly PoseWorkspace?[] _workspaces = new PoseWorkspace?[references.Count];

        public PoseEstimate Refine(int index, Pose start, IPoseOptimizer optimizer, PosePrior? prior, Pose? rest)
        {
            var group = images.Source.Particles[index].OpticsIndex;
            var workspace = _workspaces[group] ??= new PoseWorkspace(references[group]
                ?? throw new ArgumentException($"There is no reference for optics group {group}."));
            if (!workspace.Image.Read(images, index))
            {
                return new PoseEstimate(start, default, default, null, 0, PoseStatus.UnusableImage);
            }

            workspace.Prior = prior;
            if (rest is { } pose)
            {
                workspace.Prepare(pose);
            }
            else
            {
                workspace.Prepare();
            }

            return EstimateCheck.Of(optimizer.Optimize(workspace, start), start, optimizer);
        }
    }
}
