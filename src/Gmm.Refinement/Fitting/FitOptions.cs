namespace Gmm.Refinement;

/// <summary>How Gaussians are fitted to a map.</summary>
internal sealed record FitOptions
{
    /// <summary>Finest resolution fitted, angstrom.</summary>
    public required double Resolution { get; init; }

    /// <summary>Most iterations over all stages; one costs a forward and an adjoint transform.</summary>
    public int MaxIterations { get; init; } = 60;

    /// <summary>
    /// Wanted map-model FSC, averaged over the shells from 1 to the resolution; 0.9 in the paper. Once it is reached, the fit stops when five
    /// iterations lower the loss by less than 5 %; before, when they lower it by less than 1 %. More iterations fit the map's noise.
    /// </summary>
    public double GoalFsc { get; init; } = 0.9;

    /// <summary>Smallest width (standard deviation), angstrom; a quarter of the resolution where not given.</summary>
    public double? MinWidth { get; init; }

    /// <summary>Largest width, angstrom; where not given the larger of 0.6 of the resolution and 1.2 of the mean spacing.</summary>
    public double? MaxWidth { get; init; }

    /// <summary>Whether amplitudes may be negative; off by default, since density is not.</summary>
    public bool AllowNegative { get; init; }

    /// <summary>
    /// Half-map FSC by shell (shell q is q / box length), from which the weight 2 FSC / (1 + FSC) of each shell follows; all shells count alike where
    /// not given.
    /// </summary>
    public IReadOnlyList<double>? ShellFsc { get; init; }

    /// <summary>
    /// Whether a stage at twice the resolution (on a smaller grid) goes first. It widens the range from which a Gaussian finds its place: of use for
    /// seeds that are off by the resolution, as displaced atoms are. Seeds from the map's own density do as well without, in half the evaluations.
    /// </summary>
    public bool CoarseToFine { get; init; }

    /// <summary>How many times dead Gaussians are put where density is missing.</summary>
    public int Reseeds { get; init; } = 2;

    /// <summary>Relative error of the transforms during the fit.</summary>
    public double Tolerance { get; init; } = 1e-3;

    internal double DefaultMinWidth => 0.25 * Resolution;

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentException">A value outside its range.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Resolution);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxIterations);
        ArgumentOutOfRangeException.ThrowIfNegative(Reseeds);
        if (MinWidth is <= 0 || MaxWidth is <= 0 || MinWidth > MaxWidth)
        {
            throw new ArgumentException("Widths must be positive, the smallest not over the largest.");
        }
    }
}
