using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>Makes the references of one half: projectors of the patches' parts and a likelihood per optics group.</summary>
internal sealed class PatchReferenceFactory(IParticleSource source, PatchOptions options, IReadOnlyList<Patch> patches, double limit)
{
    public PatchReference?[] Make(
        GaussianModel model, IReadOnlyList<int> indices, IReadOnlyList<Pose> consensus, ComputeOptions compute, CancellationToken cancellationToken)
    {
        var bodies = PatchBodies.Of(model, patches, options.Reference, options.Joint);
        var sign = EwaldRecord.SignOf(options.Ewald);
        return new ReferenceRecipe(source, limit, options.NoiseParticles, sign).Make(
            indices,
            consensus,
            disc => PartChecks.Projector(options.Projector, options.Projector.Create(model, disc), model, disc, sign != 0),
            (_, context) => new PatchReference(
                bodies, new WhitenedCorrelationScorer(context.Disc, context.NoisePower, context.ReferenceWeight, context.ReferenceScale), options.Projector,
                limit, sign),
            compute,
            cancellationToken);
    }
}
