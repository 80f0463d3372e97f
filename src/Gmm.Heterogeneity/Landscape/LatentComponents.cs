using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>
/// Principal components of the latent points of one half. A latent space has no length of its own, so it is measured by what it does: by the root
/// mean square displacement of the Gaussians, in angstrom. A component's score is that displacement along it, its share the share of all motion.
/// </summary>
/// <remarks>
/// With K = mean of J^T W J over particles (J the decoder's Jacobian, W the Gaussians' weights, of sum 1), y = K^(1/2) z has angstrom for its unit;
/// the components are the eigenvectors of the covariance of y.
/// </remarks>
public sealed class LatentComponents
{
    /// <summary>Least eigenvalue of K over the largest: a coordinate that moves nothing still has a finite way back.</summary>
    private const double Floor = 1e-6;

    private readonly double[] _forward;
    private readonly double[] _back;
    private readonly double[] _mean;
    private readonly double[] _variances;
    private readonly double[] _shares;

    private LatentComponents(double[] mean, double[] forward, double[] back, double[] variances, double[] shares) =>
        (_mean, _forward, _back, _variances, _shares) = (mean, forward, back, variances, shares);

    /// <summary>Number of latent coordinates and of components.</summary>
    public int Dimension => _mean.Length;

    /// <summary>The mean latent point.</summary>
    public IReadOnlyList<double> Mean => _mean;

    /// <summary>Variance of the scores of each component, square angstrom, from the largest.</summary>
    public IReadOnlyList<double> Variances => _variances;

    /// <summary>Share of the whole variance that each component explains, 0 to 1.</summary>
    public IReadOnlyList<double> Shares => _shares;

    /// <summary>Finds the components.</summary>
    /// <param name="points">The latent points of one half, two at least.</param>
    /// <param name="metric">K, d x d values, symmetric; null leaves the latent space as it is (then scores have no unit).</param>
    /// <returns>The components.</returns>
    /// <exception cref="InvalidInputException">Fewer than two points.</exception>
    /// <exception cref="ArgumentException">Points of different dimension, or a metric of another size.</exception>
    public static LatentComponents Of(IReadOnlyList<float[]> points, IReadOnlyList<double>? metric = null)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Count < 2)
        {
            throw new InvalidInputException($"{points.Count} latent points have no components; two or more are needed", "latent points");
        }

        var d = points[0].Length;
        if (points.Any(p => p.Length != d) || (metric is not null && metric.Count != d * d))
        {
            throw new ArgumentException($"Latent points of {d} coordinates need {d} x {d} values of the metric.", nameof(metric));
        }

        var (root, inverse) = Roots(metric?.ToArray() ?? Identity(d), d);
        var mean = new double[d];
        foreach (var p in points)
        {
            for (var k = 0; k < d; k++)
            {
                mean[k] += (double)p[k] / points.Count;
            }
        }

        var covariance = new double[d * d];
        var y = new double[d];
        foreach (var p in points)
        {
            for (var k = 0; k < d; k++)
            {
                y[k] = 0;
                for (var l = 0; l < d; l++)
                {
                    y[k] += root[(k * d) + l] * (p[l] - mean[l]);
                }
            }

            for (var k = 0; k < d * d; k++)
            {
                covariance[k] += y[k / d] * y[k % d] / points.Count;
            }
        }

        var (values, vectors) = SymmetricEigen.Decompose(covariance, d);
        var total = values.Sum(v => Math.Max(0, v));
        return new LatentComponents(
            mean, SmallMatrix.Multiply(vectors, root, d, d, d), SmallMatrix.Multiply(vectors, inverse, d, d, d), [.. values.Select(v => Math.Max(0, v))],
            [.. values.Select(v => total > 0 ? Math.Max(0, v) / total : 0)]);
    }

    /// <summary>The metric K of a decoder: the mean square displacement of the Gaussians per latent step, averaged over points.</summary>
    /// <param name="decoder">The decoder.</param>
    /// <param name="points">Latent points; about a hundred of them, evenly taken, are used.</param>
    /// <param name="weights">Weight of each Gaussian; null weighs all alike.</param>
    /// <returns>d x d values, square angstrom.</returns>
    public static double[] MetricOf(IDeformationDecoder decoder, IReadOnlyList<float[]> points, IReadOnlyList<float>? weights = null)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(points);
        const int used = 100;
        var (d, n) = (decoder.LatentDimension, decoder.GaussianCount);
        var columns = Enumerable.Range(0, d).Select(_ => new ModelDeformation(n)).ToArray();
        var sum = new double[d * d];
        var total = 0;
        double weight = 0;
        for (var j = 0; j < n; j++)
        {
            weight += weights?[j] ?? 1;
        }

        for (var i = 0; i < points.Count; i += Math.Max(1, points.Count / used), total++)
        {
            decoder.Velocities(points[i], columns);
            for (var k = 0; k < d; k++)
            {
                for (var l = 0; l <= k; l++)
                {
                    sum[(k * d) + l] += DeformationProduct.Of(columns[k], columns[l], weights) / weight;
                }
            }
        }

        for (var k = 0; k < d * d; k++)
        {
            sum[k] = sum[Math.Max(k / d, k % d) * d + Math.Min(k / d, k % d)];
        }

        return [.. sum.Select(s => s / Math.Max(1, total))];
    }

    /// <summary>Scores of a latent point: where it is along each component.</summary>
    /// <param name="point">The point.</param>
    /// <returns>A score for each component, angstrom.</returns>
    public double[] Scores(ReadOnlySpan<float> point)
    {
        var scores = new double[Dimension];
        for (var k = 0; k < Dimension; k++)
        {
            for (var l = 0; l < Dimension; l++)
            {
                scores[k] += _forward[(k * Dimension) + l] * (point[l] - _mean[l]);
            }
        }

        return scores;
    }

    /// <summary>The latent point of given scores.</summary>
    /// <param name="scores">A score for each component; those left out are 0.</param>
    /// <returns>The point.</returns>
    public float[] Point(ReadOnlySpan<double> scores)
    {
        var point = new float[Dimension];
        for (var l = 0; l < Dimension; l++)
        {
            var sum = _mean[l];
            for (var k = 0; k < scores.Length; k++)
            {
                sum += _back[(k * Dimension) + l] * scores[k];
            }

            point[l] = (float)sum;
        }

        return point;
    }

    /// <summary>The same components in another order and with other signs.</summary>
    internal LatentComponents Rearranged(IReadOnlyList<int> order, IReadOnlyList<int> signs)
    {
        double[] Rows(double[] rows) =>
            [.. Enumerable.Range(0, Dimension * Dimension).Select(i => signs[i / Dimension] * rows[(order[i / Dimension] * Dimension) + (i % Dimension)])];
        return new LatentComponents(_mean, Rows(_forward), Rows(_back), [.. order.Select(k => _variances[k])], [.. order.Select(k => _shares[k])]);
    }

    /// <summary>K^(1/2) and K^(-1/2).</summary>
    private static (double[] Root, double[] Inverse) Roots(double[] metric, int d)
    {
        var (values, vectors) = SymmetricEigen.Decompose(metric, d);
        double[] root = new double[d * d], inverse = new double[d * d];
        var least = values[0] > 0 ? Floor * values[0] : 1;
        for (var e = 0; e < d; e++)
        {
            var s = Math.Sqrt(Math.Max(least, values[e]));
            for (var k = 0; k < d * d; k++)
            {
                var v = vectors[(e * d) + (k / d)] * vectors[(e * d) + (k % d)];
                root[k] += s * v;
                inverse[k] += v / s;
            }
        }

        return (root, inverse);
    }

    private static double[] Identity(int d) => [.. Enumerable.Range(0, d * d).Select(i => i / d == i % d ? 1.0 : 0)];
}
