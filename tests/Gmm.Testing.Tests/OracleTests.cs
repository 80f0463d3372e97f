using FsCheck.Xunit;
using Gmm.Core;

namespace Gmm.Testing.Tests;

/// <summary>Each oracle on something whose answer is known, and on something wrong, which it must find.</summary>
[Properties(Arbitrary = [typeof(GmmArbitraries)])]
public class OracleTests
{
    [Fact]
    public void Finite_differences_are_exact_for_what_they_are_exact_for()
    {
        Assert.Equal(3, FiniteDifference.Slope(x => (3 * x) + (7 * x * x) - 1, 0.5), 1e-14);
        Assert.Equal(14, FiniteDifference.Curvature(x => (3 * x) + (7 * x * x) - 1, 0.5), 1e-13);
        Assert.Equal([2, 6, -1], FiniteDifference.Gradient(v => (v[0] * v[0]) + (3 * v[1] * v[1]) - v[2], [1, 1, 5], 0.25), Near);
        Assert.Equal([1, -4], FiniteDifference.Slopes(h => [h, -4 * h], 1), Near);
    }

    [Property]
    public bool A_step_between_poses_leads_from_one_to_the_other(Pose from, RotationStep turn)
    {
        // Below half a turn the step is the only one.
        var length = Math.Sqrt((turn.X * turn.X) + (turn.Y * turn.Y) + (turn.Z * turn.Z));
        var shorten = length > 3 ? 3 / length : 1;
        var step = TangentStep.Between(from, from.Step([shorten * turn.X, shorten * turn.Y, shorten * turn.Z, 0.3, -0.7]));
        return step.Zip([shorten * turn.X, shorten * turn.Y, shorten * turn.Z, 0.3, -0.7], (a, b) => Math.Abs(a - b)).Max() < 1e-9;
    }

    [Property]
    public bool The_gradient_of_a_pose_is_along_its_own_step(Pose pose)
    {
        double[] slope = [1, -2, 3, 0.5, 4];
        var found = FiniteDifference.PoseGradient(at => TangentStep.Between(pose, at).Zip(slope, (s, g) => s * g).Sum(), pose);
        return found.Zip(slope, (a, b) => Math.Abs(a - b)).Max() < 1e-6;
    }

    [Fact]
    public void The_dot_product_test_tells_a_transpose_from_what_is_none()
    {
        double[] Times(double[] x) => [x[0] + (2 * x[1]), 3 * x[2], x[0] - x[2], x[1]];
        double[] Transpose(double[] y) => [y[0] + y[2], (2 * y[0]) + y[3], (3 * y[1]) - y[2]];
        double[] Wrong(double[] y) => [y[0] + y[2], (2 * y[0]) + y[3], (3 * y[1]) + y[2]];
        Assert.InRange(DotProductTest.Mismatch(Times, Transpose, 3, 4, new Random(1)), 0, 1e-14);
        Assert.All(Enumerable.Range(2, 5), seed => Assert.True(DotProductTest.Mismatch(Times, Wrong, 3, 4, new Random(seed)) > 1e-3));
        Assert.Throws<ArgumentException>(() => DotProductTest.Mismatch<double>([1], [1, 2], [1], [1]));
    }

    [Theory]
    [InlineData(1, -4, 4)]
    [InlineData(1.2, 10, 40)]
    [InlineData(0.8, -40, -10)]
    public void Errors_of_the_covariance_said_are_calibrated_and_others_are_not(double factor, double low, double high)
    {
        // e = factor L n with C = L L': 2000 correlated errors of two units.
        var random = new Random(4);
        double[] covariance = [4, 0.6, 0.6, 0.25];
        var errors = Enumerable.Range(0, 2000).Select(_ =>
        {
            double a = factor * Draw.Normal(random), b = factor * Draw.Normal(random);
            return (new[] { 2 * a, (0.3 * a) + (0.4 * b) }, covariance);
        }).ToArray();
        var calibration = Calibration.Of(errors);
        Assert.Equal(4000, calibration.DegreesOfFreedom);
        Assert.InRange(calibration.StandardScore, low, high);
        Assert.Equal(factor * factor, calibration.ReducedChiSquare, 0.1);
        Assert.All(calibration.VarianceRatios, v => Assert.Equal(factor * factor, v, 0.15));
        Assert.Throws<ArgumentException>(() => Calibration.Of([]));
        Assert.Throws<ArgumentException>(() => Calibration.Of([([1.0, 1.0], [1.0, 2.0, 2.0, 1.0])]));
    }

    [Fact]
    public void The_standard_score_is_that_of_chi_square_tables()
    {
        // Upper 5 % and 2.5 % points of chi-square, as tables print them: 10 degrees 18.307, 100 degrees 129.561.
        Assert.Equal(1.645, new Calibration(10, 18.307, [1]).StandardScore, 0.01);
        Assert.Equal(1.960, new Calibration(50, 129.561, [1, 1]).StandardScore, 0.01);
    }

    [Fact]
    public void The_bound_of_one_Gaussian_is_the_closed_form()
    {
        // An image of one Gaussian of width s and peak g, pixels of A, noise n: I = sum (d image / dx)^2 / n^2 = pi g^2 / (2 A^2 n^2) for any s.
        const double Noise = 0.3, Width = 6, Pixel = 2;
        var model = new GaussianModel([0f], [0f], [0f], [500f], [(float)Width], 64, Pixel);
        var group = new OpticsGroup { PixelSize = Pixel, ImageSize = 64, CtfState = CtfState.None };
        var ctf = new CtfParameters { DefocusU = 1, DefocusV = 1 };
        var information = CramerRao.Information(model, ExactImages.DiscOf(group), group, ctf, Pose.Identity, Noise);
        var peak = 500 / (2 * Math.PI * Width * Width) / Pixel;
        Assert.Equal(Math.PI * peak * peak / (2 * Pixel * Pixel * Noise * Noise), information[18], 1e-4 * information[18]);
        Assert.Equal(information[18], information[24], 1e-9 * information[18]);

        // It looks the same from everywhere, and where it turns nobody can tell.
        Assert.Equal(0, information[0] / information[18], 1e-9);
        Assert.Throws<ArgumentException>(() => CramerRao.Covariance(model, ExactImages.DiscOf(group), group, ctf, Pose.Identity, Noise));
    }

    [Property(MaxTest = 20)]
    public bool Analytic_images_are_those_of_the_exact_projector(Pose pose, CtfState state)
    {
        var model = Draw.Model(new Random(3), new ModelShape { Count = 12, Radius = 20 });
        var group = new OpticsGroup { PixelSize = 2.5, ImageSize = 31, CtfState = state };
        var ctf = Draw.Ctf(new Random(5));
        var image = new AnalyticModel(model).Image(group, pose, ctf);
        var exact = ExactImages.Of(model, group, pose, ctf, 0, new Random(1));
        return image.Zip(exact, (a, b) => Math.Abs(a - b)).Max() < 1e-5 * exact.Max(Math.Abs);
    }

    private static bool Near(double a, double b) => Math.Abs(a - b) < 1e-12;
}
