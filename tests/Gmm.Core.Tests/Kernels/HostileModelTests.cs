using FsCheck;
using FsCheck.Xunit;
using Gmm.Testing;

namespace Gmm.Core.Tests.Kernels;

/// <summary>
/// Projectors and the volume transform of models that no file may hold but a program can
/// make: centres to 1e38, widths to 1e30, boxes of every size, poses of every kind.
/// </summary>
public class HostileModelTests
{
    [Property(MaxTest = 150)]
    public void Projections_of_hostile_models_are_made_in_bounds(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var (model, disc) = Model(random, 1);
        var projector = LayeredProjector.Create(model, disc, Math.Pow(10, -2 - (4 * random.NextDouble())));
        var gridding = new GriddingProjector(model, disc);
        foreach (var p in new[] { projector, gridding })
        {
            var scratch = p.CreateScratch();
            float[] re = new float[disc.Count], im = new float[disc.Count];
            var pose = Pose(random);
            p.Project(pose, re, im, scratch);
            p.ProjectWithPoseDerivatives(pose, new PoseJacobian<float>(disc), scratch);
            p.VectorJacobianProduct(pose, re, im, new ModelGradient<float>(model.Count), new float[5], scratch);
        }

        var deformation = new ModelDeformation(model.Count);
        foreach (var values in new[] { 0, 1, 2, 3 })
        {
            var column = values switch { 0 => deformation.X, 1 => deformation.Y, 2 => deformation.Z, _ => deformation.Amplitudes };
            for (var j = 0; j < column.Length; j++)
            {
                column[j] = (float)Hostile.Place(64, random);
            }
        }

        try
        {
            float[] re = new float[disc.Count], im = new float[disc.Count];
            gridding.Project(Pose(random), deformation, re, im, gridding.CreateScratch());
            gridding.ProjectVelocity(Pose(random), deformation, deformation, re, im, gridding.CreateScratch());
        }
        catch (ArgumentException)
        {
            // Displacements of many boxes are refused.
        }
    }

    [Property(MaxTest = 60)]
    public void Inside_the_box_a_projection_is_the_direct_sum(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        // Gaussians from much narrower than a cell to a tenth of the box, others anywhere far outside.
        var (model, disc) = Model(random, 0);
        var inside = Part(model, j => Math.Abs(model.X[j]) + Math.Abs(model.Y[j]) + Math.Abs(model.Z[j]) < model.BoxLength);
        double[] re = new double[disc.Count], im = new double[disc.Count];
        float[] fastRe = new float[disc.Count], fastIm = new float[disc.Count];
        var pose = TestModels.RandomPose(random.Next(), 0);
        var direct = new DirectProjector<double>(inside, disc);
        direct.Project(pose, re, im, direct.CreateScratch());
        var gridding = new GriddingProjector(model, disc);
        gridding.Project(pose, fastRe, fastIm, gridding.CreateScratch());
        double error = 0, power = 0;
        for (var i = 0; i < re.Length; i++)
        {
            error += Math.Pow(re[i] - fastRe[i], 2) + Math.Pow(im[i] - fastIm[i], 2);
            power += Math.Pow(re[i], 2) + Math.Pow(im[i], 2);
        }

        Assert.True(
            Math.Sqrt(error / power) < 2e-4,
            $"{Math.Sqrt(error / power)}, box {model.BoxSize}, radius {disc.Radius}, widths {string.Join(' ', inside.Widths.ToArray())}");
    }

    [Theory]
    [InlineData(1e3)]
    [InlineData(1e10)]
    [InlineData(1e30)]
    [InlineData(3e38)]
    public void Gaussians_of_any_width_keep_their_integral(double width)
    {
        var model = new GaussianModel([3f, -5], [0f, 1], [0f, 2], [2f, 3], [(float)width, (float)width], 32, 2);
        var disc = FourierDisc.ForResolution(32, 2, 5);
        float[] re = new float[disc.Count], im = new float[disc.Count];
        var gridding = new GriddingProjector(model, disc);
        gridding.Project(TestModels.RandomPose(3, 1), re, im, gridding.CreateScratch());
        Assert.Equal(5, re[0], 1e-3);
        Assert.Equal(new float[disc.Count - 1], re[1..]);

        var ball = FourierBall.ForResolution(32, 2, 5);
        float[] volumeRe = new float[ball.Count], volumeIm = new float[ball.Count];
        new GaussianVolumeTransform(ball).Forward(GaussianColumns.Of(model), volumeRe, volumeIm);
        Assert.Equal(5, volumeRe[ball.ZeroIndex], 1e-3);
        Assert.True(volumeRe.Where((_, i) => i != ball.ZeroIndex).All(v => v == 0));
    }

    [Property(MaxTest = 25)]
    public void The_volume_transform_is_that_of_the_Gaussians_in_the_box(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var (model, _) = Model(random, 0);
        var ball = FourierBall.ForResolution(model.BoxSize, model.PixelSize, model.PixelSize * 2.5);
        float[] re = new float[ball.Count], im = new float[ball.Count];
        var transform = new GaussianVolumeTransform(ball);
        transform.Forward(GaussianColumns.Of(model), re, im);
        var gradient = new GaussianGradient(model.Count);
        transform.Adjoint(GaussianColumns.Of(model), re, im, gradient);
        double error = 0, power = 0;
        for (int kz = -ball.Radius; kz <= ball.Radius; kz++)
        {
            for (int ky = -ball.Radius; ky <= ball.Radius; ky++)
            {
                for (var kx = 0; kx <= ball.Radius; kx++)
                {
                    var i = ball.IndexOf(kx, ky, kz);
                    if (i < 0)
                    {
                        continue;
                    }

                    double er = 0, ei = 0, step = 2 * Math.PI / model.BoxLength;
                    for (var j = 0; j < model.Count; j++)
                    {
                        if (Math.Abs(model.X[j]) + Math.Abs(model.Y[j]) + Math.Abs(model.Z[j]) < model.BoxLength)
                        {
                            var size = model.Amplitudes[j] * Math.Exp(
                                -0.5 * step * step * model.Widths[j] * model.Widths[j] * ((kx * kx) + (ky * ky) + (kz * kz)));
                            var (sin, cos) = Math.SinCos(-step * ((kx * model.X[j]) + (ky * model.Y[j]) + (kz * model.Z[j])));
                            (er, ei) = (er + (size * cos), ei + (size * sin));
                        }
                        else
                        {
                            Assert.Equal(0, gradient.Amplitudes[j]);
                            Assert.Equal(0, gradient.X[j]);
                        }
                    }

                    error += Math.Pow(er - re[i], 2) + Math.Pow(ei - im[i], 2);
                    power += (er * er) + (ei * ei);
                }
            }
        }

        Assert.True(Math.Sqrt(error / power) < 2e-4, $"{Math.Sqrt(error / power)}, box {model.BoxSize}, radius {ball.Radius}");
    }

    [Property(MaxTest = 60)]
    public void The_volume_transform_of_hostile_models_is_made_in_bounds(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var (model, _) = Model(random, 1);
        var ball = FourierBall.ForResolution(Math.Min(model.BoxSize, 24), model.PixelSize, model.PixelSize * 3);
        var widths = model.Widths.ToArray();
        // Wide ones cost time, not memory: kernels of a few grids' size.
        Array.ForEach(Enumerable.Range(0, widths.Length).ToArray(), j => widths[j] = widths[j] > 0.3 * ball.BoxLength && j % 4 != 0 ? 1 : widths[j]);
        var columns = new GaussianColumns(model.X, model.Y, model.Z, model.Amplitudes, widths);
        float[] re = new float[ball.Count], im = new float[ball.Count];
        var transform = new GaussianVolumeTransform(ball, 1e-2);
        transform.Forward(columns, re, im);
        transform.Adjoint(columns, re, im, new GaussianGradient(model.Count));
    }

    [Theory]
    [InlineData(float.NaN, 1)]
    [InlineData(float.PositiveInfinity, 1)]
    [InlineData(1, float.NaN)]
    [InlineData(1, float.PositiveInfinity)]
    [InlineData(1, 0)]
    public void Columns_that_are_no_Gaussians_are_refused(float centre, float width)
    {
        var ball = new FourierBall(64, 6);
        float[] re = new float[ball.Count], im = new float[ball.Count], one = [1], wrong = [centre], sd = [width];
        var transform = new GaussianVolumeTransform(ball);
        Assert.Throws<ArgumentException>(() => transform.Forward(new GaussianColumns(wrong, one, one, one, sd), re, im));
        Assert.Throws<ArgumentException>(() => transform.Forward(new GaussianColumns(one, one, wrong, one, sd), re, im));
    }

    private static GaussianModel Part(GaussianModel m, Func<int, bool> wanted)
    {
        int[] rows = [.. Enumerable.Range(0, m.Count).Where(wanted)];
        float[] Column(ReadOnlySpan<float> c)
        {
            var values = c.ToArray();
            return Array.ConvertAll(rows, j => values[j]);
        }

        return new GaussianModel(Column(m.X), Column(m.Y), Column(m.Z), Column(m.Amplitudes), Column(m.Widths), m.BoxSize, m.PixelSize);
    }

    private static Pose Pose(Random random)
    {
        var pose = TestModels.RandomPose(random.Next());
        return random.Next(3) == 0 ? pose : pose with { ShiftX = Hostile.Place(100, random), ShiftY = Hostile.Place(100, random) };
    }

    /// <summary>A model in a box of any size.</summary>
    /// <param name="random">Source of numbers.</param>
    /// <param name="kind">0: Gaussians inside the box or far outside, of measured widths. 1: anything a model can hold.</param>
    private static (GaussianModel Model, FourierDisc Disc) Model(Random random, int kind)
    {
        int box = random.Next(4, 40), n = random.Next(2, 30);
        var pixel = kind == 0 ? 0.5 + random.NextDouble() : Math.Pow(10, (6 * random.NextDouble()) - 3);
        float[] x = new float[n], y = new float[n], z = new float[n], a = new float[n], s = new float[n];
        var length = box * pixel;
        for (var j = 0; j < n; j++)
        {
            a[j] = (float)(0.5 + random.NextDouble());
            if (kind == 1)
            {
                float At() => Math.Clamp((float)Hostile.Place(64, random), -3e38f, 3e38f) is var v && float.IsNaN(v) ? 0 : v;
                (x[j], y[j], z[j]) = (At(), At(), At());
                s[j] = Math.Clamp((float)Hostile.Width(random), 1e-38f, 3e38f);
                continue;
            }

            s[j] = (float)(length * (0.002 + (0.03 * random.NextDouble())));
            if (j > 0 && random.Next(4) == 0)
            {
                // Far along all three axes, whatever the pose.
                var far = (float)(length * Math.Pow(10, 2 + (34 * random.NextDouble())));
                var pose = random.Next(3);
                (x[j], y[j], z[j]) = (pose == 0 ? far : 0, pose == 1 ? -far : 0, pose == 2 ? far : 0);
                continue;
            }

            float Inside() => (float)(0.25 * length * Draw.Signed(random));
            (x[j], y[j], z[j]) = (Inside(), Inside(), Inside());
        }

        return (new GaussianModel(x, y, z, a, s, box, pixel), FourierDisc.ForResolution(box, pixel, 2 * pixel * (1 + random.NextDouble())));
    }
}
