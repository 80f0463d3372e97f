namespace Gmm.Heterogeneity;

/// <summary>Bounds of what an analysis learns, for options and files alike.</summary>
internal static class LatentLimits
{
    /// <summary>Most latent coordinates.</summary>
    public const int Dimension = 10;

    /// <summary>Most coordinates that another analysis may give to start from.</summary>
    public const int GivenDimension = 64;

    /// <summary>Most anchors.</summary>
    public const int Anchors = 256;
}
