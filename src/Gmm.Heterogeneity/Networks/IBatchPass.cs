namespace Gmm.Heterogeneity;

/// <summary>
/// The way of a batch through an encoder or a decoder's weights, and back. It owns the memory of a batch and serves one thread; many can work on the
/// same weights, which it reads when it is asked. What it gives must not depend on threads.
/// </summary>
public interface IBatchPass
{
    /// <summary>Takes a batch through.</summary>
    /// <param name="inputs">rows x inputs values, row by row: features for an encoder, latent points for a decoder.</param>
    /// <param name="rows">Rows.</param>
    /// <returns>
    /// rows x outputs values: 2 d for an encoder (<see cref="ILatentEncoder"/>), the controls of <see cref="ITrainableDecoder.Deformer"/> for a
    /// decoder.
    /// </returns>
    float[] Forward(ReadOnlySpan<float> inputs, int rows);

    /// <summary>Takes a loss's derivatives back through the batch of the last <see cref="Forward"/>.</summary>
    /// <param name="outputs">rows x outputs derivatives.</param>
    /// <param name="gradients">
    /// An array for each block of <see cref="ITrainablePart.Weights"/>, to which its derivatives are added; an empty list if they are not wanted.
    /// </param>
    /// <returns>rows x inputs derivatives with respect to the inputs; an encoder may give none.</returns>
    float[] Backward(ReadOnlySpan<float> outputs, IReadOnlyList<float[]> gradients);
}
