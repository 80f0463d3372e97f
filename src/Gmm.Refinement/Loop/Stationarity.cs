namespace Gmm.Refinement;

/// <summary>When another iteration would change nothing.</summary>
internal static class Stationarity
{
    /// <summary>
    /// Models are seeded anew in every iteration, which alone moves poses by about a seventh of their uncertainty (measured): a quarter is no
    /// progress.
    /// </summary>
    private const double StationaryShare = 0.25;

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
            if (optics.DefocusChange >= StationaryShare * optics.DefocusSigma || !StationaryTerms.Are(rms, largest))
            {
                return false;
            }
        }

        var boxLength = state.Maps.Half1.BoxLength;
        return Math.Abs((boxLength / state.Limit) - (boxLength / before)) < 0.5
            && statistics.MedianRotationChangeDegrees < StationaryShare * statistics.MedianRotationSigmaDegrees;
    }
}
