namespace Gmm.Refinement;

/// <summary>When another iteration would change nothing.</summary>
internal static class Stationarity
{
    /// <summary>
    /// Models are seeded anew in every iteration, which alone moves poses by about a seventh of their uncertainty (measured): a quarter is no
    /// progress.
    /// </summary>
    private const double StationaryShare = 0.25;

    /// <summary>
    /// Standard deviations by which terms of the optics may still move, in the root mean square, and the one that moves most: models that are seeded anew move
    /// them by 0.2 (measured), and what is left of an error is a third of the step.
    /// </summary>
    public const double Terms = 0.4;

    /// <inheritdoc cref="Terms"/>
    public const double Term = 1;

    /// <inheritdoc cref="RefinementLoop.IsStationary"/>
    public static bool Of(RefinementState state)
    {
        if (state.Iteration < 2 || state.Statistics is not { } statistics || state.PreviousLimit is not { } before)
        {
            return false;
        }

        if (state.OpticsFound is { } optics)
        {
            var (rms, largest) = optics.Changes();
            if (optics.DefocusChange >= StationaryShare * optics.DefocusSigma || rms >= Terms || largest >= Term)
            {
                return false;
            }
        }

        var boxLength = state.Maps.Half1.BoxLength;
        return Math.Abs((boxLength / state.Limit) - (boxLength / before)) < 0.5
            && statistics.MedianRotationChangeDegrees < StationaryShare * statistics.MedianRotationSigmaDegrees;
    }
}
