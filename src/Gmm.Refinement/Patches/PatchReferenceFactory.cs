using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>Makes the references of one half: projectors per optics group, the noise measured on that half's own particles against the whole model.</summary>
internal sealed class PatchReferenceFactory(IParticleSource source, PatchOptions options, IReadOnlyList<Patch> patches, double limit)
{
    public PatchReference?[] Make(GaussianModel model, IReadOnlyList<int> indices, IReadOnlyList<Pose> consensus, ComputeOptions compute, CancellationToken cancellationToken)
    {
        var bodies = PatchBodies.Of(model, patches, options.Reference, options.Joint);
        var references = new PatchReference?[source.OpticsGroups.Count];
        var parallel = compute.StoppedBy(cancellationToken).Parallelism;
        Guarded.Run(() => Parallel.For(0, references.Length, parallel, g =>
        {
            var members = indices.Where(i => source.Particles[i].OpticsIndex == g).ToArray();
            if (members.Length > 0)
            {
                var group = source.OpticsGroups[g];
                var disc = FourierDisc.ForResolution(group.ImageSize, group.PixelSize, limit);
                var noise = NoiseEstimator.Measure(source, EvenSample.Of(members, options.NoiseParticles), consensus, new GriddingProjector(model, disc), limit, cancellationToken);
                references[g] = new PatchReference(
                    bodies, disc, noise, SsnrModel.ReferenceWeight(limit, disc.BoxLength, disc.Radius), 1 / Math.Pow(group.PixelSize, 3), limit);
            }
        }));
        return references;
    }
}
