namespace Gmm.Heterogeneity;

/// <summary>How a conformation is turned into a pose.</summary>
public enum PoseConversionMode
{
    /// <summary>Weighted superposition in three dimensions, in closed form: exact for rigid motion of any size.</summary>
    Superposition,

    /// <summary>
    /// The published way: 30 steps of Adam at 1e-3 on the distances of the projected centres. For comparison: it stops short of large motions.
    /// </summary>
    Adam,
}
