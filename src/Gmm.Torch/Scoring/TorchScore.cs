using Gmm.Core;

namespace Gmm.Torch;

/// <summary>How well projections fit images; see <see cref="Core.PoseScore"/>.</summary>
/// <param name="Objective">[B]: what an optimizer maximises. Differentiable.</param>
/// <param name="Correlation">[B], -1 to 1: the mean ring correlation, or the whitened weighted correlation. Differentiable.</param>
/// <param name="Scale">[B]: least-squares amplitude of the projection in the image; 1 where the scorer has none.</param>
public readonly record struct TorchScore(Tensor Objective, Tensor Correlation, Tensor Scale);
