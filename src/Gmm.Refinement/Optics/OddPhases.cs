using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// The odd terms of a group from its sums: the phase theta'phi common to all its particles enters their likelihood as sum Re(A exp(-i theta'phi)),
/// A = sum s conj(F) D, so that its maximum is found without a second look at the images, however far it is (Newton's method). Odd terms move nothing of a
/// particle but its pose, so that this is right where poses are known.
/// </summary>
internal static class OddPhases
{
    private const int Steps = 20;

    /// <summary>A step is no longer, radians at the edge.</summary>
    private const double Longest = 1;

    /// <summary>Steps shorter than this end it, radians at the edge.</summary>
    private const double Shortest = 1e-6;

    /// <summary>Replaces the step of the odd terms that the data determine by that to their maximum.</summary>
    /// <param name="system">The group's equations, solved.</param>
    /// <param name="phases">The phase of each of its terms, per unit.</param>
    /// <param name="sums">What its particles add up to.</param>
    /// <param name="moved">How far each term is from where it was given, in its unit.</param>
    /// <returns>
    /// The phase of each coefficient at the maximum; and the steps' share of those that the system had found (Gauss-Newton): what the predicted images have of
    /// the information that the images themselves show.
    /// </returns>
    public static (double[] Phase, double Share) Solve(OpticsSystem system, float[][] phases, OpticsSums sums, double[] moved)
    {
        int[] odd = [.. Enumerable.Range(0, system.Terms.Count).Where(j => system.Terms[j].Kind == OpticsTermKind.Odd && system.IsDetermined[j])];
        var n = odd.Length;
        double[] theta = new double[n], tried = new double[n], gradient = new double[n], information = new double[n * n], step = new double[n];
        var phase = new double[sums.Re.Length];
        if (n == 0)
        {
            return (phase, 1);
        }

        var value = Evaluate(theta, null, null);
        for (var s = 0; s < Steps; s++)
        {
            Evaluate(theta, gradient, information);
            if (!Cholesky.TrySolve(information, gradient, 0, step))
            {
                break;
            }

            var longest = step.Max(Math.Abs);
            DampedClimb.Shorten(step, longest, Longest);
            var better = value;
            for (var share = 1.0; share > 0.1; share /= 2)
            {
                for (var j = 0; j < n; j++)
                {
                    tried[j] = theta[j] + (share * step[j]);
                }

                better = Evaluate(tried, null, null);
                if (better > value)
                {
                    break;
                }
            }

            if (!(better > value))
            {
                break;
            }

            value = better;
            tried.CopyTo(theta, 0);
            if (longest < Shortest)
            {
                break;
            }
        }

        double[] linear = [.. odd.Select(j => system.Step[j])];
        for (var j = 0; j < n; j++)
        {
            system.Step[odd[j]] = theta[j];
        }

        Evaluate(theta, null, null);
        double product = 0, square = 0;
        for (var j = 0; j < n; j++)
        {
            var weight = Math.Pow(system.Units[odd[j]] / system.Sigma(odd[j]), 2);
            product += weight * theta[j] * linear[j];
            square += weight * linear[j] * linear[j];
        }

        return (phase, square > 0 ? product / square : 1);

        // The log-likelihood with the terms' priors; leaves the phases in their place.
        double Evaluate(double[] at, double[]? slope, double[]? curvature)
        {
            Array.Clear(phase);
            for (var j = 0; j < n; j++)
            {
                var p = phases[odd[j]];
                for (var i = 0; i < phase.Length; i++)
                {
                    phase[i] += at[j] * p[i];
                }
            }

            double sum = 0;
            double[] turned = slope is null ? [] : new double[phase.Length], along = slope is null ? [] : new double[phase.Length];
            for (var i = 0; i < phase.Length; i++)
            {
                var (sin, cos) = Math.SinCos(phase[i]);
                var agreement = (sums.Re[i] * cos) + (sums.Im[i] * sin);
                sum += agreement;
                if (slope is not null)
                {
                    (along[i], turned[i]) = (agreement, (sums.Im[i] * cos) - (sums.Re[i] * sin));
                }
            }

            for (var j = 0; j < n; j++)
            {
                var known = system.Known(odd[j]);
                var off = at[j] + moved[odd[j]];
                sum -= 0.5 * known * off * off;
                for (var k = 0; slope is not null && k <= j; k++)
                {
                    double g = 0, h = 0;
                    float[] p = phases[odd[j]], q = phases[odd[k]];
                    for (var i = 0; i < phase.Length; i++)
                    {
                        g += p[i] * turned[i];
                        h += (double)p[i] * q[i] * along[i];
                    }

                    slope[j] = g - (known * off);
                    curvature![(j * n) + k] = curvature[(k * n) + j] = j == k ? h + known : h;
                }
            }

            return sum;
        }
    }
}
