namespace Gmm.Refinement;

/// <summary>How poses are optimized.</summary>
public enum PoseOptimizerKind
{
    /// <summary>Levenberg-Marquardt from coarse to fine, the default.</summary>
    LevenbergMarquardt,

    /// <summary>Adam, 10 steps at 1e-3, as published.</summary>
    Adam,
}
