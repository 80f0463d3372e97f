using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>
/// A decoder that an analysis can train. Its way has two parts: the weights make a few controls of each latent point, for a whole batch
/// (<see cref="ITrainablePart.CreatePass"/>), and the <see cref="Deformer"/> carries the controls of one particle to the Gaussians, on many threads.
/// So the same weights serve several models (<see cref="On"/>), and their derivatives are summed in a fixed order.
/// </summary>
/// <remarks>
/// docs/heterogeneity.md, section "A decoder of your own", builds one. <see cref="IDeformationDecoder.Decode"/> and
/// <see cref="IDeformationDecoder.PullBack"/> follow from the two parts, and need not be written again. The latent point 0 must be the neutral model.
/// </remarks>
public interface ITrainableDecoder : ITrainablePart, IDeformationDecoder
{
    /// <summary>From controls to Gaussians, the same for the decoder's life.</summary>
    IDeformer Deformer { get; }

    /// <summary>The same motion on the Gaussians of another model of the same structure; the weights are shared, not copied.</summary>
    /// <param name="model">The other model.</param>
    /// <param name="focus">The focus mask at each of its Gaussians, 0 to 1.</param>
    /// <returns>A decoder that follows this one's weights.</returns>
    /// <exception cref="InvalidOperationException">The decoder belongs to one model (<see cref="IDecoderFactory.CarriesOver"/>).</exception>
    ITrainableDecoder On(GaussianModel model, ReadOnlyMemory<float> focus);

    /// <summary>Changes the latent space: afterwards the deformation at z is what it was at A^T z.</summary>
    /// <param name="matrix">A, d x d values, row by row.</param>
    void Transform(ReadOnlySpan<double> matrix);

    /// <summary>
    /// Starts from the linear model that the analysis finds in closed form (docs/heterogeneity.md, What it does, 3), if the decoder can: an optional
    /// capability. One that cannot keeps the weights that its factory gave it, and the encoder is started to fit those.
    /// </summary>
    /// <param name="motions">d deformations: that of each latent coordinate, per unit.</param>
    /// <returns>Whether the weights were set so that the decoder moves like that near the latent point 0.</returns>
    bool TryStart(IReadOnlyList<ModelDeformation> motions) => false;

    /// <inheritdoc/>
    void IDeformationDecoder.Decode(ReadOnlySpan<float> latent, ModelDeformation result) => Deformer.Apply(CreatePass().Forward(latent, 1), result);

    /// <inheritdoc/>
    void IDeformationDecoder.PullBack(ReadOnlySpan<float> latent, ModelGradient<float> gradient, Span<float> result)
    {
        var pass = CreatePass();
        var controls = pass.Forward(latent, 1);
        var derivatives = new float[controls.Length];
        Deformer.PullToControls(controls, gradient, derivatives);
        pass.Backward(derivatives, []).CopyTo(result);
    }
}
