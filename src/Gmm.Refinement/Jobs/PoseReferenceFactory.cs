using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>Makes the references of one half: a projector and a scorer per optics group, the noise measured on that half's own particles.</summary>
internal sealed class PoseReferenceFactory(IParticleSource source, RefinementOptions options, double limit)
{
    /// <summary>The published first ring: 25 angstrom (EMAN2 <c>e2gmm_refine_iter --minres</c>).</summary>
    private const double PublishedCoarsest = 25;

    public PoseReference?[] Make(
        GaussianModel model, IReadOnlyList<int> indices, IReadOnlyList<Pose> poses, ComputeOptions compute, CancellationToken cancellationToken)
    {
        var references = new PoseReference?[source.OpticsGroups.Count];
        Guarded.Run(() => Parallel.For(0, references.Length, new ParallelOptions { MaxDegreeOfParallelism = compute.Threads, CancellationToken = cancellationToken }, g =>
        {
            var members = indices.Where(i => source.Particles[i].OpticsIndex == g).ToArray();
            if (members.Length > 0)
            {
                references[g] = Make(model, source.OpticsGroups[g], Spread(members, options.NoiseParticles), poses, cancellationToken);
            }
        }));
        return references;
    }

    /// <summary>Members at equal distances in the list: a sample of all micrographs.</summary>
    private static int[] Spread(int[] members, int count) => members.Length <= count
        ? members
        : [.. Enumerable.Range(0, count).Select(i => members[(int)((long)i * members.Length / count)])];

    private PoseReference Make(GaussianModel model, OpticsGroup group, int[] sample, IReadOnlyList<Pose> poses, CancellationToken cancellationToken)
    {
        var disc = FourierDisc.ForResolution(group.ImageSize, group.PixelSize, limit);
        var projector = new GriddingProjector(model, disc);
        if (options.Score == PoseScoreKind.FourierRingCorrelation)
        {
            var first = Math.Min(disc.RingOfResolution(PublishedCoarsest), disc.Radius);
            return new PoseReference([new PoseBand(projector, new FourierRingCorrelationScorer(disc, Math.Max(1, first)), limit)]);
        }

        var noise = NoiseEstimator.Measure(source, sample, poses, projector, limit, cancellationToken);
        var weight = SsnrModel.ReferenceWeight(limit, disc.BoxLength, disc.Radius);
        var scale = 1 / Math.Pow(group.PixelSize, 3);
        // One band: poses come from another program's refinement or from the last iteration, and the limit that their maps set is coarse
        // where they are far off. Coarser bands first gained nothing on any set, and cost as much again (docs/benchmarks.md).
        return new PoseReference([new PoseBand(projector, new WhitenedCorrelationScorer(disc, noise, weight, scale), limit)]);
    }
}
