namespace Gmm.Refinement;

/// <summary>How pose optimization of a particle ended.</summary>
public enum PoseStatus
{
    /// <summary>A better pose was found, or the start was the best.</summary>
    Refined = 0,

    /// <summary>The image cannot be compared (constant, not finite): the pose is the one it started from.</summary>
    UnusableImage = 1,

    /// <summary>
    /// The optimizer failed (not finite, nothing in the image or the reference to compare, or moved beyond its bounds): the pose is the one it
    /// started from.
    /// </summary>
    Failed = 2,
}
