using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// Scores images against models whose parts move each by itself, many images at once, elsewhere than on the processor's threads:
/// <see cref="PatchOptions.BodyScorer"/>. The steps, the prior of the motions and all else stay where they are.
/// </summary>
public interface IBodyScorer : IPart
{
    /// <summary>Makes what scores images of one half and optics group.</summary>
    /// <param name="moving">What moves with each patch, the patch's centre at the origin.</param>
    /// <param name="still">What does not move, or the whole model from which each part is taken out; null for nothing.</param>
    /// <param name="scorer">The score: its disc, whitening and weights.</param>
    /// <returns>It, to be disposed.</returns>
    /// <exception cref="InvalidInputException">The device cannot be used.</exception>
    IBodyScores Start(IReadOnlyList<GaussianModel> moving, GaussianModel? still, WhitenedCorrelationScorer scorer);
}
