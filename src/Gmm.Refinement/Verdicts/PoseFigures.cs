using System.Globalization;

namespace Gmm.Refinement;

/// <summary>What is known of the poses that a run found, and the verdict that follows.</summary>
/// <param name="Gain">Mean held-out gain in log-likelihood of a particle over the start.</param>
/// <param name="Error">Its standard error.</param>
/// <param name="Count">Particles that the mean is over.</param>
/// <param name="Moved">Median rotation from the start, degrees; NaN where it says nothing.</param>
/// <param name="Sigma">Median uncertainty of the rotation, degrees; NaN where it is not known.</param>
internal readonly record struct PoseFigures(double Gain, double Error, int Count, double Moved, double Sigma)
{
    /// <summary>A fall of the mean FSC over the shells that count from which half maps are worse.</summary>
    private const double Fall = 0.02;

    /// <summary>Poses that moved by less than this part of their uncertainty are the same poses.</summary>
    private const double SamePart = 0.5;

    private string Text => Refinement.Verdict.Gain(Gain, Error);

    /// <summary>The verdict.</summary>
    /// <param name="before">Mean corrected FSC of the half maps at the start.</param>
    /// <param name="after">The same at the end, in the same mask and shells.</param>
    /// <param name="resolution">Resolution at the end; null for none.</param>
    public Verdict Verdict(double before, double after, double? resolution)
    {
        var (outcome, reason) = Decide(before, after, resolution);
        return new Verdict
        {
            Outcome = outcome,
            Reason = reason,
            Advice = outcome == VerdictOutcome.Worse ? Refinement.Verdict.KeepPoses : null,
            HeldOutGain = Count > 1 ? Gain : null,
            HeldOutError = Count > 1 ? Error : null,
            HeldOutParticles = Count,
            FscBefore = before,
            FscAfter = after,
        };
    }

    private (VerdictOutcome Outcome, string Reason) Decide(double before, double after, double? resolution)
    {
        if (resolution is null)
        {
            return (VerdictOutcome.Worse, "the half maps have lost what they had in common");
        }

        var fsc = Line($"mean FSC in the same mask {before:0.000} before, {after:0.000} after");
        if (after < before - Fall)
        {
            return (VerdictOutcome.Worse, $"the half maps agree less than at the start: {fsc}; held-out log-likelihood {Text}");
        }

        // Without uncertainties (the published mode) any motion counts.
        if (Moved < SamePart * Sigma)
        {
            return (VerdictOutcome.Unchanged, Line($"poses moved by {Moved:0.00} deg, less than half their uncertainty of {Sigma:0.00} deg; {fsc}"));
        }

        return Math.Abs(Gain) > Refinement.Verdict.Sure * Error
            ? Gain > 0
                ? (VerdictOutcome.Improved, $"held-out log-likelihood {Text} over the start; {fsc}")
                : (VerdictOutcome.Worse, Line($"the poses follow noise: of what they have not seen they explain less than the start did, held-out log-likelihood {Text} (moved by {Moved:0.0} deg, uncertainty {Sigma:0.0} deg); {fsc}"))
            : (VerdictOutcome.Unchanged, $"held-out log-likelihood {Text}, not clearly different from the start; {fsc}");
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
