namespace Gmm.Heterogeneity;

/// <summary>What a <see cref="DeformationDecoder"/> keeps of a batch for the way back.</summary>
internal sealed class DecoderTape
{
    /// <summary>Of the linear part.</summary>
    public NetworkTape Linear { get; } = new();

    /// <summary>Of the network.</summary>
    public NetworkTape Network { get; } = new();
}
