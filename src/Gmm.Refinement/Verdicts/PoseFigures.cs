using static System.FormattableString;

namespace Gmm.Refinement;

/// <summary>What is known of the poses that a run found, and the verdict that follows.</summary>
/// <param name="Gain">Mean held-out gain in log-likelihood of a particle over the start.</param>
/// <param name="Error">Its standard error.</param>
/// <param name="Count">Particles that the mean is over.</param>
/// <param name="Moved">Median rotation from the start, degrees; NaN where it says nothing.</param>
/// <param name="Sigma">Median uncertainty of the rotation, degrees; NaN where it is not known.</param>
/// <param name="Refined">The part of all particles whose pose was refined, 0 to 1.</param>
internal readonly record struct PoseFigures(double Gain, double Error, int Count, double Moved, double Sigma, double Refined)
{
    /// <summary>A fall of the mean FSC over the shells that count from which half maps are worse.</summary>
    internal const double Fall = 0.02;

    /// <summary>Poses that moved by less than this part of their uncertainty are the same poses.</summary>
    private const double SamePart = 0.5;

    /// <summary>Fewer held-out particles say nothing: their spread is not known well enough for three standard errors to mean much.</summary>
    private const int LeastCount = 20;

    /// <summary>Where fewer of the particles were refined, what they gained does not speak for the run.</summary>
    private const double LeastRefined = 0.5;

    /// <summary>Poses less certain than this, degrees, are a doubt about them.</summary>
    private const double LargeSigma = 10;

    /// <summary>A resolution coarser by this factor has fallen.</summary>
    private const double Coarser = 1.02;

    /// <summary>Whether images that show one particle were refined together.</summary>
    public bool OfSeries { get; init; }

    private string Text => Refinement.Verdict.Gain(Gain, Error);

    /// <summary>The verdict.</summary>
    /// <param name="before">Mean corrected FSC of the half maps at the start.</param>
    /// <param name="after">The same at the end, in the same mask and shells.</param>
    /// <param name="resolutionBefore">Resolution at the start, angstrom; null for none.</param>
    /// <param name="resolution">Resolution at the end; null for none.</param>
    public Verdict Verdict(double before, double after, double? resolutionBefore, double? resolution)
    {
        var (outcome, reason) = Decide(before, after, resolution);
        var doubts = outcome == VerdictOutcome.Improved ? Doubts(resolutionBefore, resolution) : [];
        return new Verdict
        {
            Outcome = outcome,
            Reason = doubts.Count > 0 ? $"but with doubt, as {string.Join(" and ", doubts)}; {reason}" : reason,
            Advice = outcome switch
            {
                VerdictOutcome.Worse => Refinement.Verdict.KeepPoses(OfSeries),
                VerdictOutcome.CannotBeJudged => Refinement.Verdict.LookAtInput,
                _ => doubts.Count > 0 ? Refinement.Verdict.CheckFirst : null,
            },
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

        var fsc = Invariant($"mean FSC in the same mask {before:0.000} before, {after:0.000} after");
        if (after < before - Fall)
        {
            return (VerdictOutcome.Worse, $"the half maps agree less than at the start: {fsc}; held-out log-likelihood {Text}");
        }

        if (Refined < LeastRefined)
        {
            return (
                VerdictOutcome.CannotBeJudged,
                Invariant($"only {100 * Refined:0.#} % of the {(OfSeries ? "tilt images" : "particles")} could be refined; ")
                    + $"the others kept their poses; {fsc}");
        }

        if (Count < LeastCount)
        {
            return (
                VerdictOutcome.CannotBeJudged, Invariant($"only {Count} held-out particles could be judged, and fewer than {LeastCount} say nothing; {fsc}"));
        }

        // Without uncertainties (the published mode) any motion counts.
        if (Moved < SamePart * Sigma)
        {
            return (VerdictOutcome.Unchanged, Invariant($"poses moved by {Moved:0.00} deg, less than half their uncertainty of {Sigma:0.00} deg; {fsc}"));
        }

        return Math.Abs(Gain) > Refinement.Verdict.Sure * Error
            ? Gain > 0
                ? (VerdictOutcome.Improved, $"held-out log-likelihood {Text} over the start; {fsc}")
                : (
                    VerdictOutcome.Worse,
                    "the poses follow noise: of what they have not seen they explain less than the start did, held-out log-likelihood "
                        + Text
                        + (double.IsFinite(Moved + Sigma) ? Invariant($" (moved by {Moved:0.0} deg, uncertainty {Sigma:0.0} deg)") : string.Empty)
                        + $"; {fsc}")
            : (VerdictOutcome.Unchanged, $"held-out log-likelihood {Text}, not clearly different from the start; {fsc}");
    }

    /// <summary>What speaks against poses that explain better what they have not seen.</summary>
    private List<string> Doubts(double? before, double? after)
    {
        var doubts = new List<string>();
        if (after > Coarser * before)
        {
            doubts.Add(Invariant($"the resolution fell from {before:0.00} to {after:0.00} A"));
        }

        if (Sigma > LargeSigma)
        {
            doubts.Add(Invariant($"the poses are uncertain by {Sigma:0.0} deg"));
        }

        return doubts;
    }
}
