using Gmm.Core;

namespace Gmm.Torch;

/// <summary>A score with the objective's derivatives with respect to a pose step (<see cref="Core.Pose.Step"/>).</summary>
/// <param name="Score">The score.</param>
/// <param name="Gradient">[B, 5] Float64: three per radian, two per angstrom.</param>
/// <param name="GaussNewton">[B, 5, 5] Float64, symmetric, positive semi-definite.</param>
public readonly record struct TorchScoreDerivatives(TorchScore Score, Tensor Gradient, Tensor GaussNewton);
