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

    /// <summary>Scales and weights of the particles after a pose step.</summary>
    /// <param name="particles">The particles as they were compared: their scales and weights before.</param>
    /// <param name="estimates">What was found.</param>
    /// <param name="before">Weights by the images alone.</param>
    /// <returns>For each particle its scale, the standard deviation of its own estimate (NaN where there is none), and its weight.</returns>
    public static (double Scale, double Sigma, float Weight)[] Estimate(
        IReadOnlyList<Particle> particles, PoseEstimate[] estimates, IReadOnlyList<Particle> before)
    {
        var result = new (double Scale, double Sigma, float Weight)[particles.Count];
        var groups = new SortedDictionary<(int, int), List<int>>();
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = (particles[i].Ctf.ScaleFactor, double.NaN, before[i].Weight);
            if (estimates[i].Status == PoseStatus.Refined && estimates[i].Covariance is not null && Rho2(estimates[i].Score) > 0)
            {
                var key = (particles[i].OpticsIndex, particles[i].Half);
                if (!groups.TryGetValue(key, out var members))
                {
                    groups.Add(key, members = []);
                }

                members.Add(i);
            }
        }

        foreach (var members in groups.Values)
        {
            var rest = members.ToDictionary(i => i, i => Rest(estimates[i].Score));
            var limit = Wild * Medians.Of(rest.Values);
            foreach (var i in members)
            {
                var weight = rest[i] > limit ? (float)Math.Round(limit / rest[i], 6) : 1;
                result[i].Weight = Math.Min(weight, before[i].Weight);
            }

            Shrink(particles, estimates, members, i => Math.Max(1, rest[i] * Wild / limit), result);
        }

        return result;
    }

    /// <summary>Twice the gain in log-likelihood over no signal.</summary>
    private static double Rho2(in PoseScore score) => 2 * Math.Abs(score.Objective);

    /// <summary>The image's whitened power less what the model explains.</summary>
    private static double Rest(in PoseScore score) => Rho2(score) * ((1 / (score.Correlation * score.Correlation)) - 1);

    private static void Shrink(
        IReadOnlyList<Particle> particles, PoseEstimate[] estimates, List<int> members, Func<int, double> noise,
        (double Scale, double Sigma, float Weight)[] result)
    {
        double[] values = new double[members.Count], variances = new double[members.Count];
        for (var n = 0; n < values.Length; n++)
        {
            var (score, scale) = (estimates[members[n]].Score, particles[members[n]].Ctf.ScaleFactor);
            values[n] = score.Scale * scale;
            // An image of more noise than the others says less.
            variances[n] = values[n] * values[n] / Rho2(score) * noise(members[n]);
            result[members[n]].Sigma = Math.Sqrt(variances[n]);
        }

        if (members.Count < LeastImages || Fit(values, variances) is not { } fit)
        {
            return;
        }

        // Relative to the group's mean, which stays what it was: maps keep their grey scale.
        var mean = members.Average(i => particles[i].Ctf.ScaleFactor);
        for (var n = 0; n < values.Length; n++)
        {
            var shrunk = ((values[n] * fit.Spread) + (fit.Mean * variances[n])) / (fit.Spread + variances[n]);
            // Rounded as the file holds it, so that a run that is resumed goes on from the same numbers.
            result[members[n]].Scale = Math.Round(mean * Math.Clamp(shrunk / fit.Mean, Least, Most), 6);
            result[members[n]].Sigma *= mean / fit.Mean;
        }
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
