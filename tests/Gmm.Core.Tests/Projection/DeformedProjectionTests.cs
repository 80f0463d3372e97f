using Gmm.Testing;

namespace Gmm.Core.Tests.Projection;

/// <summary>Deformed models in the gridding projector, against the exact projector in float64 given the deformed model itself.</summary>
public class DeformedProjectionTests
{
    private static readonly FourierDisc Disc = FourierDisc.ForResolution(64, 2, 5);

    [Theory]
    [InlineData(0.8, 2.5, 40)]
    [InlineData(1.0, 12.0, 40)]
    [InlineData(0.8, 2.5, 50)]
    public void The_deformed_model_is_projected(double minWidth, double maxWidth, double radius)
    {
        var model = TestModels.Random(200, 1, minWidth: minWidth, maxWidth: maxWidth, radius: radius);
        var deformation = Deformation(model.Count, 2, 12);
        var gridding = new GriddingProjector(model, Disc);
        var pose = TestModels.RandomPose(3);
        float[] re = new float[Disc.Count], im = new float[Disc.Count];
        gridding.Project(pose, deformation, re, im, gridding.CreateScratch());
        AssertClose(Exact(deformation.Apply(model), pose), re, im, 1e-4);
    }

    [Fact]
    public void No_deformation_is_the_neutral_model_to_the_bit()
    {
        var model = TestModels.Random(200, 1);
        var gridding = new GriddingProjector(model, Disc);
        var pose = TestModels.RandomPose(3);
        float[] re = new float[Disc.Count], im = new float[Disc.Count], re0 = new float[Disc.Count], im0 = new float[Disc.Count];
        gridding.Project(pose, new ModelDeformation(model.Count), re, im, gridding.CreateScratch());
        gridding.Project(pose, re0, im0, gridding.CreateScratch());
        Assert.Equal(re0, re);
        Assert.Equal(im0, im);
    }

    [Theory]
    [InlineData(0.8, 2.5, 40)]
    [InlineData(1.0, 12.0, 40)]
    [InlineData(0.8, 2.5, 50)]
    public void The_velocity_is_the_finite_difference_in_float64(double minWidth, double maxWidth, double radius)
    {
        var model = TestModels.Random(200, 5, minWidth: minWidth, maxWidth: maxWidth, radius: radius);
        ModelDeformation at = Deformation(model.Count, 6, 8), velocity = Deformation(model.Count, 7, 1);
        for (var j = 0; j < model.Count; j += 2)
        {
            // Half of the Gaussians stand still.
            (velocity.X[j], velocity.Y[j], velocity.Z[j], velocity.Amplitudes[j]) = (0, 0, 0, 0);
        }

        var gridding = new GriddingProjector(model, Disc);
        var pose = TestModels.RandomPose(8);
        float[] re = new float[Disc.Count], im = new float[Disc.Count];
        gridding.ProjectVelocity(pose, at, velocity, re, im, gridding.CreateScratch());
        double[] Moving(double h)
        {
            var (movedRe, movedIm) = Exact(Moved(at, velocity, (float)h).Apply(model), pose);
            return [.. movedRe, .. movedIm];
        }

        var expected = FiniteDifference.Slopes(Moving, 0.02f);
        AssertClose((expected[..Disc.Count], expected[Disc.Count..]), re, im, 1e-3);
    }

    [Fact]
    public void The_pull_back_is_the_exact_projectors_at_the_deformed_model()
    {
        var model = TestModels.Random(150, 9);
        var deformation = Deformation(model.Count, 10, 10);
        var pose = TestModels.RandomPose(11);
        var random = new Random(12);
        double[] wr = [.. Enumerable.Range(0, Disc.Count).Select(_ => Draw.Signed(random))], wi = [.. wr.Reverse()];
        var gridding = new GriddingProjector(model, Disc);
        var gradient = new ModelGradient<float>(model.Count);
        var poseGradient = new float[5];
        gridding.VectorJacobianProduct(
            pose, deformation, Array.ConvertAll(wr, v => (float)v), Array.ConvertAll(wi, v => (float)v), gradient, poseGradient, gridding.CreateScratch());
        var direct = new DirectProjector<double>(deformation.Apply(model), Disc);
        var exact = new ModelGradient<double>(model.Count);
        var exactPose = new double[5];
        direct.VectorJacobianProduct(pose, wr, wi, exact, exactPose, direct.CreateScratch());
        AssertSame(exact.X, gradient.X);
        AssertSame(exact.Y, gradient.Y);
        AssertSame(exact.Z, gradient.Z);
        AssertSame(exact.Amplitudes, gradient.Amplitudes);
        AssertSame(exactPose, poseGradient);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(-1e30f)]
    public void Displacements_beyond_all_bounds_are_refused_and_not_written_somewhere(float displacement)
    {
        var model = TestModels.Random(50, 1);
        var gridding = new GriddingProjector(model, Disc);
        var deformation = new ModelDeformation(model.Count);
        deformation.X[7] = displacement;
        float[] re = new float[Disc.Count], im = new float[Disc.Count];
        Assert.Throws<ArgumentException>(() => gridding.Project(TestModels.RandomPose(2), deformation, re, im, gridding.CreateScratch()));
    }

    [Fact]
    public void A_deformation_of_another_size_is_refused() =>
        Assert.Throws<ArgumentException>(() => new ModelDeformation(3).Apply(TestModels.Random(4, 1)));

    private static ModelDeformation Deformation(int count, int seed, double reach)
    {
        var random = new Random(seed);
        var d = new ModelDeformation(count);
        for (var j = 0; j < count; j++)
        {
            (d.X[j], d.Y[j], d.Z[j]) = (
                (float)(reach * Draw.Signed(random)), (float)(reach * Draw.Signed(random)),
                (float)(reach * Draw.Signed(random)));
            d.Amplitudes[j] = (float)(0.5 * Draw.Signed(random));
        }

        return d;
    }

    private static ModelDeformation Moved(ModelDeformation at, ModelDeformation velocity, float t)
    {
        var d = new ModelDeformation(at.Count);
        for (var j = 0; j < at.Count; j++)
        {
            (d.X[j], d.Y[j], d.Z[j]) = (at.X[j] + (t * velocity.X[j]), at.Y[j] + (t * velocity.Y[j]), at.Z[j] + (t * velocity.Z[j]));
            // The rate is of the neutral amplitude, as the change is.
            d.Amplitudes[j] = at.Amplitudes[j] + (t * velocity.Amplitudes[j]);
        }

        return d;
    }

    private static (double[] Re, double[] Im) Exact(GaussianModel model, Pose pose) =>
        ProjectorChecks.Project(new DirectProjector<double>(model, Disc), pose);

    private static void AssertClose((double[] Re, double[] Im) expected, float[] re, float[] im, double share)
    {
        double error = 0, norm = 0;
        for (var i = 0; i < re.Length; i++)
        {
            error += Math.Pow(expected.Re[i] - re[i], 2) + Math.Pow(expected.Im[i] - im[i], 2);
            norm += Math.Pow(expected.Re[i], 2) + Math.Pow(expected.Im[i], 2);
        }

        Assert.True(Math.Sqrt(error / norm) < share, $"{Math.Sqrt(error / norm)}");
    }

    private static void AssertSame(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual)
    {
        var scale = expected.ToArray().Max(Math.Abs);
        for (var i = 0; i < actual.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 5e-4 * scale);
        }
    }
}
