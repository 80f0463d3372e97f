namespace Gmm.Core;

/// <summary>
/// Compares particle images with projections: an objective to be maximised over the pose, its gradient, and its Gauss-Newton matrix
/// (the positive approximation of minus the Hessian). Immutable and safe on many threads; each thread has images of its own from <see cref="CreateImage"/>.
/// </summary>
/// <remarks>
/// Ready ones are in <see cref="Scorers"/>; one of your own is put into a refinement by an <see cref="IScorerFactory"/> (samples/custom-scorer.cs).
/// </remarks>
public interface IPoseScorer
{
    /// <summary>The coefficients compared.</summary>
    FourierDisc Disc { get; }

    /// <summary>
    /// Whether the objective is a log-likelihood, so that the inverse of the Gauss-Newton matrix is the covariance of the pose.
    /// </summary>
    bool IsLogLikelihood { get; }

    /// <summary>Makes the memory that one thread needs for an image: it is prepared once and scored at many poses, then prepared with the next image.</summary>
    /// <returns>An image with nothing in it yet.</returns>
    IScoringImage CreateImage();
}
