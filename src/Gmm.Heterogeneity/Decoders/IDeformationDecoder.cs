using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>
/// From a latent point to a deformed model: the displacement (and relative amplitude change) of every Gaussian. The point 0 is exactly the
/// neutral model. Safe on many threads.
/// </summary>
/// <remarks>
/// <example>
/// <code>
/// var autoencoder = AutoencoderFile.Read("out/autoencoder_half1.gmmae", model);
/// var deformation = new ModelDeformation(model.Count);
/// autoencoder.Decoder.Decode([1.2f, 0, 0, 0], deformation);
/// GaussianModel conformer = deformation.Apply(model);
/// </code>
/// </example>
/// </remarks>
public interface IDeformationDecoder
{
    /// <summary>Number of latent coordinates.</summary>
    int LatentDimension { get; }

    /// <summary>Number of Gaussians of the model.</summary>
    int GaussianCount { get; }

    /// <summary>The deformation at a latent point.</summary>
    /// <param name="latent">LatentDimension values.</param>
    /// <param name="result">Receives the deformation.</param>
    void Decode(ReadOnlySpan<float> latent, ModelDeformation result);

    /// <summary>The vector-Jacobian product: from a scalar's derivatives with respect to the deformation to those with respect to the latent point.</summary>
    /// <param name="latent">LatentDimension values.</param>
    /// <param name="gradient">Derivatives with respect to displacements (X, Y, Z) and relative amplitude changes (Amplitudes).</param>
    /// <param name="result">Receives LatentDimension values.</param>
    void PullBack(ReadOnlySpan<float> latent, ModelGradient<float> gradient, Span<float> result);

    /// <summary>The columns of the Jacobian: the rate at which the deformation changes along each latent coordinate.</summary>
    /// <param name="latent">LatentDimension values.</param>
    /// <param name="columns">LatentDimension deformations, which are filled.</param>
    void Velocities(ReadOnlySpan<float> latent, IReadOnlyList<ModelDeformation> columns);
}
