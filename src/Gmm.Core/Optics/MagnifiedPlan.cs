namespace Gmm.Core;

/// <summary>What a <see cref="MagnifiedTransform"/> pads and gathers: for the same transform elsewhere, on a graphics card.</summary>
/// <param name="GridSize">Side of the padded image.</param>
/// <param name="Origin">The pixel of the image that comes to lie at 0 of it.</param>
/// <param name="Correction">By what a pixel is multiplied along each axis.</param>
/// <param name="Place">For each coefficient the first column and row of the padded image's transform that it takes from.</param>
/// <param name="Weights">For each coefficient the weights of the columns, then of the rows.</param>
internal sealed record MagnifiedPlan(int GridSize, int Origin, float[] Correction, int[] Place, float[] Weights);
