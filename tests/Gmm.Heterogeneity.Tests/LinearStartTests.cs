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
        var motion = new MadeMotion(size: 0.6);
        var statistics = motion.Draw(20000, null);
        var start = LinearStart.Find(statistics, 2);
        Assert.Equal(motion.Signal, start.Signals[0], 0.1 * motion.Signal);
        Assert.True(start.Signals[1] < 0.1);
        motion.RequireFirst(start, 0.08);
    }

    [Fact]
    public void A_motion_below_the_noise_is_found_by_coordinates_that_go_with_it()
    {
        // Three coordinates, mixed and shifted, one of them the same for all.
        var motion = new MadeMotion(signal: 0.03);
        var points = new List<double[]>();
        var random = new Random(8);
        var statistics = motion.Draw(5000, z =>
        {
            var other = Draw.Normal(random);
            points.Add([4 + (2 * z) + other, (3 * z) - other, 7]);
        });
        var given = new GivenCoordinates(points, MadeMotion.Controls);
        foreach (var gradient in motion.Drawn)
        {
            given.Add(gradient);
        }

        Assert.Equal(2, given.Dimension);
        var start = LinearStart.Find(statistics, given, 2);
        Assert.Equal(motion.Signal, start.Signals[0], 0.3 * motion.Signal);
        Assert.Equal(0.02, start.Signals[1], 1e-9);
        Assert.True(motion.Cosine(start.Motions[0]) > 0.9, $"{motion.Cosine(start.Motions[0])}");
    }

    /// <summary>Gradients g = H u z + noise of covariance H: u and the posterior mean of z are known.</summary>
    private sealed class MadeMotion
    {
        public const int Controls = 12;

        private readonly Random _random = new(6);
        private readonly double[] _information = Positive(Controls, 5);
        private readonly double[] _values;
        private readonly double[] _vectors;
        private readonly double[] _motion;

        public MadeMotion(double? size = null, double? signal = null)
        {
            (_values, _vectors) = SymmetricEigen.Decompose(_information, Controls);
            double[] shape = [.. Enumerable.Range(0, Controls).Select(i => Math.Sin(1 + (2 * i)))];
            var scale = size ?? Math.Sqrt(signal!.Value / Quadratic(_information, shape, Controls));
            _motion = Array.ConvertAll(shape, v => scale * v);
        }

        public double Signal => Quadratic(_information, _motion, Controls);

        public List<float[]> Drawn { get; } = [];

        public FeatureStatistics Draw(int count, Action<double>? coordinate)
        {
            var statistics = new FeatureStatistics((2 * Controls) + 3, Controls);
            for (var p = 0; p < count; p++)
            {
                var z = Testing.Draw.Normal(_random);
                coordinate?.Invoke(z);
                var noise = Noise();
                var features = new float[(2 * Controls) + 3];
                for (var i = 0; i < Controls; i++)
                {
                    features[Controls + i] = (float)(noise[i]
                        + (z * Enumerable.Range(0, Controls).Sum(j => _information[(i * Controls) + j] * _motion[j])));
                }

                Drawn.Add(features[Controls..(2 * Controls)]);
                statistics.Add(features);
                statistics.AddNoise(Array.ConvertAll(Noise(), v => (float)v));
            }

            return statistics;
        }

        public void RequireFirst(LinearStart start, double tolerance)
        {
            var sign = Math.Sign(start.Motions[0][0] * _motion[0]);
            for (var i = 0; i < Controls; i++)
            {
                Assert.Equal(_motion[i], sign * start.Motions[0][i], tolerance);
                Assert.Equal(_motion[i] / (1 + Signal), sign * start.Encoders[0][i], tolerance / (1 + Signal));
            }
        }

        /// <summary>How far a motion is along this one, 0 to 1, in what images tell.</summary>
        public double Cosine(float[] other)
        {
            double[] v = Array.ConvertAll(other, x => (double)x);
            var along = SmallMatrix.Dot(SmallMatrix.Multiply(_information, v, Controls, Controls, 1), _motion);
            return Math.Abs(along) / Math.Sqrt(Signal * Quadratic(_information, v, Controls));
        }

        private double[] Noise()
        {
            var g = new double[Controls];
            for (var k = 0; k < Controls; k++)
            {
                var draw = Math.Sqrt(_values[k]) * Testing.Draw.Normal(_random);
                for (var i = 0; i < Controls; i++)
                {
                    g[i] += draw * _vectors[(k * Controls) + i];
                }
            }

            return g;
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
