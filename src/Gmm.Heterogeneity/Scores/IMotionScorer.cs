using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>
/// Scores images against deformed models, many at once, elsewhere than on the processor's threads: <see cref="HeterogeneityOptions.MotionScorer"/>,
/// for training and
/// for the latent points. Decoders and networks stay where they are.
/// </summary>
public interface IMotionScorer : IPart
{
    /// <summary>Makes what scores images of one optics group against one neutral model.</summary>
    /// <param name="neutral">The neutral model.</param>
    /// <param name="scorer">The score: its disc, whitening and weights.</param>
    /// <returns>It, to be disposed.</returns>
    /// <exception cref="InvalidInputException">The device cannot be used.</exception>
    IMotionScores Start(GaussianModel neutral, WhitenedCorrelationScorer scorer);
}
