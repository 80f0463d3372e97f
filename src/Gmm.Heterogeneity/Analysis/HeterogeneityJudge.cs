using System.Globalization;
using Gmm.Refinement;

namespace Gmm.Heterogeneity;

/// <summary>The verdict on an analysis of heterogeneity, from what the two halves' held-out particles gained over the neutral model.</summary>
public static class HeterogeneityJudge
{
    /// <summary>Judges.</summary>
    /// <param name="training">The course of training of both halves.</param>
    /// <param name="motionFound">Whether both halves show motion.</param>
    /// <returns>Improved where motion was found, worse where the model of motion harms held-out particles, unchanged otherwise.</returns>
    public static Verdict Judge(IReadOnlyList<HalfTraining> training, bool motionFound)
    {
        ArgumentNullException.ThrowIfNull(training);
        var gain = training.Average(t => t.HeldOutGain);
        var error = Math.Sqrt(training.Sum(t => t.HeldOutError * t.HeldOutError)) / training.Count;
        var harmed = gain < -Verdict.Sure * error;
        var text = string.Join(", ", training.Select(t => string.Create(
            CultureInfo.InvariantCulture, $"half {t.Half} {t.HeldOutGain:0.000} +- {t.HeldOutError:0.000}")));
        return new Verdict
        {
            Outcome = motionFound ? VerdictOutcome.Improved : harmed ? VerdictOutcome.Worse : VerdictOutcome.Unchanged,
            Reason = motionFound
                ? $"held-out particles of both halves are explained better with motion than without: gain {text}"
                : harmed
                    ? $"held-out particles are explained worse with motion than without: gain {text}"
                    : $"held-out particles are not clearly explained better with motion than without in both halves: gain {text}",
            Advice = motionFound ? null : "Keep the neutral model and the poses you had: the latent points are noise.",
            HeldOutGain = gain,
            HeldOutError = error,
            HeldOutParticles = training.Sum(t => t.HeldOut),
        };
    }
}
