namespace Gmm.Heterogeneity;

/// <summary>
/// An encoder that an analysis can train: from the features of a particle to where its latent point is and how well that is known. Its
/// <see cref="ITrainablePart.CreatePass"/> gives, row by row, d means and then d logarithms of standard deviations.
/// </summary>
/// <remarks>
/// The features are, for the neutral model at the particle's pose, the score's gradient at the anchors in the lower half of the band and in the full
/// one (3 numbers an anchor and band, all x first, then y and z; 4 where amplitudes change), and the view, the third row of the rotation:
/// docs/heterogeneity.md, What it does, 2.
/// </remarks>
public interface ILatentEncoder : ITrainablePart
{
    /// <summary>Latent coordinates d.</summary>
    int LatentDimension { get; }

    /// <summary>Features of a particle.</summary>
    int FeatureCount { get; }

    /// <summary>Changes the latent space: the mean becomes A times itself.</summary>
    /// <param name="matrix">A, d x d values, row by row.</param>
    /// <param name="logSd">What is added to the logarithms of the standard deviations, d values; empty: they stay as they are, along the old axes.</param>
    void Transform(ReadOnlySpan<double> matrix, ReadOnlySpan<double> logSd);

    /// <summary>
    /// Starts from the linear model that the analysis finds in closed form (docs/heterogeneity.md, What it does, 3), if the encoder can: an optional
    /// capability.
    /// </summary>
    /// <param name="weights">For each latent coordinate what the features of the full band, as they are before any normalisation, are multiplied by.</param>
    /// <param name="logSd">Logarithms of the standard deviations.</param>
    /// <returns>Whether the weights were set so.</returns>
    bool TryStart(IReadOnlyList<float[]> weights, IReadOnlyList<double> logSd) => false;
}
