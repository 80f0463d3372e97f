namespace Gmm.Core;

/// <summary>A particle image made ready by a scorer: its coefficients and the transfer, weighted as that scorer needs. One per thread, reused.</summary>
/// <param name="disc">The coefficients.</param>
public sealed class ScoringImage(FourierDisc disc)
{
    /// <summary>The coefficients.</summary>
    public FourierDisc Disc { get; } = disc;

    /// <summary>Sum of the weighted power of the image.</summary>
    public double Power { get; internal set; }

    internal float[] Re { get; } = new float[disc.Count];

    internal float[] Im { get; } = new float[disc.Count];

    internal float[] Transfer { get; } = new float[disc.Count];
}
