namespace Gmm.Heterogeneity;

/// <summary>What decides the shape of an autoencoder.</summary>
public sealed record AutoencoderDesign
{
    /// <summary>Half set, 1 or 2.</summary>
    public required int Half { get; init; }

    /// <summary>Latent coordinates.</summary>
    public required int LatentDimension { get; init; }

    /// <summary>Finest resolution compared in training, angstrom.</summary>
    public required double Resolution { get; init; }

    /// <summary>Makes the decoder.</summary>
    public required IDecoderFactory Decoder { get; init; }

    /// <summary>Makes the encoder.</summary>
    public required IEncoderFactory Encoder { get; init; }
}
