using Gmm.Core;

namespace Gmm.Testing;

/// <summary>
/// Whether uncertainties are what they say. Errors e_i of n parameters with the covariances C_i that somebody reported for them give
///
///   chi^2 = sum_i e_i' C_i^-1 e_i,
///
/// which has the chi-square distribution of N n degrees of freedom if the errors are normal and the covariances true: a mean of N n and a variance of 2 N n.
/// </summary>
/// <param name="Count">N, the number of errors.</param>
/// <param name="ChiSquare">chi^2.</param>
/// <param name="VarianceRatios">
/// For each parameter p the mean of e_ip^2 / C_ipp: 1 if calibrated, with a standard deviation of (2 / N)^1/2; above 1 where the errors are greater than said.
/// </param>
public sealed record Calibration(int Count, double ChiSquare, IReadOnlyList<double> VarianceRatios)
{
    /// <summary>N n.</summary>
    public int DegreesOfFreedom => Count * VarianceRatios.Count;

    /// <summary>chi^2 / (N n): 1 if calibrated, with a standard deviation of (2 / N n)^1/2.</summary>
    public double ReducedChiSquare => ChiSquare / DegreesOfFreedom;

    /// <summary>
    /// How many standard deviations chi^2 is off, by Wilson and Hilferty: (chi^2 / v)^1/3 is nearly normal with the mean 1 - 2 / 9v and the variance 2 / 9v,
    /// v = N n. Positive where the errors are greater than said.
    /// </summary>
    public double StandardScore
    {
        get
        {
            var v = 2.0 / (9 * DegreesOfFreedom);
            return (Math.Cbrt(ReducedChiSquare) - (1 - v)) / Math.Sqrt(v);
        }
    }

    /// <summary>Compares errors with their covariances.</summary>
    /// <param name="errors">The errors and covariances: n values, and n x n values row by row.</param>
    /// <returns>The comparison.</returns>
    /// <exception cref="ArgumentException">No errors, lengths that do not fit, or a covariance that is not positive.</exception>
    public static Calibration Of(IReadOnlyCollection<(double[] Error, double[] Covariance)> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        if (errors.Count == 0)
        {
            throw new ArgumentException("There are no errors to compare.", nameof(errors));
        }

        var n = errors.First().Error.Length;
        double chiSquare = 0;
        var ratios = new double[n];
        var inverse = new double[n * n];
        foreach (var (error, covariance) in errors)
        {
            if (error.Length != n || covariance.Length != n * n || !Cholesky.TryInvert(n, covariance, inverse))
            {
                throw new ArgumentException($"Each error needs {n} values and a positive covariance of {n} x {n}.", nameof(errors));
            }

            for (var p = 0; p < n; p++)
            {
                ratios[p] += error[p] * error[p] / covariance[(n + 1) * p] / errors.Count;
                for (var q = 0; q < n; q++)
                {
                    chiSquare += error[p] * inverse[(n * p) + q] * error[q];
                }
            }
        }

        return new Calibration(errors.Count, chiSquare, ratios);
    }
}
