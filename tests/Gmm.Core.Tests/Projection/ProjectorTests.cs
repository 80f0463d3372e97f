using System.Numerics;
using Gmm.Testing;

namespace Gmm.Core.Tests.Projection;

public class ProjectorTests
{
    private static readonly GaussianModel Model = TestModels.Random(150, 1);
    private static readonly FourierDisc Disc = FourierDisc.ForResolution(64, 2, 5);

    [Fact]
    public void Direct_double_is_the_definition()
    {
        var pose = TestModels.RandomPose(5);
        var (re, im) = ProjectorChecks.Project(new DirectProjector<double>(Model, Disc), pose);
        var analytic = new AnalyticModel(Model);
        for (var i = 0; i < Disc.Count; i += 7)
        {
            var expected = analytic.Slice(pose, Disc.Kx[i] / Disc.BoxLength, Disc.Ky[i] / Disc.BoxLength);
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
        for (var seed = 0; seed < 4; seed++)
        {
            var pose = TestModels.RandomPose(seed);
            var error = ProjectorChecks.DirectMismatch(fast, pose);
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
        var error = ProjectorChecks.DirectMismatch(new GriddingProjector(model, Disc), pose);
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
        var expected = ProjectorChecks.Project(new DirectProjector<double>(without, Disc), pose);
        Assert.True(ProjectorChecks.WorstRing(Disc, expected, ProjectorChecks.Project(gridding, pose)) < 1e-4);
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
        Assert.True(ProjectorChecks.DirectMismatch(new DirectProjector<float>(Model, Disc), pose) < 1e-5);
    }

    [Fact]
    public void Pose_derivatives_of_direct_match_finite_differences()
    {
        var mismatch = ProjectorChecks.DerivativeMismatch(new DirectProjector<double>(Model, Disc), TestModels.RandomPose(11), 1e-5, 1e-4);
        Assert.True(mismatch < 1e-5, $"{mismatch}");
    }

    [Theory]
    [InlineData(40, 0.8, 2.5)]
    [InlineData(66, 0.8, 2.5)]
    [InlineData(110, 0.8, 2.5)]
    [InlineData(40, 1.0, 12.0)]
    public void Pose_derivatives_of_gridding_match_direct(double radius, double minWidth, double maxWidth)
    {
        // The box ends at 64 angstrom: of the second and third model some, of the fourth many, Gaussians reach over its edge.
        var model = TestModels.Random(150, 1, radius: radius, minWidth: minWidth, maxWidth: maxWidth);
        var pose = TestModels.RandomPose(12);
        var exact = new PoseJacobian<double>(Disc);
        var direct = new DirectProjector<double>(model, Disc);
        direct.ProjectWithPoseDerivatives(pose, exact, direct.CreateScratch());
        var fast = new PoseJacobian<float>(Disc);
        var gridding = new GriddingProjector(model, Disc);
        gridding.ProjectWithPoseDerivatives(pose, fast, gridding.CreateScratch());
        Assert.True(ProjectorChecks.WorstRing(Disc, (exact.Re.ToArray(), exact.Im.ToArray()), (ToDouble(fast.Re), ToDouble(fast.Im))) < 1e-4);
        for (var p = 0; p < Pose.ParameterCount; p++)
        {
            var error = ProjectorChecks.WorstRing(
                Disc,
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
        AnalyticGaussian[] gaussians = [.. new AnalyticModel(Model).Gaussians];
        double Loss(Pose at) => Dot(ProjectorChecks.Project(projector, at), wr, wi);
        var gradient = new ModelGradient<double>(Model.Count);
        var poseGradient = new double[5];
        projector.VectorJacobianProduct(pose, wr, wi, gradient, poseGradient, projector.CreateScratch());
        var expected = FiniteDifference.PoseGradient(Loss, pose, 1e-5, 1e-5);
        for (var p = 0; p < 5; p++)
        {
            AssertClose(expected[p], poseGradient[p]);
        }

        foreach (var j in new[] { 0, 17, 149 })
        {
            var g = gaussians[j];
            AssertClose(Slope(h => g with { X = g.X + h }), gradient.X[j]);
            AssertClose(Slope(h => g with { Y = g.Y + h }), gradient.Y[j]);
            AssertClose(Slope(h => g with { Z = g.Z + h }), gradient.Z[j]);
            AssertClose(Slope(h => g with { Amplitude = g.Amplitude + h }), gradient.Amplitudes[j]);
            AssertClose(Slope(h => g with { Width = g.Width + h }), gradient.Widths[j]);
        }

        // The loss is a sum over Gaussians, so that the others do not matter for the slope along one.
        double Slope(Func<double, AnalyticGaussian> moved) => FiniteDifference.Slope(
            h =>
            {
                var one = new AnalyticModel([moved(h)]);
                return Enumerable.Range(0, Disc.Count).Sum(i =>
                {
                    var value = one.Slice(pose, Disc.Kx[i] / Disc.BoxLength, Disc.Ky[i] / Disc.BoxLength);
                    return (value.Real * wr[i]) + (value.Imaginary * wi[i]);
                });
            }, 1e-5);
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
        var mismatch = ProjectorChecks.AdjointMismatch(new GriddingProjector(Model, Disc), TestModels.RandomPose(15), new Random(3));
        // The derivative and the way back are each within the accuracy of the exact ones.
        Assert.True(mismatch < 2 * GriddingProjector.DefaultAccuracy, $"{mismatch}");
    }

    [Fact]
    public void A_symmetric_pair_of_poses_gives_conjugate_images()
    {
        // Rotating by pi about z mirrors the image through its origin: the transform is conjugated.
        var pose = TestModels.RandomPose(16, shift: 0);
        var turned = new Pose(Rotation.FromRotationVector(0, 0, Math.PI) * pose.Rotation, 0, 0);
        var gridding = new GriddingProjector(Model, Disc);
        var (re, im) = ProjectorChecks.Project(gridding, pose);
        var (re2, im2) = ProjectorChecks.Project(gridding, turned);
        for (var i = 0; i < re.Length; i++)
        {
            Assert.Equal(re[i], re2[i], 0.02);
            Assert.Equal(im[i], -im2[i], 0.02);
        }
    }

    [Fact]
    public void Accuracy_outside_float32_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new GriddingProjector(Model, Disc, 1e-9));

    private static double[] Vector(Random random) => Enumerable.Range(0, Disc.Count).Select(_ => Draw.Signed(random)).ToArray();

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
