using Gmm.Testing;
using Xunit;

namespace Gmm.Heterogeneity.Tests;

/// <summary>The network core against float64 written out plainly.</summary>
public class DenseNetworkTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 7, 5)]
    [InlineData(17, 33, 24)]
    public void Products_agree_with_float64(int rows, int inner, int columns)
    {
        var random = new Random(rows + inner);
        float[] Values(int n) => [.. Enumerable.Range(0, n).Select(_ => (float)Draw.Normal(random))];
        float[] a = Values(rows * inner), b = Values(columns * inner), start = Values(rows * columns);

        var c = (float[])start.Clone();
        MatrixProduct.AddTransposedRight(a, b, c, rows, inner, columns);
        AssertProduct(start, c, rows, columns, inner, (r, k) => a[(r * inner) + k], (k, s) => b[(s * inner) + k]);

        var d = (float[])start.Clone();
        var bt = Values(inner * columns);
        MatrixProduct.Add(a, bt, d, rows, inner, columns);
        AssertProduct(start, d, rows, columns, inner, (r, k) => a[(r * inner) + k], (k, s) => bt[(k * columns) + s]);

        var e = (float[])start.Clone();
        var at = Values(inner * rows);
        MatrixProduct.AddTransposedLeft(at, bt, e, rows, inner, columns);
        AssertProduct(start, e, rows, columns, inner, (r, k) => at[(k * rows) + r], (k, s) => bt[(k * columns) + s]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Outputs_and_gradients_agree_with_finite_differences_in_float64(bool biases)
    {
        int[] widths = [5, 8, 6, 3];
        const int rows = 4;
        var network = new DenseNetwork(widths, biases);
        var random = new Random(5);
        for (var i = 0; i < network.Parameters.Length; i++)
        {
            network.Parameters[i] = (float)(0.6 * Draw.Normal(random));
        }

        float[] x = [.. Enumerable.Range(0, rows * 5).Select(_ => (float)Draw.Normal(random))];
        float[] w = [.. Enumerable.Range(0, rows * 3).Select(_ => (float)Draw.Normal(random))];
        var tape = new NetworkTape();
        var y = network.Forward(x, rows, tape).ToArray();
        double[] exact = Plain(widths, biases, [.. network.Parameters.Select(v => (double)v)], [.. x.Select(v => (double)v)], rows);
        for (var i = 0; i < y.Length; i++)
        {
            Assert.Equal(exact[i], y[i], 1e-5);
        }

        var gradient = new float[network.Parameters.Length];
        gradient[0] = 10; // Backward adds.
        var inputs = network.Backward(tape, w, gradient).ToArray();
        gradient[0] -= 10;
        double Loss(double[] p, double[] v) => Plain(widths, biases, p, v, rows).Select((o, i) => o * w[i]).Sum();
        AssertGradient(gradient, [.. network.Parameters.Select(v => (double)v)], p => Loss(p, [.. x.Select(v => (double)v)]));
        AssertGradient(inputs, [.. x.Select(v => (double)v)], v => Loss([.. network.Parameters.Select(q => (double)q)], v));
    }

    [Fact]
    public void A_new_network_is_zero_and_its_hidden_layers_follow_the_seed()
    {
        float[] x = [1, -2, 3];
        var network = new DenseNetwork([3, 16, 2]);
        network.Initialise(7, 1);
        Assert.All(network.Forward(x, 1, new NetworkTape()).ToArray(), v => Assert.Equal(0, v));
        Assert.All(network.Weights(0).ToArray(), v => Assert.NotEqual(0, v));
        var again = new DenseNetwork([3, 16, 2]);
        again.Initialise(7, 1);
        Assert.Equal(network.Parameters, again.Parameters);
        again.Initialise(8, 1);
        Assert.NotEqual(network.Parameters, again.Parameters);
    }

    [Fact]
    public void Adam_finds_the_least_squares_line()
    {
        // y = 2 x - 1 + noise-free: the exact answer is known.
        var network = new DenseNetwork([1, 1]);
        var adam = new AdamOptimizer(2);
        var tape = new NetworkTape();
        float[] x = [-1, 0, 1, 2];
        for (var step = 0; step < 2000; step++)
        {
            var y = network.Forward(x, 4, tape);
            var d = new float[4];
            for (var i = 0; i < 4; i++)
            {
                d[i] = y[i] - ((2 * x[i]) - 1);
            }

            var gradient = new float[2];
            network.Backward(tape, d, gradient);
            adam.Step(network.Parameters, gradient, 0.02);
        }

        Assert.Equal(2, network.Parameters[0], 1e-3);
        Assert.Equal(-1, network.Parameters[1], 1e-3);
    }

    [Fact]
    public void Adams_first_step_is_the_learning_rate_against_the_sign()
    {
        float[] p = [1, 1, 1];
        new AdamOptimizer(3).Step(p, [5, -0.01f, 0], 0.1);
        Assert.Equal(0.9, p[0], 1e-5);
        Assert.Equal(1.1, p[1], 1e-5);
        Assert.Equal(1, p[2]);
    }

    private static void AssertProduct(float[] start, float[] c, int rows, int columns, int inner, Func<int, int, double> a, Func<int, int, double> b)
    {
        for (var r = 0; r < rows; r++)
        {
            for (var s = 0; s < columns; s++)
            {
                double sum = start[(r * columns) + s];
                for (var k = 0; k < inner; k++)
                {
                    sum += a(r, k) * b(k, s);
                }

                Assert.Equal(sum, c[(r * columns) + s], 2e-5);
            }
        }
    }

    private static void AssertGradient(float[] gradient, double[] at, Func<double[], double> loss)
    {
        var expected = FiniteDifference.Gradient(loss, at, 1e-5);
        for (var i = 0; i < at.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - gradient[i]) < 1e-4 * (1 + Math.Abs(expected[i])), $"{i}: {expected[i]} {gradient[i]}");
        }
    }

    private static double[] Plain(int[] widths, bool biases, double[] p, double[] x, int rows)
    {
        var offset = 0;
        for (var l = 0; l + 1 < widths.Length; l++)
        {
            int from = widths[l], to = widths[l + 1];
            var y = new double[rows * to];
            for (var r = 0; r < rows; r++)
            {
                for (var o = 0; o < to; o++)
                {
                    var v = biases ? p[offset + (to * from) + o] : 0;
                    for (var i = 0; i < from; i++)
                    {
                        v += p[offset + (o * from) + i] * x[(r * from) + i];
                    }

                    y[(r * to) + o] = l + 2 == widths.Length || v > 0 ? v : Math.Exp(v) - 1;
                }
            }

            offset += to * (from + (biases ? 1 : 0));
            x = y;
        }

        return x;
    }
}
