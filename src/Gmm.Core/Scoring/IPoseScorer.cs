namespace Gmm.Core;

/// <summary>
/// Compares a particle image with a projection: an objective to be maximised over the pose, its gradient, and its Gauss-Newton matrix
/// (the positive approximation of minus the Hessian). Immutable and safe on many threads.
/// </summary>
public interface IPoseScorer
{
    /// <summary>The coefficients compared.</summary>
    FourierDisc Disc { get; }

    /// <summary>
    /// Whether the objective is a log-likelihood, so that the inverse of the Gauss-Newton matrix is the covariance of the pose.
    /// </summary>
    bool IsLogLikelihood { get; }

    /// <summary>Makes an image ready for scoring, once for all poses.</summary>
    /// <param name="re">Real parts of the image's transform, Disc.Count values at least.</param>
    /// <param name="im">Imaginary parts.</param>
    /// <param name="transfer">What multiplies the projection in this image (<see cref="Ctf.FillTransfer"/>).</param>
    /// <param name="image">Receives the result.</param>
    void Prepare(ReadOnlySpan<float> re, ReadOnlySpan<float> im, ReadOnlySpan<float> transfer, ScoringImage image);

    /// <summary>The objective and the correlation at a projection. Overwrites the projection.</summary>
    /// <param name="image">The prepared image.</param>
    /// <param name="projection">The projection; its derivative images are not read. Its values are overwritten.</param>
    /// <returns>The score.</returns>
    PoseScore Score(ScoringImage image, PoseJacobian<float> projection);

    /// <summary>The score with the objective's derivatives with respect to a pose step. Overwrites the projection and its derivative images.</summary>
    /// <param name="image">The prepared image.</param>
    /// <param name="projection">The projection and its derivative images, which are overwritten.</param>
    /// <param name="gradient">Five values: three per radian, two per angstrom.</param>
    /// <param name="gaussNewton">Twenty-five values, row by row, symmetric, positive semi-definite.</param>
    /// <returns>The score.</returns>
    PoseScore Evaluate(ScoringImage image, PoseJacobian<float> projection, Span<double> gradient, Span<double> gaussNewton);
}
