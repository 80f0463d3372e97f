using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>Makes the references of one half: a projector and a scorer per optics group.</summary>
internal sealed class PoseReferenceFactory(
    IParticleSource source, RefinementOptions options, double limit, int ewaldSign = 0, MeasuredNoise? noise = null)
{
    public PoseReference?[] Make(
        GaussianModel model, IReadOnlyList<int> indices, IReadOnlyList<Pose> poses, ComputeOptions compute, CancellationToken cancellationToken) =>
        Make(ReferenceParts.Of(model), indices, poses, compute, cancellationToken);

    public PoseReference?[] Make(
        ReferenceParts parts, IReadOnlyList<int> indices, IReadOnlyList<Pose> poses, ComputeOptions compute, CancellationToken cancellationToken) =>
        new ReferenceRecipe(source, limit, options.NoiseParticles, ewaldSign, noise).Make(
            indices, poses, disc => Projector(parts.Whole, disc, parts), (whole, context) => Make(parts, whole, context), compute, cancellationToken);

    private PoseReference Make(ReferenceParts parts, IProjector<float> whole, ScoringContext context)
    {
        // One band: poses come from another program's refinement or from the last iteration, and the limit that their maps set is coarse
        // where they are far off. Coarser bands first gained nothing on any set, and cost as much again (docs/notes/benchmarks.md).
        var moving = parts.Whole == parts.Moving ? whole : Projector(parts.Moving, context.Disc, parts);
        var rest = parts.Rest is null ? null : Projector(parts.Rest, context.Disc, parts);
        var scorer = PartChecks.Scorer(options.Scorer, options.Scorer.Create(context), context.Disc);
        return new PoseReference([new PoseBand(moving, scorer, limit) { Rest = rest }], parts.Pivot) { EwaldSign = ewaldSign };
    }

    /// <summary>Only a focused model has widths that differ so much that layers may pay.</summary>
    private IProjector<float> Projector(GaussianModel model, FourierDisc disc, ReferenceParts parts) =>
        PartChecks.Projector(
            options.Projector,
            parts.Whole == parts.Moving ? options.Projector.Create(model, disc) : options.Projector.CreateFocused(model, disc),
            model,
            disc,
            ewaldSign != 0);
}
