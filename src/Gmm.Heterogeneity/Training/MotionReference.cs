using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Heterogeneity;

/// <summary>What particles of one half and one optics group are compared with: the projector of the neutral model and the score in two bands.</summary>
/// <param name="Projector">Projects the model, neutral or deformed.</param>
/// <param name="Scorer">The score in the full band.</param>
/// <param name="LowScorer">The score in the lower half of the band.</param>
internal sealed record MotionReference(
    GriddingProjector Projector, WhitenedCorrelationScorer Scorer, WhitenedCorrelationScorer LowScorer)
{
    /// <summary>Particles of a group on which its noise is measured.</summary>
    private const int NoiseParticles = 500;

    /// <summary>The full band.</summary>
    public FourierDisc Disc => Scorer.Disc;

    /// <summary>Makes the references of one half: its model, and the noise measured on its own particles.</summary>
    /// <param name="source">The particles.</param>
    /// <param name="indices">Those of the half.</param>
    /// <param name="model">The half's model.</param>
    /// <param name="options">The band.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>One per optics group; null where the half has no particle of it.</returns>
    public static MotionReference?[] Make(
        IParticleSource source, IReadOnlyList<int> indices, GaussianModel model, HeterogeneityOptions options, CancellationToken cancellationToken)
    {
        var references = new MotionReference?[source.OpticsGroups.Count];
        Pose[] poses = [.. source.Particles.Select(p => p.Pose)];
        for (var g = 0; g < references.Length; g++)
        {
            int[] members = [.. indices.Where(i => source.Particles[i].OpticsIndex == g)];
            if (members.Length == 0)
            {
                continue;
            }

            var optics = source.OpticsGroups[g];
            var disc = FourierDisc.ForResolution(optics.ImageSize, optics.PixelSize, options.Resolution);
            if (disc.Radius < 4)
            {
                throw new InvalidInputException($"{options.Resolution:g4} A is too coarse for a box of {optics.BoxLength:g4} A: there are {disc.Radius} rings to compare", "--resolution");
            }

            var projector = new GriddingProjector(model, disc);
            var noise = NoiseEstimator.Measure(source, EvenSample.Of(members, NoiseParticles), poses, projector, options.Resolution, cancellationToken);
            var weight = SsnrModel.ReferenceWeight(options.Resolution, disc.BoxLength, disc.Radius);
            var scale = 1 / Math.Pow(optics.PixelSize, 3);
            var first = Math.Clamp((int)Math.Ceiling(disc.BoxLength / options.CoarsestResolution), 1, disc.Radius / 2);
            var low = new FourierDisc(disc.BoxLength, Math.Max(disc.Radius / 2, first));
            references[g] = new MotionReference(
                projector,
                new WhitenedCorrelationScorer(disc, noise, weight, scale, first),
                new WhitenedCorrelationScorer(low, noise, weight, scale, first));
        }

        return references;
    }
}
