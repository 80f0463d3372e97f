namespace Gmm.Heterogeneity;

/// <summary>Makes decoders of one kind: what <see cref="HeterogeneityOptions.Decoder"/> takes. <see cref="Decoders"/> has those of this library.</summary>
public interface IDecoderFactory
{
    /// <summary>
    /// What the decoder is and every setting of it that changes a result, in one line ("anchors(hidden 32 64)"). It goes into records, the files of autoencoders and the settings that
    /// a resumed run is compared with.
    /// </summary>
    string Name { get; }

    /// <summary>Most latent coordinates that the decoder has motions for.</summary>
    int MostCoordinates => int.MaxValue;

    /// <summary>Whether amplitudes change too; then the encoder sees their derivatives as well.</summary>
    bool ChangesAmplitudes => false;

    /// <summary>Whether <see cref="ITrainableDecoder.On"/> works, as analyses with several folds need; if not, the decoder belongs to one model's Gaussians.</summary>
    bool CarriesOver => true;

    /// <summary>Makes a decoder.</summary>
    /// <param name="context">For what.</param>
    /// <returns>A decoder with its starting weights.</returns>
    ITrainableDecoder Create(DecoderContext context);
}
