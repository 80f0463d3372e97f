namespace Gmm.Refinement;

/// <summary>How an image and a projection are compared.</summary>
public enum PoseScoreKind
{
    /// <summary>Whitened, CTF- and SSNR-weighted correlation (a likelihood), the default.</summary>
    Whitened,

    /// <summary>The mean Fourier ring correlation, as published.</summary>
    FourierRingCorrelation,
}
