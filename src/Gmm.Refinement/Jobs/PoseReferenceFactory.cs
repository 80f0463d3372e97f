using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>Makes the references of one half: a projector and a scorer per optics group, the noise measured on that half's own particles.</summary>
internal sealed class PoseReferenceFactory(IParticleSource source, RefinementOptions options, double limit)
{
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
        var whole = parts.Whole == parts.Moving ? projector : Projector(parts.Whole, disc, parts);
        var context = new ScoringContext(
            disc,
            group,
            SsnrModel.ReferenceWeight(limit, disc.BoxLength, disc.Radius),
            () => NoiseEstimator.Measure(source, sample, poses, whole, limit, cancellationToken));

        // One band: poses come from another program's refinement or from the last iteration, and the limit that their maps set is coarse
        // where they are far off. Coarser bands first gained nothing on any set, and cost as much again (docs/benchmarks.md).
        var rest = parts.Rest is null ? null : Projector(parts.Rest, disc, parts);
        return new PoseReference([new PoseBand(projector, options.Scorer.Create(context), limit) { Rest = rest }], parts.Pivot);
    }

    /// <summary>Only a focused model has widths that differ so much that layers may pay.</summary>
    private IProjector<float> Projector(GaussianModel model, FourierDisc disc, ReferenceParts parts) =>
        parts.Whole == parts.Moving ? options.Projector.Create(model, disc) : options.Projector.CreateFocused(model, disc);
}
