namespace Gmm.Refinement;

/// <summary>When terms of the optics move no more.</summary>
internal static class StationaryTerms
{
    /// <summary>
    /// Standard deviations by which terms may still move, in the root mean square, and the one that moves most: models that are seeded anew move them by 0.2
    /// (measured), and what is left of an error is a third of the step.
    /// </summary>
    private const double Rms = 0.4;
    private const double Most = 1;

    /// <summary>Whether they are still.</summary>
    /// <param name="rms">Root mean square of their steps, standard deviations.</param>
    /// <param name="largest">The largest.</param>
    public static bool Are(double rms, double largest) => rms < Rms && largest < Most;
}
