using Gmm.Core;

namespace Gmm.Torch;

/// <summary>Compares images with projections on a device (<see cref="IPoseScorer"/> on tensors): scores are differentiable.</summary>
/// <remarks>
/// <example>
/// <code>
/// using var scorer = new TorchRingCorrelationScorer(disc);
/// using var images = scorer.Prepare(discsOfImages, transfers);      // [B, K] complex, [B, K]
/// var discs = projector.call(centres, amplitudes, widths, eulerDegrees, shifts);
/// var loss = -scorer.Score(images, discs).Objective.mean();
/// loss.backward();
/// </code>
/// </example>
/// </remarks>
public interface ITorchScorer : IDisposable
{
    /// <summary>The coefficients compared.</summary>
    FourierDisc Disc { get; }

    /// <summary>Whether the objective is a log-likelihood, so that the inverse of the Gauss-Newton matrix is the covariance of the pose.</summary>
    bool IsLogLikelihood { get; }

    /// <summary>Makes images ready for scoring, once for all poses.</summary>
    /// <param name="images">[B, K] complex: transforms of the images.</param>
    /// <param name="transfers">[B, K] real: what multiplies a projection in each image (<see cref="Ctf.FillTransfer"/>).</param>
    /// <returns>The images, to be disposed.</returns>
    /// <exception cref="ArgumentException">A wrong shape, type or device; the tensor is named.</exception>
    /// <exception cref="InvalidInputException">An image or a transfer that is not finite; it is named.</exception>
    TorchImages Prepare(Tensor images, Tensor transfers);

    /// <summary>The score of each image with its projection.</summary>
    /// <param name="images">B prepared images.</param>
    /// <param name="projections">[B, K] complex.</param>
    /// <returns>The score; differentiable with respect to the projections.</returns>
    /// <exception cref="ArgumentException">A wrong shape, type or device; the tensor is named.</exception>
    TorchScore Score(TorchImages images, Tensor projections);

    /// <summary>The score with its derivatives with respect to a pose step. Not differentiable.</summary>
    /// <param name="images">B prepared images.</param>
    /// <param name="jacobian">[B, 6, K] complex: projections and derivative images (<see cref="TorchProjector.ProjectWithPoseDerivatives"/>).</param>
    /// <returns>The score and its derivatives.</returns>
    /// <exception cref="ArgumentException">A wrong shape, type or device; the tensor is named.</exception>
    TorchScoreDerivatives Evaluate(TorchImages images, Tensor jacobian);
}
