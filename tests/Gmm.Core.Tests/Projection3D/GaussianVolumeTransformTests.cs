using Gmm.Testing;

namespace Gmm.Core.Tests;

public class GaussianVolumeTransformTests
{
    private const double Box = 96;

    [Theory]
    [InlineData(1e-2, 0.8, 1.6)]
    [InlineData(1e-4, 0.8, 1.6)]
    [InlineData(1e-4, 0.1, 0.3)]
    [InlineData(1e-4, 2.5, 4)]
    [InlineData(1e-5, 1.2, 1.2)]
    public void Agrees_with_the_direct_sum_in_every_shell(double tolerance, double minWidth, double maxWidth)
    {
        var ball = new FourierBall(Box, 20);
        var g = Columns(60, 30, minWidth, maxWidth, 3);
        float[] re = new float[ball.Count], im = new float[ball.Count];
        new GaussianVolumeTransform(ball, tolerance).Forward(View(g), re, im);
        double[] error = new double[21], power = new double[21];
        ForEach(ball, (i, kx, ky, kz) =>
        {
            var (er, ei) = Direct(g, kx / Box, ky / Box, kz / Box);
            var q = ball.Shells[i];
            error[q] += Math.Pow(re[i] - er, 2) + Math.Pow(im[i] - ei, 2);
            power[q] += (er * er) + (ei * ei);
        });
        for (var q = 0; q <= 20; q++)
        {
            Assert.True(Math.Sqrt(error[q] / power[q]) < tolerance, $"shell {q}: {Math.Sqrt(error[q] / power[q])}");
        }
    }

    [Fact]
    public void Gaussians_across_the_edge_and_wider_than_the_box_are_periodic()
    {
        var ball = new FourierBall(Box, 8);
        float[][] g = [[47.9f, -48f, 3f], [-47f, 40f, 0f], [46f, 47.5f, -49f], [1, 2, 3], [2f, 1.5f, 30f]];
        float[] re = new float[ball.Count], im = new float[ball.Count];
        new GaussianVolumeTransform(ball).Forward(View(g), re, im);
        ForEach(ball, (i, kx, ky, kz) =>
        {
            var (er, ei) = Direct(g, kx / Box, ky / Box, kz / Box);
            Assert.True(Math.Abs(er - re[i]) + Math.Abs(ei - im[i]) < 6e-4, $"({kx} {ky} {kz}): {re[i]} {im[i]}, not {er} {ei}");
        });
    }

    [Fact]
    public void The_gradient_is_that_of_the_direct_sum()
    {
        // A loss linear in the coefficients: its derivatives by central differences of the direct float64 sum.
        var ball = new FourierBall(Box, 10);
        var g = Columns(12, 30, 1, 2, 5);
        var random = new Random(8);
        float[] wr = Draw.Normals(random, ball.Count), wi = Draw.Normals(random, ball.Count);
        var gradient = new GaussianGradient(12);
        new GaussianVolumeTransform(ball, 1e-5).Adjoint(View(g), wr, wi, gradient);
        float[][] found = [gradient.X, gradient.Y, gradient.Z, gradient.Amplitudes, gradient.Widths];
        for (var column = 0; column < 5; column++)
        {
            double worst = 0, scale = 0;
            for (var j = 0; j < 12; j++)
            {
                var expected = Derivative(ball, g, column, j, wr, wi);
                worst = Math.Max(worst, Math.Abs(expected - found[column][j]));
                scale = Math.Max(scale, Math.Abs(expected));
            }

            Assert.True(worst < 2e-5 * scale, $"column {column}: {worst} of {scale}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_adjoint_passes_the_dot_product_test(int seed)
    {
        // F is linear in the amplitudes: <F a, w> = <a, F* w>.
        var ball = new FourierBall(Box, 12);
        var g = Columns(40, 47, 0.5, 6, seed);
        var random = new Random(seed + 10);
        float[] wr = Draw.Normals(random, ball.Count), wi = Draw.Normals(random, ball.Count), re = new float[ball.Count], im = new float[ball.Count];
        var transform = new GaussianVolumeTransform(ball, 1e-3);
        transform.Forward(View(g), re, im);
        var gradient = new GaussianGradient(40);
        transform.Adjoint(View(g), wr, wi, gradient);
        Assert.InRange(DotProductTest.Mismatch<float>(g[3], [.. re, .. im], [.. wr, .. wi], gradient.Amplitudes), 0, 1e-5);
    }

    [Fact]
    public void Results_do_not_depend_on_the_number_of_threads()
    {
        var ball = new FourierBall(Box, 10);
        var g = Columns(200, 47, 0.5, 3, 9);
        float[] wr = Draw.Normals(new Random(1), ball.Count), wi = Draw.Normals(new Random(2), ball.Count);
        var results = new List<float[]>();
        foreach (var threads in (int[])[1, 2, 5])
        {
            var transform = new GaussianVolumeTransform(ball, 1e-4, new ComputeOptions { Threads = threads });
            float[] re = new float[ball.Count], im = new float[ball.Count];
            transform.Forward(View(g), re, im);
            var gradient = new GaussianGradient(200);
            transform.Adjoint(View(g), wr, wi, gradient);
            results.Add([.. re, .. im, .. gradient.X, .. gradient.Y, .. gradient.Z, .. gradient.Amplitudes, .. gradient.Widths]);
        }

        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
    }

    [Theory]
    [InlineData(24)]
    [InlineData(25)]
    public void A_rendered_map_is_the_density_and_transforms_back(int size)
    {
        // Widths of 1.5 voxels and more: the band limit hardly matters, so the voxels are the closed-form density.
        var g = Columns(15, 8, 3.2, 4, 4);
        var model = new GaussianModel(g[0], g[1], g[2], g[3], g[4], size, 2);
        var map = RenderedMap.Of(model);
        var peak = map.Voxels.Max();
        var analytic = Analytic(g);
        for (var z = 0; z < size; z++)
        {
            for (var y = 0; y < size; y++)
            {
                for (var x = 0; x < size; x++)
                {
                    var expected = analytic.Density((x - (size / 2)) * 2, (y - (size / 2)) * 2, (z - (size / 2)) * 2);
                    Assert.Equal(expected, map.Voxels[(((z * size) + y) * size) + x], 2e-3 * peak);
                }
            }
        }

        var ball = new FourierBall(size * 2, (size - 1) / 2);
        float[] re = new float[ball.Count], im = new float[ball.Count];
        new BallTransform(size, ball).Forward(map.Voxels, re, im);
        ForEach(ball, (i, kx, ky, kz) =>
        {
            var (er, ei) = Direct(g, kx / (size * 2.0), ky / (size * 2.0), kz / (size * 2.0));
            Assert.Equal(er, re[i], 2e-3);
            Assert.Equal(ei, im[i], 2e-3);
        });
    }

    [Fact]
    public void The_ball_holds_one_of_each_pair_and_a_smaller_one_is_cut_out()
    {
        FourierBall ball = new(50, 9), small = new(50, 4);
        var count = 0;
        for (var kz = -10; kz <= 10; kz++)
        {
            for (var ky = -10; ky <= 10; ky++)
            {
                for (var kx = -10; kx <= 10; kx++)
                {
                    var q = (int)Math.Round(Math.Sqrt((kx * kx) + (ky * ky) + (kz * kz)));
                    var held = (ball.IndexOf(kx, ky, kz) >= 0 ? 1 : 0) + (ball.IndexOf(-kx, -ky, -kz) >= 0 ? 1 : 0);
                    var zero = kx == 0 && ky == 0 && kz == 0;
                    Assert.Equal(q > 9 ? 0 : zero ? 2 : 1, held);
                    count += held == 0 ? 0 : 1;
                }
            }
        }

        Assert.Equal((2 * ball.Count) - 1, count);
        var values = Draw.Normals(new Random(3), ball.Count);
        var cut = new float[small.Count];
        ball.Restrict(values, small, cut);
        ForEach(small, (i, kx, ky, kz) => Assert.Equal(values[ball.IndexOf(kx, ky, kz)], cut[i]));
        Assert.Throws<ArgumentException>(() => small.Restrict(cut, ball, values));
    }

    [Fact]
    public void Wrong_input_is_refused()
    {
        var ball = new FourierBall(Box, 5);
        var transform = new GaussianVolumeTransform(ball);
        var g = Columns(3, 10, 1, 2, 1);
        Assert.Throws<ArgumentException>(() => transform.Forward(View(g), new float[3], new float[3]));
        g[4][1] = 0;
        Assert.Throws<ArgumentException>(() => transform.Forward(View(g), new float[ball.Count], new float[ball.Count]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianVolumeTransform(ball, 0.5));
        Assert.Throws<ArgumentException>(() => new BallTransform(8, ball));
    }

    private static void ForEach(FourierBall ball, Action<int, int, int, int> action)
    {
        for (var kz = -ball.Radius; kz <= ball.Radius; kz++)
        {
            for (var ky = -ball.Radius; ky <= ball.Radius; ky++)
            {
                for (var kx = 0; kx <= ball.Radius; kx++)
                {
                    if (ball.IndexOf(kx, ky, kz) is >= 0 and var i)
                    {
                        action(i, kx, ky, kz);
                    }
                }
            }
        }
    }

    private static double Derivative(FourierBall ball, float[][] g, int column, int j, float[] wr, float[] wi)
    {
        return FiniteDifference.Slope(
            h =>
            {
                double At(int c) => g[c][j] + (c == column ? h : 0);
                var one = new AnalyticModel([new AnalyticGaussian(At(0), At(1), At(2), At(3), At(4))]);
                double sum = 0;
                ForEach(ball, (i, kx, ky, kz) =>
                {
                    var value = one.Transform(kx / Box, ky / Box, kz / Box);
                    sum += (value.Real * wr[i]) + (value.Imaginary * wi[i]);
                });
                return sum;
            }, 1e-4);
    }

    private static (double Re, double Im) Direct(float[][] g, double kx, double ky, double kz)
    {
        var value = Analytic(g).Transform(kx, ky, kz);
        return (value.Real, value.Imaginary);
    }

    private static AnalyticModel Analytic(float[][] g) =>
        new(Enumerable.Range(0, g[0].Length).Select(j => new AnalyticGaussian(g[0][j], g[1][j], g[2][j], g[3][j], g[4][j])));

    private static GaussianColumns View(float[][] g) => new(g[0], g[1], g[2], g[3], g[4]);

    private static float[][] Columns(int n, double radius, double minWidth, double maxWidth, int seed)
    {
        var random = new Random(seed);
        var g = new float[5][];
        for (var c = 0; c < 5; c++)
        {
            g[c] = new float[n];
            for (var j = 0; j < n; j++)
            {
                var u = random.NextDouble();
                g[c][j] = (float)(c < 3 ? ((2 * u) - 1) * radius : c == 3 ? 0.5 + u : minWidth + (u * (maxWidth - minWidth)));
            }
        }

        return g;
    }
}
