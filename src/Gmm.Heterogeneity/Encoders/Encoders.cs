namespace Gmm.Heterogeneity;

/// <summary>The encoders of this library.</summary>
public static class Encoders
{
    private const string Word = "dense";

    private static readonly int[] DefaultHidden = [128, 64];

    /// <summary>A linear part and a small network on features of fixed normalisation.</summary>
    /// <param name="hidden">Widths of the network's hidden layers; 128 and 64 by default.</param>
    /// <returns>The factory.</returns>
    /// <exception cref="ArgumentException">Widths out of range.</exception>
    public static IEncoderFactory Dense(IReadOnlyList<int>? hidden = null) => new Known(HiddenLayers.Checked(hidden ?? DefaultHidden));

    /// <summary>The encoder of this library with a name, as files have it.</summary>
    /// <param name="name">The name.</param>
    /// <returns>Its factory; null if this library has none of that name.</returns>
    public static IEncoderFactory? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return PartText.Parse(name) is (Word, [var layers]) && HiddenLayers.Parse(layers) is { } hidden ? Dense(hidden) : null;
    }

    private sealed class Known(IReadOnlyList<int> hidden) : IEncoderFactory
    {
        public string Name => PartText.Of(Word, HiddenLayers.Text(hidden));

        public ILatentEncoder Create(EncoderContext context) => new LatentEncoder(context, hidden);
    }
}
