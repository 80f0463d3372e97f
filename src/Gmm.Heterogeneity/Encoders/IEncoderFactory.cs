using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>Makes encoders of one kind: what <see cref="HeterogeneityOptions.Encoder"/> takes. <see cref="Encoders"/> has that of this library.</summary>
public interface IEncoderFactory : IPart
{
    /// <summary>Makes an encoder.</summary>
    /// <param name="context">For what.</param>
    /// <returns>An encoder with its starting weights.</returns>
    ILatentEncoder Create(EncoderContext context);
}
