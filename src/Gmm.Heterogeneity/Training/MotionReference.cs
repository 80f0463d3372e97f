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
        Pose[] poses = [.. source.Particles.Select(p => p.Pose)];
        return new ReferenceRecipe(source, options.Resolution, NoiseParticles).Make(
            indices, poses, disc => MakeProjector(model, disc, options), (projector, context) => Of(projector, context, options),
            new ComputeOptions { Threads = 1 }, cancellationToken);
    }

    private static GriddingProjector MakeProjector(GaussianModel model, FourierDisc disc, HeterogeneityOptions options) => disc.Radius >= 4
        ? new GriddingProjector(model, disc)
        : throw new InvalidInputException(
            $"{options.Resolution:g4} A is too coarse for a box of {disc.BoxLength:g4} A: there are {disc.Radius} rings to compare", "--resolution");

    private static MotionReference Of(GriddingProjector projector, ScoringContext context, HeterogeneityOptions options)
    {
        var disc = context.Disc;
        var first = Math.Clamp((int)Math.Ceiling(disc.BoxLength / options.CoarsestResolution), 1, disc.Radius / 2);
        var low = new FourierDisc(disc.BoxLength, Math.Max(disc.Radius / 2, first));
        WhitenedCorrelationScorer Scorer(FourierDisc on) => new(on, context.NoisePower, context.ReferenceWeight, context.ReferenceScale, first);
        return new MotionReference(projector, Scorer(disc), Scorer(low));
    }
}
