namespace Gmm.Core;

/// <summary>The mean of values that are finite, and its standard error.</summary>
/// <param name="Mean">The mean; NaN of fewer than two values.</param>
/// <param name="Error">Its standard error, s / sqrt(n) with s^2 = sum (v - mean)^2 / (n - 1); NaN of fewer than two values.</param>
/// <param name="Count">Values that are finite.</param>
internal readonly record struct MeanEstimate(double Mean, double Error, int Count)
{
    /// <summary>How many standard errors the mean is from 0; 0 where that cannot be said.</summary>
    public double StandardErrors => Error > 0 ? Mean / Error : 0;

    /// <summary>Takes the mean.</summary>
    /// <param name="values">The values; those that are not finite are left out.</param>
    public static MeanEstimate Of(IEnumerable<double> values)
    {
        var finite = values.Where(double.IsFinite).ToArray();
        if (finite.Length < 2)
        {
            return new(double.NaN, double.NaN, finite.Length);
        }

        var mean = finite.Average();
        return new(mean, Math.Sqrt(finite.Sum(v => (v - mean) * (v - mean)) / (finite.Length - 1.0) / finite.Length), finite.Length);
    }
}
