using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>How far a motion goes.</summary>
public static class MotionRange
{
    /// <summary>
    /// The distance between the two places of the Gaussian that moves most, when one latent coordinate goes from one quantile of its values to
    /// another and the others stay at 0.
    /// </summary>
    /// <param name="decoder">The decoder of a half.</param>
    /// <param name="points">Latent points of that half's particles.</param>
    /// <param name="coordinate">Coordinate, from 0.</param>
    /// <param name="share">Share of the particles between the quantiles.</param>
    /// <returns>Angstrom.</returns>
    /// <exception cref="ArgumentException">No points.</exception>
    public static double Farthest(IDeformationDecoder decoder, IReadOnlyList<float[]> points, int coordinate, double share = 0.95)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(points);
        if (points.Count == 0)
        {
            throw new ArgumentException("There are no latent points.", nameof(points));
        }

        float[] values = [.. points.Select(p => p[coordinate]).Order()];
        float At(double quantile) => values[(int)Math.Round(quantile * (values.Length - 1))];
        ModelDeformation low = new(decoder.GaussianCount), high = new(decoder.GaussianCount);
        var point = new float[decoder.LatentDimension];
        point[coordinate] = At(0.5 * (1 - share));
        decoder.Decode(point, low);
        point[coordinate] = At(0.5 * (1 + share));
        decoder.Decode(point, high);
        double most = 0;
        for (var j = 0; j < low.Count; j++)
        {
            double x = high.X[j] - low.X[j], y = high.Y[j] - low.Y[j], z = high.Z[j] - low.Z[j];
            most = Math.Max(most, (x * x) + (y * y) + (z * z));
        }

        return Math.Sqrt(most);
    }
}
