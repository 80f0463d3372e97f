using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>Makes the references of one half: a projector and a scorer per optics group, the noise measured on that half's own particles.</summary>
internal sealed class PoseReferenceFactory(IParticleSource source, RefinementOptions options, double limit)
{
    /// <summary>The published first ring: 25 angstrom (EMAN2 <c>e2gmm_refine_iter --minres</c>).</summary>
    private const double PublishedCoarsest = 25;

    public PoseReference?[] Make(
        GaussianModel model, IReadOnlyList<int> indices, IReadOnlyList<Pose> poses, ComputeOptions compute, CancellationToken cancellationToken) =>
        Make(ReferenceParts.Of(model), indices, poses, compute, cancellationToken);

    public PoseReference?[] Make(
        ReferenceParts parts, IReadOnlyList<int> indices, IReadOnlyList<Pose> poses, ComputeOptions compute, CancellationToken cancellationToken)
    {
        var references = new PoseReference?[source.OpticsGroups.Count];
        Guarded.Run(() => Parallel.For(0, references.Length, compute.StoppedBy(cancellationToken).Parallelism, g =>
        {
            var members = indices.Where(i => source.Particles[i].OpticsIndex == g).ToArray();
            if (members.Length > 0)
            {
                references[g] = Make(parts, source.OpticsGroups[g], EvenSample.Of(members, options.NoiseParticles), poses, cancellationToken);
            }
        }));
        return references;
    }

    private PoseReference Make(ReferenceParts parts, OpticsGroup group, int[] sample, IReadOnlyList<Pose> poses, CancellationToken cancellationToken)
    {
        var disc = FourierDisc.ForResolution(group.ImageSize, group.PixelSize, limit);
        var projector = Projector(parts.Moving, disc, parts);
        if (options.Score == PoseScoreKind.FourierRingCorrelation)
        {
            var first = Math.Min(disc.RingOfResolution(PublishedCoarsest), disc.Radius);
            return new PoseReference([new PoseBand(projector, new FourierRingCorrelationScorer(disc, Math.Max(1, first)), limit)], parts.Pivot);
        }

        var whole = parts.Whole == parts.Moving ? projector : Projector(parts.Whole, disc, parts);
        var noise = NoiseEstimator.Measure(source, sample, poses, whole, limit, cancellationToken);
        var weight = SsnrModel.ReferenceWeight(limit, disc.BoxLength, disc.Radius);
        var scale = 1 / Math.Pow(group.PixelSize, 3);
        // One band: poses come from another program's refinement or from the last iteration, and the limit that their maps set is coarse
        // where they are far off. Coarser bands first gained nothing on any set, and cost as much again (docs/benchmarks.md).
        var rest = parts.Rest is null ? null : Projector(parts.Rest, disc, parts);
        return new PoseReference([new PoseBand(projector, new WhitenedCorrelationScorer(disc, noise, weight, scale), limit) { Rest = rest }], parts.Pivot);
    }

    /// <summary>Only a focused model has widths that differ so much that layers may pay.</summary>
    private static IProjector<float> Projector(GaussianModel model, FourierDisc disc, ReferenceParts parts) =>
        parts.Whole == parts.Moving ? new GriddingProjector(model, disc) : LayeredProjector.Create(model, disc);
}
