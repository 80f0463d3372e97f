using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>How a Gaussian model is built from a half map.</summary>
public sealed record ModelBuildOptions
{
    /// <summary>Target resolution, angstrom; a finer one than the map's last whole shell counts as that.</summary>
    public required double Resolution { get; init; }

    /// <summary>Number of Gaussians; estimated (see <see cref="GaussianCountEstimator"/>) where not given.</summary>
    public int? Gaussians { get; init; }

    /// <summary>
    /// Density above which seeds are placed; where not given, seeds are placed in the envelope of the molecule (<see cref="VoxelCloud.InEnvelope"/>).
    /// </summary>
    public double? Threshold { get; init; }

    /// <summary>A model to go on from instead of seeds. It saves the seeding and some iterations; the fit may keep a little of the noise of the map
    /// that the model was made of (half maps of a simulated spike: FSC with the truth 0.89 against 0.90 from new seeds).</summary>
    public GaussianModel? Start { get; init; }

    /// <summary>Seeds to start from instead of the map's density, such as <see cref="AtomicSeeder"/> makes.</summary>
    internal Seeds? Seeds { get; init; }

    /// <summary>The fit's options; its resolution is replaced by <see cref="Resolution"/>. Defaults where not given.</summary>
    internal FitOptions? Fit { get; init; }
}
