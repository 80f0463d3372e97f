using System.Collections.Concurrent;
using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>
/// How much better than its start a pose is that refinement finds, judged by what had no part in it: the model is of the other half, and of the image
/// one half of the Fourier coefficients finds the pose and the other half judges it, and the other way round.
/// </summary>
/// <remarks>
/// The likelihood at a pose that was found with the same coefficients always rises, even in pure noise (by 5/2 on average, for five parameters), so it
/// cannot say whether the pose is better. This figure can fall. It is a little pessimistic: half the coefficients find a pose less well than all.
/// </remarks>
/// <param name="source">The particles.</param>
/// <param name="optimizer">Finds a pose.</param>
/// <param name="search">For each optics group what poses are refined against.</param>
/// <param name="judge">The same with a score that is a log-likelihood.</param>
/// <param name="resolution">The finest band of both, angstrom.</param>
internal sealed class HeldOutPoses(
    IParticleSource source, IPoseOptimizer optimizer, IReadOnlyList<PoseReference?> search, IReadOnlyList<PoseReference?> judge, double resolution)
    : IHeldOut
{
    private readonly ParticleImages _images = new(source, resolution);

    /// <summary>What is known of a particle's pose beforehand; it helps to find poses and has no part in judging them.</summary>
    public Func<int, PosePrior?>? Prior { get; init; }

    /// <summary>For each particle the pose of the part that does not move; null where there is none.</summary>
    public IReadOnlyList<Pose>? RestPoses { get; init; }

    /// <summary>Rotations of the reference from which poses are sought too (relaxed symmetry); the identity first.</summary>
    public IReadOnlyList<Rotation> Copies { get; init; } = [Rotation.Identity];

    /// <inheritdoc/>
    public double[] Gains(IReadOnlyList<int> indices, Func<int, Pose> start, ComputeOptions compute, CancellationToken cancellationToken)
    {
        var gains = new double[indices.Count];
        var workers = new ConcurrentBag<Worker>();
        var parallel = compute.StoppedBy(cancellationToken).Parallelism;
        Guarded.For(
            0,
            indices.Count,
            parallel,
            () => workers.TryTake(out var worker) ? worker : new Worker(this),
            (n, _, worker) =>
            {
                gains[n] = worker.Gain(indices[n], start(indices[n]), compute.Seed);
                return worker;
            },
            workers.Add);
        return gains;
    }

    private sealed class Worker(HeldOutPoses owner)
    {
        private readonly Dictionary<int, Images> _images = [];

        public double Gain(int index, Pose start, int seed)
        {
            var group = owner._images.Source.Particles[index].OpticsIndex;
            if (!_images.TryGetValue(group, out var images))
            {
                _images[group] = images = new Images(owner.SearchFor(group), owner.JudgeFor(group));
            }

            if (!images.Whole.Read(owner._images, index))
            {
                return double.NaN;
            }

            double gain = 0;
            for (var set = 0; set < 2; set++)
            {
                ImageSplit.Take(seed, index, set, images.Whole, images.Search.Image);
                images.Search.Prior = owner.Prior?.Invoke(index);
                Prepare(images.Search, index);
                var found = Best(images.Search, start);
                if (found is not { Status: PoseStatus.Refined } estimate)
                {
                    return double.NaN;
                }

                ImageSplit.Take(seed, index, 1 - set, images.Whole, images.Judge.Image);
                images.Judge.Prior = null;
                Prepare(images.Judge, index);
                var band = images.Judge.Reference.Bands.Count - 1;
                gain += images.Judge.Score(band, estimate.Pose).Objective - images.Judge.Score(band, start).Objective;
            }

            return gain;
        }

        private PoseEstimate? Best(PoseWorkspace workspace, Pose start)
        {
            PoseEstimate? best = null;
            foreach (var copy in owner.Copies)
            {
                var estimate = owner.Optimize(workspace, start with { Rotation = (start.Rotation * copy).Orthonormalized() });
                if (best is null || (estimate.Status == PoseStatus.Refined && estimate.Score.Objective > best.Score.Objective))
                {
                    best = estimate;
                }
            }

            return best;
        }

        private void Prepare(PoseWorkspace workspace, int index)
        {
            if (owner.RestPoses is { } rest)
            {
                workspace.Prepare(rest[index]);
            }
            else
            {
                workspace.Prepare();
            }
        }
    }

    private PoseEstimate Optimize(PoseWorkspace workspace, Pose start) => optimizer.Optimize(workspace, start);

    private PoseReference SearchFor(int group) => search[group] ?? throw new ArgumentException($"There is no reference for optics group {group}.");

    private PoseReference JudgeFor(int group) => judge[group] ?? throw new ArgumentException($"There is no reference for optics group {group}.");

    /// <summary>One thread's images of an optics group.</summary>
    private sealed class Images
    {
        public Images(PoseReference search, PoseReference judge)
        {
            Search = new PoseWorkspace(search);
            Judge = ReferenceEquals(search, judge) ? Search : new PoseWorkspace(judge);
            Whole = new ParticleImage(judge.Disc, judge.EwaldSign);
        }

        public PoseWorkspace Search { get; }

        public PoseWorkspace Judge { get; }

        public ParticleImage Whole { get; }
    }
}
