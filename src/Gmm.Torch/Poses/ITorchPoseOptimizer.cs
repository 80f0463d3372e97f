using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Torch;

/// <summary>Finds the poses of many particles at once, on a device (<see cref="IPoseOptimizer"/> on tensors).</summary>
/// <remarks>
/// <example>
/// <code>
/// using var reference = new TorchPoseReference(GaussianTensors.From(model, device), new TorchProjector(disc), scorer, resolution);
/// using var images = scorer.Prepare(discsOfImages, transfers);
/// using TorchPoses found = new TorchLevenbergMarquardt().Optimize(reference, images, rotations, shifts);
/// PoseEstimate[] estimates = found.ToEstimates();
/// </code>
/// </example>
/// </remarks>
public interface ITorchPoseOptimizer
{
    /// <summary>Finds poses. Each particle's result depends on that particle only.</summary>
    /// <param name="reference">What the images are compared with.</param>
    /// <param name="images">B images, prepared by the reference's scorer.</param>
    /// <param name="rotations">[B, 3, 3] Float64: where to start, on the reference's device.</param>
    /// <param name="shifts">[B, 2] Float64, angstrom.</param>
    /// <param name="priors">What is known of the poses beforehand, for a likelihood score; null for nothing.</param>
    /// <returns>The poses, to be disposed.</returns>
    /// <exception cref="ArgumentException">A wrong shape, type or device; the tensor is named.</exception>
    /// <exception cref="Core.InvalidInputException">The device has too little memory even for one image.</exception>
    TorchPoses Optimize(TorchPoseReference reference, TorchImages images, Tensor rotations, Tensor shifts, TorchPosePriors? priors = null);
}
