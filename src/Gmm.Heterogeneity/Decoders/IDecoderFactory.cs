using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>
/// Makes decoders of one kind: what <see cref="HeterogeneityOptions.Decoder"/> takes. <see cref="Decoders"/> has those of this library. Its name goes
/// into the files of autoencoders too.
/// </summary>
public interface IDecoderFactory : IPart
{
    /// <summary>Most latent coordinates that the decoder has motions for.</summary>
    int MostCoordinates => int.MaxValue;

    /// <summary>Whether amplitudes change too; then the encoder sees their derivatives as well.</summary>
    bool ChangesAmplitudes => false;

    /// <summary>
    /// Whether <see cref="ITrainableDecoder.On"/> works, as analyses with several folds need; if not, the decoder belongs to one model's Gaussians.
    /// </summary>
    bool CarriesOver => true;

    /// <summary>Makes a decoder.</summary>
    /// <param name="context">For what.</param>
    /// <returns>A decoder with its starting weights.</returns>
    ITrainableDecoder Create(DecoderContext context);
}
