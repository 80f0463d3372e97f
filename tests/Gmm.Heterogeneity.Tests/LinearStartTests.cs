using Gmm.Core;
using Gmm.Testing;
using Xunit;

namespace Gmm.Heterogeneity.Tests;

/// <summary>The small linear algebra and the closed-form linear model.</summary>
public class LinearStartTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(30)]
    public void Eigenvectors_diagonalise(int n)
    {
        var matrix = Positive(n, 3);
        var (values, vectors) = SymmetricEigen.Decompose(matrix, n);
        for (var k = 0; k < n; k++)
        {
            Assert.True(k == 0 || values[k] <= values[k - 1]);
            for (var i = 0; i < n; i++)
            {
                double sum = 0;
                for (var j = 0; j < n; j++)
                {
                    sum += matrix[(i * n) + j] * vectors[(k * n) + j];
                }

                Assert.Equal(values[k] * vectors[(k * n) + i], sum, 1e-9);
            }
        }
    }

    [Fact]
    public void The_component_of_a_linear_motion_is_found()
    {
        // Gradients g = H u z + noise of covariance H: u and the posterior mean of z are known.
        const int n = 12, count = 20000;
        var information = Positive(n, 5);
        var (values, vectors) = SymmetricEigen.Decompose(information, n);
        double[] motion = [.. Enumerable.Range(0, n).Select(i => 0.6 * Math.Sin(1 + (2 * i)))];
        var random = new Random(6);
        double[] Noise()
        {
            var g = new double[n];
            for (var k = 0; k < n; k++)
            {
                var draw = Math.Sqrt(values[k]) * Draw.Normal(random);
                for (var i = 0; i < n; i++)
                {
                    g[i] += draw * vectors[(k * n) + i];
                }
            }

            return g;
        }

        var statistics = new FeatureStatistics((2 * n) + 3, n);
        for (var p = 0; p < count; p++)
        {
            var z = Draw.Normal(random);
            var noise = Noise();
            var features = new float[(2 * n) + 3];
            for (var i = 0; i < n; i++)
            {
                features[n + i] = (float)(noise[i] + (z * Enumerable.Range(0, n).Sum(j => information[(i * n) + j] * motion[j])));
            }

            statistics.Add(features);
            statistics.AddNoise(Array.ConvertAll(Noise(), v => (float)v));
        }

        var start = LinearStart.Find(statistics, 2);
        var signal = Quadratic(information, motion, n);
        Assert.Equal(signal, start.Signals[0], 0.1 * signal);
        Assert.True(start.Signals[1] < 0.1);
        var sign = Math.Sign(start.Motions[0][0] * motion[0]);
        for (var i = 0; i < n; i++)
        {
            Assert.Equal(motion[i], sign * start.Motions[0][i], 0.08);
            Assert.Equal(motion[i] / (1 + signal), sign * start.Encoders[0][i], 0.08 / (1 + signal));
        }
    }

    private static double Quadratic(double[] matrix, double[] v, int n)
    {
        double sum = 0;
        for (var i = 0; i < n * n; i++)
        {
            sum += matrix[i] * v[i / n] * v[i % n];
        }

        return sum;
    }

    private static double[] Positive(int n, int seed)
    {
        var random = new Random(seed);
        double[] a = [.. Enumerable.Range(0, n * n).Select(_ => Draw.Normal(random))], m = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                m[(i * n) + j] = Enumerable.Range(0, n).Sum(k => a[(i * n) + k] * a[(j * n) + k]) + (i == j ? 1 : 0);
            }
        }

        return m;
    }
}
