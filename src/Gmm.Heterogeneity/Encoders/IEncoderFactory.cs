namespace Gmm.Heterogeneity;

/// <summary>Makes encoders of one kind: what <see cref="HeterogeneityOptions.Encoder"/> takes. <see cref="Encoders"/> has that of this library.</summary>
public interface IEncoderFactory
{
    /// <summary>What the encoder is and every setting of it that changes a result, in one line ("dense(hidden 128 64)"); see <see cref="IDecoderFactory.Name"/>.</summary>
    string Name { get; }

    /// <summary>Makes an encoder.</summary>
    /// <param name="context">For what.</param>
    /// <returns>An encoder with its starting weights.</returns>
    ILatentEncoder Create(EncoderContext context);
}
