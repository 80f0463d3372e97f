namespace Gmm.Refinement;

/// <summary>A stage of an iteration.</summary>
public enum RefinementStage
{
    /// <summary>Gaussian models are fitted to the half maps; units: iterations of the fit.</summary>
    FittingModels,

    /// <summary>The noise is measured; units: halves.</summary>
    MeasuringNoise,

    /// <summary>Poses are refined; units: particles.</summary>
    RefiningPoses,

    /// <summary>Optics are estimated; units: particles.</summary>
    RefiningOptics,

    /// <summary>Half maps are reconstructed; units: particles.</summary>
    Reconstructing,

    /// <summary>The half maps are compared; one unit.</summary>
    ComparingHalves,

    /// <summary>Images are looked at before their first use; units: images.</summary>
    MeasuringImages,

    /// <summary>Images are asked for the curvature of the Ewald sphere; units: particles, each for every sign.</summary>
    MeasuringCurvature,

    /// <summary>Images are compared at poses that are kept; units: particles.</summary>
    ComparingImages,
}
