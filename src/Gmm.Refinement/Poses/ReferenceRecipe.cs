using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// What goes into the references of one half, for each of its optics groups: the disc of the resolution, the share of the reference that is signal there
/// (<see cref="SsnrModel"/>), and the noise, measured on the half's own particles against the whole model.
/// </summary>
/// <param name="source">The particles.</param>
/// <param name="resolution">The limit, angstrom.</param>
/// <param name="noiseParticles">Particles of a group on which the noise is measured, at most.</param>
/// <param name="ewaldSign">Sign of the Ewald sphere's curvature; 0 for the plane.</param>
/// <param name="noise">Where noise is kept for others that need the same; null measures it.</param>
internal sealed class ReferenceRecipe(
    IParticleSource source, double resolution, int noiseParticles, int ewaldSign = 0, MeasuredNoise? noise = null)
{
    /// <summary>Makes the references.</summary>
    /// <param name="indices">The particles of the half.</param>
    /// <param name="poses">A pose for each particle of the source.</param>
    /// <param name="whole">Projects the whole model on a disc.</param>
    /// <param name="make">Makes a reference of that projector and of what is known of the images.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>One per optics group; null where the half has no particle of it.</returns>
    /// <exception cref="InvalidInputException">The noise cannot be measured.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public TReference?[] Make<TProjector, TReference>(
        IReadOnlyList<int> indices,
        IReadOnlyList<Pose> poses,
        Func<FourierDisc, TProjector> whole,
        Func<TProjector, ScoringContext, TReference> make,
        ComputeOptions compute,
        CancellationToken cancellationToken)
        where TProjector : IProjector<float>
        where TReference : class
    {
        var references = new TReference?[source.OpticsGroups.Count];
        Guarded.For(0, references.Length, compute.StoppedBy(cancellationToken).Parallelism, g =>
        {
            int[] members = [.. indices.Where(i => source.Particles[i].OpticsIndex == g)];
            if (members.Length == 0)
            {
                return;
            }

            var group = source.OpticsGroups[g];
            var disc = FourierDisc.ForResolution(group.ImageSize, group.PixelSize, resolution);
            var (projector, sample) = (whole(disc), EvenSample.Of(members, noiseParticles));
            double[] Measure() => NoiseEstimator.Measure(source, sample, poses, projector, resolution, ewaldSign, cancellationToken);
            references[g] = make(projector, new ScoringContext(
                disc,
                group,
                SsnrModel.ReferenceWeight(resolution, disc.BoxLength, disc.Radius),
                () => noise?.Of(g, Measure) ?? Measure()));
        });
        return references;
    }
}
