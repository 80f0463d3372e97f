using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>What a decoder is made for.</summary>
public sealed record DecoderContext
{
    /// <summary>The neutral model.</summary>
    public required GaussianModel Model { get; init; }

    /// <summary>The focus mask at each Gaussian, 0 to 1: how far it may move.</summary>
    public required ReadOnlyMemory<float> FocusWeights { get; init; }

    /// <summary>Latent coordinates.</summary>
    public required int LatentDimension { get; init; }

    /// <summary>Seed of the starting weights. When a file is read it is 0, and the weights come from the file.</summary>
    public int Seed { get; init; }

    /// <summary>The anchors at which the encoder sees gradients.</summary>
    internal AnchorSet? Anchors { get; init; }
}
