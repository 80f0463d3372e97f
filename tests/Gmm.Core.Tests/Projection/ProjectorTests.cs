using System.Numerics;

namespace Gmm.Core.Tests.Projection;

public class ProjectorTests
{
    private static readonly GaussianModel Model = TestModels.Random(150, 1);
    private static readonly FourierDisc Disc = FourierDisc.ForResolution(64, 2, 5);

    [Fact]
    public void Direct_double_is_the_definition()
    {
        var pose = TestModels.RandomPose(5);
        var (re, im) = Project(new DirectProjector<double>(Model, Disc), pose);
        for (var i = 0; i < Disc.Count; i += 7)
        {
            var expected = Definition(Model, pose, Disc.Kx[i] / Disc.BoxLength, Disc.Ky[i] / Disc.BoxLength);
            Assert.Equal(expected.Real, re[i], 1e-9);
            Assert.Equal(expected.Imaginary, im[i], 1e-9);
        }
    }

    [Theory]
    [InlineData(1e-2, 0.8, 2.5)]
    [InlineData(1e-4, 0.8, 2.5)]
    [InlineData(1e-4, 2.0, 2.0)]
    [InlineData(1e-4, 0.1, 0.4)]
    [InlineData(1e-4, 1.0, 12.0)]
    [InlineData(1e-5, 1.5, 1.8)]
    public void Gridding_agrees_with_direct_in_every_ring(double accuracy, double minWidth, double maxWidth)
    {
        var model = TestModels.Random(400, 2, minWidth: minWidth, maxWidth: maxWidth);
        var fast = new GriddingProjector(model, Disc, accuracy);
        var exact = new DirectProjector<double>(model, Disc);
        for (var seed = 0; seed < 4; seed++)
        {
            var pose = TestModels.RandomPose(seed);
            var error = WorstRingError(Project(exact, pose), Project(fast, pose));
            Assert.True(error < accuracy, $"{error}");
        }
    }

    [Theory]
    [InlineData(66)]
    [InlineData(110)]
    public void Gridding_wraps_Gaussians_over_the_edge_of_the_box(double radius)
    {
        // The box ends at 64 angstrom, and a Gaussian's deposit reaches 5 farther.
        var model = TestModels.Random(400, 3, radius: radius);
        var pose = TestModels.RandomPose(9, shift: 2);
        Assert.Contains(Enumerable.Range(0, model.Count), j => Math.Abs(pose.Rotation.Apply(model.X[j], model.Y[j], model.Z[j]).X + pose.ShiftX) > 64);
        var error = WorstRingError(Project(new DirectProjector<double>(model, Disc), pose), Project(new GriddingProjector(model, Disc), pose));
        Assert.True(error < 1e-4, $"{error}");
    }

    [Fact]
    public void Gaussians_wholly_outside_the_box_add_nothing()
    {
        var model = TestModels.Random(200, 3);
        var pose = TestModels.RandomPose(9);
        float[] x = model.X.ToArray(), y = model.Y.ToArray(), z = model.Z.ToArray();
        for (var j = 0; j < 60; j++)
        {
            // Far along the image's x axis, its y axis or both, to either side.
            double far = (j % 2 == 0 ? 1 : -1) * Math.Pow(10, 2.4 + (0.5 * (j / 6))), along = j % 3 == 1 ? 0 : far, across = j % 3 == 0 ? 0 : far;
            var place = pose.Rotation.Transpose().Apply(along, across, 20 * (j % 5));
            (x[j], y[j], z[j]) = ((float)place.X, (float)place.Y, (float)place.Z);
        }

        var with = new GaussianModel(x, y, z, model.Amplitudes, model.Widths, 64, 2);
        var without = new GaussianModel(x.AsSpan(60), y.AsSpan(60), z.AsSpan(60), model.Amplitudes[60..], model.Widths[60..], 64, 2);
        var gridding = new GriddingProjector(with, Disc);
        Assert.True(WorstRingError(Project(new DirectProjector<double>(without, Disc), pose), Project(gridding, pose)) < 1e-4);
        var gradient = new ModelGradient<float>(200);
        float[] re = new float[Disc.Count], im = new float[Disc.Count];
        Array.Fill(re, 1);
        gridding.VectorJacobianProduct(pose, re, im, gradient, new float[5], gridding.CreateScratch());
        Assert.Equal(new float[60], gradient.Amplitudes[..60].ToArray());
        Assert.Equal(new float[60], gradient.X[..60].ToArray());
        Assert.DoesNotContain(0f, gradient.Amplitudes[60..].ToArray());
    }

    [Fact]
    public void Direct_float_agrees_with_double()
    {
        var pose = TestModels.RandomPose(4);
        Assert.True(WorstRingError(Project(new DirectProjector<double>(Model, Disc), pose), Project(new DirectProjector<float>(Model, Disc), pose)) < 1e-5);
    }

    [Fact]
    public void Pose_derivatives_of_direct_match_finite_differences()
    {
        var projector = new DirectProjector<double>(Model, Disc);
        var pose = TestModels.RandomPose(11);
        var jacobian = new PoseJacobian<double>(Disc);
        projector.ProjectWithPoseDerivatives(pose, jacobian, projector.CreateScratch());
        for (var p = 0; p < Pose.ParameterCount; p++)
        {
            var h = p < 3 ? 1e-5 : 1e-4;
            var step = new double[5];
            step[p] = h;
            var (plusRe, plusIm) = Project(projector, pose.Step(step));
            step[p] = -h;
            var (minusRe, minusIm) = Project(projector, pose.Step(step));
            double error = 0, norm = 0;
            for (var i = 0; i < Disc.Count; i++)
            {
                double dr = (plusRe[i] - minusRe[i]) / (2 * h), di = (plusIm[i] - minusIm[i]) / (2 * h);
                error += Square(dr - jacobian.DerivativeRe(p)[i]) + Square(di - jacobian.DerivativeIm(p)[i]);
                norm += Square(dr) + Square(di);
            }

            Assert.True(Math.Sqrt(error / norm) < 1e-5, $"parameter {p}: {Math.Sqrt(error / norm)}");
        }
    }

    [Fact]
    public void Pose_derivatives_of_gridding_match_direct()
    {
        var pose = TestModels.RandomPose(12);
        var exact = new PoseJacobian<double>(Disc);
        var direct = new DirectProjector<double>(Model, Disc);
        direct.ProjectWithPoseDerivatives(pose, exact, direct.CreateScratch());
        var fast = new PoseJacobian<float>(Disc);
        var gridding = new GriddingProjector(Model, Disc);
        gridding.ProjectWithPoseDerivatives(pose, fast, gridding.CreateScratch());
        Assert.True(WorstRingError((exact.Re.ToArray(), exact.Im.ToArray()), (ToDouble(fast.Re), ToDouble(fast.Im))) < 1e-4);
        for (var p = 0; p < Pose.ParameterCount; p++)
        {
            var error = WorstRingError(
                (exact.DerivativeRe(p).ToArray(), exact.DerivativeIm(p).ToArray()),
                (ToDouble(fast.DerivativeRe(p)), ToDouble(fast.DerivativeIm(p))));
            // The lowest rings of a derivative hold almost nothing (it is zero at k = 0), so their relative error is larger.
            Assert.True(error < 1e-3, $"parameter {p}: {error}");
        }
    }

    [Fact]
    public void Vector_Jacobian_product_of_direct_matches_finite_differences()
    {
        var projector = new DirectProjector<double>(Model, Disc);
        var pose = TestModels.RandomPose(13);
        var random = new Random(1);
        double[] wr = Vector(random), wi = Vector(random);
        double Loss(GaussianModel m, Pose q) => Dot(Project(new DirectProjector<double>(m, Disc), q), wr, wi);
        var gradient = new ModelGradient<double>(Model.Count);
        var poseGradient = new double[5];
        projector.VectorJacobianProduct(pose, wr, wi, gradient, poseGradient, projector.CreateScratch());
        for (var p = 0; p < 5; p++)
        {
            var step = new double[5];
            step[p] = 1e-5;
            var plus = Loss(Model, pose.Step(step));
            step[p] = -1e-5;
            var minus = Loss(Model, pose.Step(step));
            AssertClose((plus - minus) / 2e-5, poseGradient[p]);
        }

        foreach (var j in new[] { 0, 17, 149 })
        {
            AssertClose(Difference(0, j), gradient.X[j]);
            AssertClose(Difference(1, j), gradient.Y[j]);
            AssertClose(Difference(2, j), gradient.Z[j]);
            AssertClose(Difference(3, j), gradient.Amplitudes[j]);
            AssertClose(Difference(4, j), gradient.Widths[j]);
        }

        // A power of two, so that the stored float32 parameter moves by just this much.
        double Difference(int column, int j)
        {
            const float h = 1f / 256;
            var (up, upStep) = Moved(column, j, h);
            var (down, downStep) = Moved(column, j, -h);
            var first = (Loss(up, pose) - Loss(down, pose)) / (upStep - downStep);
            var (up2, upStep2) = Moved(column, j, 2 * h);
            var (down2, downStep2) = Moved(column, j, -2 * h);
            var second = (Loss(up2, pose) - Loss(down2, pose)) / (upStep2 - downStep2);
            return ((4 * first) - second) / 3;
        }

        (GaussianModel Model, double Step) Moved(int column, int j, float h)
        {
            float[][] c = [Model.X.ToArray(), Model.Y.ToArray(), Model.Z.ToArray(), Model.Amplitudes.ToArray(), Model.Widths.ToArray()];
            var before = c[column][j];
            c[column][j] += h;
            return (new GaussianModel(c[0], c[1], c[2], c[3], c[4], 64, 2), (double)c[column][j] - before);
        }
    }

    [Fact]
    public void Vector_Jacobian_product_of_gridding_matches_direct()
    {
        var pose = TestModels.RandomPose(14);
        var random = new Random(2);
        double[] wr = Vector(random), wi = Vector(random);
        var exact = new ModelGradient<double>(Model.Count);
        var exactPose = new double[5];
        var direct = new DirectProjector<double>(Model, Disc);
        direct.VectorJacobianProduct(pose, wr, wi, exact, exactPose, direct.CreateScratch());
        var fast = new ModelGradient<float>(Model.Count);
        var fastPose = new float[5];
        var gridding = new GriddingProjector(Model, Disc);
        gridding.VectorJacobianProduct(pose, ToFloat(wr), ToFloat(wi), fast, fastPose, gridding.CreateScratch());
        AssertColumn(exact.X, fast.X);
        AssertColumn(exact.Y, fast.Y);
        AssertColumn(exact.Z, fast.Z);
        AssertColumn(exact.Amplitudes, fast.Amplitudes);
        AssertColumn(exact.Widths, fast.Widths);
        for (var p = 0; p < 5; p++)
        {
            Assert.Equal(exactPose[p], fastPose[p], Math.Abs(exactPose[p] * 1e-3) + 1e-2);
        }

        static void AssertColumn(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual)
        {
            double error = 0, norm = 0;
            for (var j = 0; j < expected.Length; j++)
            {
                error += Square(expected[j] - actual[j]);
                norm += Square(expected[j]);
            }

            Assert.True(Math.Sqrt(error / norm) < 4e-4, $"{Math.Sqrt(error / norm)}");
        }
    }

    [Fact]
    public void Gridding_adjoint_passes_the_dot_product_test()
    {
        var pose = TestModels.RandomPose(15);
        var gridding = new GriddingProjector(Model, Disc);
        var random = new Random(3);
        double[] wr = Vector(random), wi = Vector(random);
        var gradient = new ModelGradient<float>(Model.Count);
        gridding.VectorJacobianProduct(pose, ToFloat(wr), ToFloat(wi), gradient, new float[5], gridding.CreateScratch());
        // P is linear in the amplitudes, so <w, P(a)> = <P^T w, a>.
        var forward = Dot(Project(gridding, pose), wr, wi);
        double backward = 0, scale = 0;
        for (var j = 0; j < Model.Count; j++)
        {
            backward += (double)gradient.Amplitudes[j] * Model.Amplitudes[j];
            scale += Math.Abs((double)gradient.Amplitudes[j] * Model.Amplitudes[j]);
        }

        Assert.Equal(forward, backward, 1e-5 * scale);
    }

    [Fact]
    public void A_symmetric_pair_of_poses_gives_conjugate_images()
    {
        // Rotating by pi about z mirrors the image through its origin: the transform is conjugated.
        var pose = TestModels.RandomPose(16, shift: 0);
        var turned = new Pose(Rotation.FromRotationVector(0, 0, Math.PI) * pose.Rotation, 0, 0);
        var gridding = new GriddingProjector(Model, Disc);
        var (re, im) = Project(gridding, pose);
        var (re2, im2) = Project(gridding, turned);
        for (var i = 0; i < re.Length; i++)
        {
            Assert.Equal(re[i], re2[i], 0.02);
            Assert.Equal(im[i], -im2[i], 0.02);
        }
    }

    [Fact]
    public void Accuracy_outside_float32_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new GriddingProjector(Model, Disc, 1e-9));

    private static Complex Definition(GaussianModel m, Pose pose, double kx, double ky)
    {
        Complex sum = 0;
        for (var j = 0; j < m.Count; j++)
        {
            var (x, y, _) = pose.Rotation.Apply(m.X[j], m.Y[j], m.Z[j]);
            double s = m.Widths[j];
            var envelope = Math.Exp(-2 * Math.PI * Math.PI * s * s * ((kx * kx) + (ky * ky)));
            sum += m.Amplitudes[j] * envelope * Complex.FromPolarCoordinates(1, -2 * Math.PI * ((kx * (x + pose.ShiftX)) + (ky * (y + pose.ShiftY))));
        }

        return sum;
    }

    private static (double[] Re, double[] Im) Project<T>(IProjector<T> projector, Pose pose)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] re = new T[projector.Disc.Count], im = new T[projector.Disc.Count];
        projector.Project(pose, re, im, projector.CreateScratch());
        return (Array.ConvertAll(re, double.CreateChecked), Array.ConvertAll(im, double.CreateChecked));
    }

    private static double WorstRingError((double[] Re, double[] Im) expected, (double[] Re, double[] Im) actual)
    {
        double worst = 0;
        for (var q = 0; q <= Disc.Radius; q++)
        {
            double error = 0, norm = 0;
            for (var i = Disc.RingStart(q); i < Disc.RingStart(q + 1); i++)
            {
                error += Square(expected.Re[i] - actual.Re[i]) + Square(expected.Im[i] - actual.Im[i]);
                norm += Square(expected.Re[i]) + Square(expected.Im[i]);
            }

            if (norm > 0)
            {
                worst = Math.Max(worst, Math.Sqrt(error / norm));
            }
        }

        return worst;
    }

    private static double[] Vector(Random random) => Enumerable.Range(0, Disc.Count).Select(_ => TestModels.Uniform(random)).ToArray();

    private static float[] ToFloat(double[] values) => Array.ConvertAll(values, v => (float)v);

    private static double[] ToDouble(ReadOnlySpan<float> values) => Array.ConvertAll(values.ToArray(), v => (double)v);

    private static double Dot((double[] Re, double[] Im) image, double[] wr, double[] wi)
    {
        double sum = 0;
        for (var i = 0; i < wr.Length; i++)
        {
            sum += (image.Re[i] * wr[i]) + (image.Im[i] * wi[i]);
        }

        return sum;
    }

    private static double Square(double v) => v * v;

    private static void AssertClose(double expected, double actual) => Assert.Equal(expected, actual, 1e-5 * Math.Max(1, Math.Abs(expected)));
}
