namespace Gmm.Core;

/// <summary>What an image's border is like.</summary>
internal enum ImageKind
{
    /// <summary>Noise around the particle, as it should be.</summary>
    Ordinary = 0,

    /// <summary>One value everywhere outside a circle: the border is measured just inside of it.</summary>
    Masked = 1,

    /// <summary>No border to measure: too few pixels, or no noise in them.</summary>
    NoBorder = 2,

    /// <summary>One value in every pixel: the image holds nothing.</summary>
    Constant = 3,
}
