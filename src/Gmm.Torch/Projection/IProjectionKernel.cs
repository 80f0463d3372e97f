namespace Gmm.Torch;

/// <summary>A way to sum Gaussians over a disc with tensor operations: differentiable by libtorch itself.</summary>
internal interface IProjectionKernel
{
    /// <summary>Weighted sums over Gaussians.</summary>
    /// <param name="u">[B, N, 2]: where each Gaussian is seen, angstrom.</param>
    /// <param name="amplitudes">[N].</param>
    /// <param name="widths">[N], angstrom.</param>
    /// <param name="arms">[B, N, W]: further weights; null for one sum with weight 1.</param>
    /// <returns>[B, W, K], complex.</returns>
    Tensor Sum(Tensor u, Tensor amplitudes, Tensor widths, Tensor? arms);

    /// <summary>Bytes of working memory that one Gaussian in one image needs, roughly.</summary>
    /// <param name="widths">[N], angstrom.</param>
    /// <param name="arms">Number of sums.</param>
    /// <param name="elementSize">Bytes of a real value.</param>
    /// <param name="gradients">Whether intermediate values are kept for the backward pass.</param>
    long BytesPerGaussian(Tensor widths, int arms, int elementSize, bool gradients);

    /// <summary>Bytes of working memory that an image needs beside its Gaussians.</summary>
    long BytesPerImage(int arms, int elementSize, bool gradients);
}
