namespace Gmm.Heterogeneity;

/// <summary>What an encoder is made for.</summary>
public sealed record EncoderContext
{
    /// <summary>Latent coordinates.</summary>
    public required int LatentDimension { get; init; }

    /// <summary>Mean of each feature over the half's particles.</summary>
    public required ReadOnlyMemory<float> FeatureMean { get; init; }

    /// <summary>1 / standard deviation of each feature; 0 for one that is constant.</summary>
    public required ReadOnlyMemory<float> FeatureInverseSd { get; init; }

    /// <summary>Seed of the starting weights. When a file is read it is 0, and the weights come from the file.</summary>
    public int Seed { get; init; }
}
