namespace Gmm.Heterogeneity;

/// <summary>What moves the Gaussians of a deformed model.</summary>
public enum DecoderKind
{
    /// <summary>Anchors, whose displacements are spread to the Gaussians by normalised weights (the paper's hierarchical decoder).</summary>
    Anchors,

    /// <summary>Every Gaussian on its own.</summary>
    Mlp,

    /// <summary>One rigid body: the Gaussians of the focus mask turn and shift about its centroid.</summary>
    Rigid,
}
