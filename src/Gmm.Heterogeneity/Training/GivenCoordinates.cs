using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>
/// Coordinates of a half's particles that another analysis has given (<see cref="HeterogeneityOptions.StartLatents"/>), brought to mean 0 and unit covariance
/// over the half, and their covariance with the particles' gradients.
/// </summary>
internal sealed class GivenCoordinates
{
    /// <summary>Least variance of a direction that counts, of the greatest: coordinates that say the same as others.</summary>
    private const double LeastVariance = 1e-6;

    private readonly double[][] _points;
    private readonly double[] _products;
    private int _count;

    /// <summary>Makes them of one half.</summary>
    /// <param name="points">The coordinates of each of the half's particles, all as many.</param>
    /// <param name="controls">Gradients of a particle.</param>
    public GivenCoordinates(IReadOnlyList<double[]> points, int controls)
    {
        int count = points.Count, d = points[0].Length;
        double[] mean = new double[d], covariance = new double[d * d];
        foreach (var point in points)
        {
            for (var k = 0; k < d; k++)
            {
                mean[k] += point[k] / count;
            }
        }

        foreach (var point in points)
        {
            for (var k = 0; k < d * d; k++)
            {
                covariance[k] += (point[k / d] - mean[k / d]) * (point[k % d] - mean[k % d]) / count;
            }
        }

        var (values, vectors) = SymmetricEigen.Decompose(covariance, d);
        Dimension = values.Count(v => v > 0 && v > LeastVariance * values[0]);
        _points = [.. points.Select(p => Enumerable.Range(0, Dimension)
            .Select(k => Enumerable.Range(0, d).Sum(i => (p[i] - mean[i]) * vectors[(k * d) + i]) / Math.Sqrt(values[k])).ToArray())];
        _products = new double[controls * Dimension];
    }

    /// <summary>Directions in which the particles differ.</summary>
    public int Dimension { get; }

    /// <summary>Adds the gradient of the next particle, in the particles' order.</summary>
    public void Add(ReadOnlySpan<float> gradient)
    {
        var point = _points[_count++];
        for (var i = 0; i < gradient.Length; i++)
        {
            for (var k = 0; k < point.Length; k++)
            {
                _products[(i * point.Length) + k] += gradient[i] * point[k];
            }
        }
    }

    /// <summary>The covariance of gradients and coordinates over the particles that were added: a row for each gradient.</summary>
    public double[] Covariance() => Array.ConvertAll(_products, v => v / _count);
}
