namespace Gmm.Refinement;

/// <summary>
/// By what the Gauss-Newton steps of terms of a half are multiplied: of odd terms from one map to the next, of strains from one pass to the next. Map and terms
/// are found in turns, and a step towards optics that fit the map of the old ones goes too far by a share that hardly changes: it is learnt from the step
/// before (Aitken), for all of the terms together.
/// </summary>
internal static class StepGain
{
    /// <summary>What steps are multiplied by at least and at most: no step that would arrive by itself is kept from it.</summary>
    private const double Least = 0.6;
    private const double Most = 1.3;

    /// <summary>Root mean square of the step before, standard deviations, from which the one after it tells the share.</summary>
    private const double Telling = 2;

    /// <summary>The gain for this step.</summary>
    /// <param name="before">The gain of the step before.</param>
    /// <param name="steps">Of each term the whole Gauss-Newton step, before and now, in standard deviations.</param>
    public static double Of(double before, IReadOnlyList<(double Before, double Now)> steps)
    {
        double product = 0, square = 0;
        foreach (var (last, now) in steps)
        {
            product += last * now;
            square += last * last;
        }

        if (square < Telling * Telling * Math.Max(1, steps.Count))
        {
            return before;
        }

        // What is left of an error e is e - gain share e; both steps are share e.
        var left = product / square;
        return left < 1 ? Math.Clamp(before / (1 - left), Least, Most) : Most;
    }
}
