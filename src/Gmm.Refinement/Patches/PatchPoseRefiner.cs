using System.Collections.Concurrent;
using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>Refines the poses of all patches in many particles of one half: every image is read, transformed and whitened once.</summary>
/// <param name="source">The particles.</param>
/// <param name="references">For each optics group its reference, or null where no particle of the half belongs to it.</param>
/// <param name="resolution">The limit of the references, angstrom.</param>
/// <param name="scorer">Scores many particles at once; null where each is solved on a thread.</param>
internal sealed class PatchPoseRefiner(
    IParticleSource source, IReadOnlyList<PatchReference?> references, double resolution, IBodyScorer? scorer = null) : IDisposable
{
    private readonly PatchBatchRefiner? _together = scorer is null ? null : new PatchBatchRefiner(new ParticleImages(source, resolution), references, scorer);
    private readonly ParticleImages _images = new(source, resolution);
    private readonly ConcurrentBag<Worker> _workers = [];

    /// <summary>Refines particles. Each one's result depends on that particle only, so threads and chunks change nothing.</summary>
    /// <param name="indices">The particles.</param>
    /// <param name="consensus">The pose of the whole, for each particle of the source.</param>
    /// <param name="starts">For each patch a start pose for each particle of the source.</param>
    /// <param name="prior">The distribution of each patch's motion.</param>
    /// <param name="results">For each patch, receives an estimate for each particle in the list.</param>
    /// <param name="evidence">Receives, for the particles in it, what their images say about motions; null where not wanted.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="done">Called with the number of particles finished so far, from any thread.</param>
    /// <param name="cancellationToken">Stops between particles.</param>
    /// <exception cref="InvalidInputException">An image cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public void Refine(
        IReadOnlyList<int> indices,
        IReadOnlyList<Pose> consensus,
        IReadOnlyList<IReadOnlyList<Pose>> starts,
        IReadOnlyList<RigidMotionPrior> prior,
        PatchEstimate?[][] results,
        Dictionary<int, List<MotionEvidence>>? evidence,
        ComputeOptions compute,
        Action<int>? done = null,
        CancellationToken cancellationToken = default)
    {
        if (_together is not null)
        {
            _together.Refine(indices, consensus, starts, prior, results, evidence, compute, cancellationToken);
            done?.Invoke(indices.Count);
            return;
        }

        var finished = 0;
        void Refine(int n, Worker worker)
        {
            var index = indices[n];
            worker.Refine(index, consensus[index], starts, prior, results, evidence?.GetValueOrDefault(index));
            done?.Invoke(Interlocked.Increment(ref finished));
        }

        ForEach(indices.Count, Refine, compute, cancellationToken);
    }

    /// <summary>
    /// How much better than at the consensus pose particles are explained with patches at the poses found, judged by coefficients that had no part in
    /// finding them (<see cref="ImageSplit"/>); NaN where an image cannot be used.
    /// </summary>
    /// <param name="indices">The particles.</param>
    /// <param name="consensus">The pose of the whole, for each particle of the source.</param>
    /// <param name="prior">The distribution of each patch's motion.</param>
    /// <param name="compute">Threads and seed.</param>
    /// <param name="cancellationToken">Stops between particles.</param>
    /// <returns>The gain of each particle, and that of each patch alone in each particle.</returns>
    public (double Gain, double[] Parts)[] HeldOutGains(
        IReadOnlyList<int> indices, IReadOnlyList<Pose> consensus, IReadOnlyList<RigidMotionPrior> prior, ComputeOptions compute,
        CancellationToken cancellationToken)
    {
        var gains = new (double, double[])[indices.Count];
        ForEach(
            indices.Count, (n, worker) => gains[n] = worker.HeldOutGain(indices[n], consensus[indices[n]], prior, compute.Seed), compute, cancellationToken);
        return gains;
    }

    /// <inheritdoc/>
    public void Dispose() => _together?.Dispose();

    /// <summary>Does something for each of so many particles, each thread with a worker of its own, which is kept for the next time.</summary>
    private void ForEach(int count, Action<int, Worker> body, ComputeOptions compute, CancellationToken cancellationToken) => Guarded.For(
        0,
        count,
        compute.StoppedBy(cancellationToken).Parallelism,
        () => _workers.TryTake(out var worker) ? worker : new Worker(_images, references),
        (n, _, worker) =>
        {
            body(n, worker);
            return worker;
        },
        _workers.Add);

    private sealed class Worker(ParticleImages images, IReadOnlyList<PatchReference?> references)
    {
        private readonly PatchSolver?[] _solvers = new PatchSolver?[references.Count];

        private PatchSolver Solver(int index)
        {
            var group = images.Source.Particles[index].OpticsIndex;
            return _solvers[group] ??= new PatchSolver(
                references[group] ?? throw new ArgumentException($"There is no reference for optics group {group}."));
        }

        public (double Gain, double[] Parts) HeldOutGain(int index, Pose consensus, IReadOnlyList<RigidMotionPrior> prior, int seed)
        {
            var solver = Solver(index);
            var (workspace, count) = (solver.Workspace, solver.Workspace.Reference.Bodies.Patches.Count);
            var (whole, part) = (new ParticleImage(workspace.Reference.Disc, workspace.Reference.EwaldSign), workspace.Image);
            if (!whole.Read(images, index))
            {
                return (double.NaN, [.. Enumerable.Repeat(double.NaN, count)]);
            }

            var parts = new double[count];
            var starts = Enumerable.Repeat(consensus, count).ToArray();
            double gain = 0;
            for (var set = 0; set < 2; set++)
            {
                var estimates = new PatchEstimate?[count];
                ImageSplit.Take(seed, index, set, whole, part);
                solver.Solve(consensus, starts, prior, estimates, null);
                ImageSplit.Take(seed, index, 1 - set, whole, part);
                gain += solver.Gain(consensus, [.. estimates.Select(e => e is { Status: PoseStatus.Refined } ? e.Pose : consensus)], parts);
            }

            return (gain, parts);
        }

        public void Refine(
            int index, Pose consensus, IReadOnlyList<IReadOnlyList<Pose>> starts, IReadOnlyList<RigidMotionPrior> prior, PatchEstimate?[][] results,
            List<MotionEvidence>? evidence)
        {
            var solver = Solver(index);
            var estimates = new PatchEstimate?[results.Length];
            var workspace = solver.Workspace;
            if (workspace.Image.Read(images, index))
            {
                Span<Pose> from = starts.Select(s => s[index]).ToArray();
                solver.Solve(consensus, from, prior, estimates, evidence);
            }

            for (var k = 0; k < results.Length; k++)
            {
                results[k][index] = estimates[k] ?? new PatchEstimate(consensus, new float[Pose.ParameterCount], null, 0, PoseStatus.UnusableImage);
            }
        }
    }
}
