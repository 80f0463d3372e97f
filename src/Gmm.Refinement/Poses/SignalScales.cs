using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// The scale of the signal in each image (its contrast) and the weight it deserves, from the likelihood's fit of the image to the model of its own half.
/// </summary>
/// <remarks>
/// <para>The fitted amplitude a of an image has the standard deviation s = a / rho, rho^2 / 2 the gain in log-likelihood. Single values are noisy, so they are
/// shrunk towards the mean of their group (one half, one optics group) by empirical Bayes: a ~ N(A, s^2), A ~ N(m, t^2), m and t by maximum
/// likelihood (EM), and the posterior mean is used. Where t is small or not there, all scales stay as they are, and so do results.</para>
/// <para>The weight is that of a Student-t-like tail: 1 while the power of what is left of an image is less than twice the group's median, and falling with
/// the inverse of the power beyond.</para>
/// </remarks>
internal static class SignalScales
{
    /// <summary>Fewest images of a group that tell a distribution.</summary>
    private const int LeastImages = 20;

    /// <summary>Relative spread under which scales are left as they are: what it could gain, half its square, is a tenth of a per cent.</summary>
    private const double LeastSpread = 0.05;

    /// <summary>Gain in log-likelihood over no spread that is asked for: two standard deviations of one parameter are 2.</summary>
    private const double LeastEvidence = 4;

    /// <summary>Scales, relative to their group's mean, are kept within these.</summary>
    private const double Least = 0.05;
    private const double Most = 5;

    /// <summary>Power of the rest, over the group's median, from which an image weighs less.</summary>
    private const double Wild = 2;

    private const int Rounds = 200;

    /// <summary>What a half's images say together, by optics group: from all of them or from a sample, whose poses were refined.</summary>
    /// <param name="particles">The particles as they were compared: their scales and weights before.</param>
    /// <param name="estimates">What was found; null for those not in the sample.</param>
    /// <param name="half">All particles of the half.</param>
    /// <param name="given">The particles as the source has them.</param>
    /// <param name="groups">Number of optics groups.</param>
    /// <returns>For each optics group what its images say; null where they say nothing.</returns>
    public static SignalGroup?[] Learn(
        IReadOnlyList<Particle> particles, IReadOnlyList<PoseEstimate?> estimates, int[] half, IReadOnlyList<Particle> given, int groups)
    {
        var found = new SignalGroup?[groups];
        foreach (var all in half.GroupBy(i => particles[i].OpticsIndex))
        {
            int[] members = [.. all.Where(i => IsUsable(estimates[i]))];
            if (members.Length > 0)
            {
                var limit = Wild * Medians.Of(members.Select(i => Rest(estimates[i]!.Score)));
                // Relative to what the group's scales were at first: maps keep their grey scale.
                found[all.Key] = Amplitudes(particles, estimates, members, new SignalGroup(limit, all.Average(i => given[i].Ctf.ScaleFactor)));
            }
        }

        return found;
    }

    /// <summary>Scale and weight of one particle after a pose step.</summary>
    /// <param name="particle">The particle as it was compared.</param>
    /// <param name="estimate">What was found.</param>
    /// <param name="given">The particle as the source has it, with its weight by the image alone.</param>
    /// <param name="group">What its group says.</param>
    /// <returns>Its scale, the standard deviation of its own estimate (NaN where there is none), and its weight.</returns>
    public static (double Scale, double Sigma, float Weight) Of(Particle particle, PoseEstimate estimate, Particle given, SignalGroup? group)
    {
        if (group is null || !IsUsable(estimate))
        {
            return (particle.Ctf.ScaleFactor, double.NaN, given.Weight);
        }

        var rest = Rest(estimate.Score);
        var weight = Math.Min(rest > group.RestLimit ? (float)Math.Round(group.RestLimit / rest, 6) : 1, given.Weight);
        var (value, variance) = Amplitude(particle, estimate, group);
        if (group.Mean is not { } mean)
        {
            return (particle.Ctf.ScaleFactor, Math.Sqrt(variance), weight);
        }

        var shrunk = ((value * group.Spread) + (mean * variance)) / (group.Spread + variance);
        // Rounded as the file holds it, so that a run that is resumed goes on from the same numbers.
        return (Math.Round(group.Scale * Math.Clamp(shrunk / mean, Least, Most), 6), Math.Sqrt(variance) * group.Scale / mean, weight);
    }

    private static bool IsUsable([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] PoseEstimate? estimate) =>
        estimate is { Status: PoseStatus.Refined, IsDetermined: true } && Rho2(estimate.Score) > 0;

    /// <summary>Twice the gain in log-likelihood over no signal.</summary>
    private static double Rho2(in PoseScore score) => 2 * Math.Abs(score.Objective);

    /// <summary>The image's whitened power less what the model explains.</summary>
    private static double Rest(in PoseScore score) => Rho2(score) * ((1 / (score.Correlation * score.Correlation)) - 1);

    /// <summary>The amplitude fitted to an image, and its variance; an image of more noise than the others says less.</summary>
    private static (double Value, double Variance) Amplitude(Particle particle, PoseEstimate estimate, SignalGroup group)
    {
        var value = estimate.Score.Scale * particle.Ctf.ScaleFactor;
        var noise = Math.Max(1, Rest(estimate.Score) * Wild / group.RestLimit);
        return (value, value * value / Rho2(estimate.Score) * noise);
    }

    private static SignalGroup Amplitudes(
        IReadOnlyList<Particle> particles, IReadOnlyList<PoseEstimate?> estimates, int[] members, SignalGroup group)
    {
        if (members.Length < LeastImages)
        {
            return group;
        }

        double[] values = new double[members.Length], variances = new double[members.Length];
        for (var n = 0; n < values.Length; n++)
        {
            (values[n], variances[n]) = Amplitude(particles[members[n]], estimates[members[n]]!, group);
        }

        return Fit(values, variances) is { } fit ? group with { Mean = fit.Mean, Spread = fit.Spread } : group;
    }

    /// <summary>Mean and variance of the true values; null where there is no spread worth the name.</summary>
    private static (double Mean, double Spread)? Fit(double[] values, double[] variances)
    {
        double Mean(double spread)
        {
            double sum = 0, weight = 0;
            for (var n = 0; n < values.Length; n++)
            {
                sum += values[n] / (variances[n] + spread);
                weight += 1 / (variances[n] + spread);
            }

            return sum / weight;
        }

        double LogLikelihood(double mean, double spread)
        {
            double sum = 0;
            for (var n = 0; n < values.Length; n++)
            {
                sum -= 0.5 * (Math.Log(variances[n] + spread) + ((values[n] - mean) * (values[n] - mean) / (variances[n] + spread)));
            }

            return sum;
        }

        var mean = Medians.Of(values);
        var spread = Math.Pow(Medians.Spread(values), 2);
        for (var round = 0; round < Rounds && spread > 0; round++)
        {
            mean = Mean(spread);
            double next = 0;
            for (var n = 0; n < values.Length; n++)
            {
                var share = spread / (spread + variances[n]);
                next += Math.Pow(share * (values[n] - mean), 2) + (share * variances[n]);
            }

            spread = next / values.Length;
        }

        var none = Mean(0);
        return mean > 0 && spread > LeastSpread * LeastSpread * mean * mean && LogLikelihood(mean, spread) - LogLikelihood(none, 0) > LeastEvidence
            ? (mean, spread)
            : null;
    }
}
