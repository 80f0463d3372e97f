using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>Makes the references of one half: a projector and a scorer per band and optics group, the noise measured on that half's own particles.</summary>
internal sealed class PoseReferenceFactory(IParticleSource source, RefinementOptions options, double limit, int iteration)
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
        var bands = new List<PoseBand>();
        foreach (var resolution in CoarseBands())
        {
            var coarse = FourierDisc.ForResolution(group.ImageSize, group.PixelSize, resolution);
            if (coarse.Radius >= 4 && coarse.Radius < disc.Radius)
            {
                bands.Add(new PoseBand(new GriddingProjector(model, coarse), new WhitenedCorrelationScorer(coarse, noise, weight, scale), resolution));
            }
        }

        bands.Add(new PoseBand(projector, new WhitenedCorrelationScorer(disc, noise, weight, scale), limit));
        return new PoseReference(bands);
    }

    /// <summary>
    /// Coarse bands before the full one widen the reach: a band of resolution d has one peak within about d/2 of displacement. The first
    /// iteration starts from poses of unknown quality; after it they lie within the full band's reach. Adam climbs in the full band alone, as
    /// published.
    /// </summary>
    private double[] CoarseBands() =>
        options.Optimizer == PoseOptimizerKind.Adam || iteration > 1 ? [] : [Math.Max(16, 3 * limit), Math.Max(8, 1.8 * limit)];
}
