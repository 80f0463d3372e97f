using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Cli;

/// <summary>The weights of the particles, and what was rejected.</summary>
/// <param name="Name">What the weights are.</param>
/// <param name="Values">The weights; null for 1 each.</param>
/// <param name="Rejected">Particles rejected.</param>
/// <param name="RejectedBy">The column that decided.</param>
/// <param name="WorstKept">The least value kept in each half; null for none.</param>
internal sealed record ParticleSelection(string Name, IReadOnlyList<float>? Values, int Rejected, string? RejectedBy, HalfPair<double?>? WorstKept)
{
    /// <summary>Makes the weights that were asked for and says what they leave out.</summary>
    public static ParticleSelection Make(ReconstructRequest request, StarParticles particles, VerbCall call)
    {
        var column = request.Weights switch
        {
            "none" or "signal" => null,
            "posterior" => ParticleWeights.PosteriorLabel,
            "score" => ParticleWeights.ScoreLabel,
            var name => name.StartsWith('_') ? name[1..] : name,
        };
        var values = column is null ? null : request.Weights == "score" ? Scores(particles, call) : ParticleWeights.FromColumn(particles, column);
        if (request.RejectWorst is not { } fraction)
        {
            return new ParticleSelection(column ?? request.Weights, values, 0, null, null);
        }

        var by = request.RejectBy ?? column ?? ParticleWeights.ScoreLabel;
        var rejection = ParticleWeights.RejectWorst(particles, by, fraction);
        var kept = new HalfPair<double?>(Texts.Finite(rejection.WorstKept1), Texts.Finite(rejection.WorstKept2));
        call.Say(
            Texts.Line($"rejected {rejection.Rejected.Count} of {particles.Particles.Count} particles: {by} under {kept.Half1:G6} in half 1 and ")
                + Texts.Line($"{kept.Half2:G6} in half 2"));
        return new ParticleSelection(column ?? request.Weights, ParticleWeights.Without(particles, values, rejection), rejection.Rejected.Count, by, kept);
    }

    private static float[] Scores(StarParticles particles, VerbCall call)
    {
        var (weights, negative) = ParticleWeights.FromScore(particles);
        if (negative > 0)
        {
            call.Warn([$"{negative} particles with a negative {ParticleWeights.ScoreLabel} have no weight"]);
        }

        return weights;
    }
}
