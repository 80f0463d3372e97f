namespace Gmm.Refinement;

/// <summary>Settings of <see cref="LevenbergMarquardtPoseOptimizer"/>.</summary>
public sealed record LevenbergMarquardtOptions
{
    /// <summary>Steps tried at most in each coarse band.</summary>
    public int CoarseSteps { get; init; } = 3;

    /// <summary>Steps tried at most in the finest band.</summary>
    public int FineSteps { get; init; } = 6;

    /// <summary>
    /// The finest band is done when the next step is expected to gain less than this much log-likelihood: half the squared length of the step
    /// in standard deviations, so 0.05 is a third of one.
    /// </summary>
    public double Tolerance { get; init; } = 0.05;

    /// <summary>The same for the coarse bands, which only have to lead into the reach of the next.</summary>
    public double CoarseTolerance { get; init; } = 0.5;

    /// <summary>Farthest a particle may move from its start, degrees; beyond it the optimizer has failed.</summary>
    public double MaximumRotationDegrees { get; init; } = 30;

    /// <summary>Farthest a particle may shift from its start, angstrom.</summary>
    public double MaximumShiftAngstrom { get; init; } = 30;

    /// <summary>All settings on one line.</summary>
    internal string Text =>
        FormattableString.Invariant($"steps {CoarseSteps} and {FineSteps}, tolerance {CoarseTolerance} and {Tolerance}, at most ")
            + FormattableString.Invariant($"{MaximumRotationDegrees} degrees and {MaximumShiftAngstrom} A");
}
