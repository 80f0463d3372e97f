namespace Gmm.Heterogeneity;

/// <summary>What the encoder sees of a particle: the gradient at the anchors in two bands, and its view.</summary>
internal static class AnchorFeatures
{
    /// <summary>Number of features.</summary>
    /// <param name="anchors">Number of anchors.</param>
    /// <param name="amplitudes">Whether amplitudes change too.</param>
    public static int Count(int anchors, bool amplitudes) => (2 * AnchorDeformer.Controls(anchors, amplitudes)) + 3;
}
