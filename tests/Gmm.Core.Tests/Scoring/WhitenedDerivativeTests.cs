using Gmm.Testing;

namespace Gmm.Core.Tests.Scoring;

/// <summary>The whitened score's derivatives for parameters other than a pose.</summary>
public class WhitenedDerivativeTests
{
    private static readonly FourierDisc Disc = FourierDisc.ForResolution(64, 2, 6);
    private static readonly GaussianModel Model = TestModels.Random(120, 21);
    private static readonly GriddingProjector Projector = new(Model, Disc);
    private static readonly WhitenedCorrelationScorer Scorer = MakeScorer();
    private static readonly Pose Truth = TestModels.RandomPose(3);

    [Fact]
    public void Any_parameters_give_what_pose_parameters_give()
    {
        var image = Image();
        var pose = Truth.Step([0.02, -0.03, 0.01, 0.5, -0.7]);
        var jacobian = Project(pose);
        double[] gradient = new double[5], matrix = new double[25], again = new double[5], matrixAgain = new double[25];
        float[] re = jacobian.Re.ToArray(), im = jacobian.Im.ToArray(), dr = new float[5 * Disc.Count], di = new float[5 * Disc.Count];
        for (var p = 0; p < 5; p++)
        {
            jacobian.DerivativeRe(p).CopyTo(dr.AsSpan(p * Disc.Count));
            jacobian.DerivativeIm(p).CopyTo(di.AsSpan(p * Disc.Count));
        }

        var score = image.Evaluate(jacobian, gradient, matrix);
        Assert.Equal(score, image.Evaluate(re, im, dr, di, again, matrixAgain));
        for (var i = 0; i < 25; i++)
        {
            Assert.Equal(matrix[i], matrixAgain[i], 1e-6 * Math.Abs(matrix[i]));
        }

        Assert.Equal(gradient, again);
    }

    [Fact]
    public void Pulled_back_derivatives_are_the_pose_gradient()
    {
        var image = Image();
        var pose = Truth.Step([0.02, -0.03, 0.01, 0.5, -0.7]);
        double[] gradient = new double[5];
        var expected = image.Evaluate(Project(pose), gradient, new double[25]);
        var jacobian = Project(pose);
        float[] re = jacobian.Re.ToArray(), im = jacobian.Im.ToArray(), pulled = new float[5];
        Assert.Equal(expected, image.Differentiate(re, im));
        Projector.VectorJacobianProduct(pose, re, im, null, pulled, Projector.CreateScratch());
        for (var p = 0; p < 5; p++)
        {
            Assert.Equal(gradient[p], pulled[p], 2e-3 * gradient.Max(Math.Abs));
        }
    }

    [Fact]
    public void Noise_gradients_have_the_information_as_covariance()
    {
        var image = Image();
        double[] matrix = new double[25], sum = new double[25];
        image.Evaluate(Project(Truth), new double[5], matrix);
        var random = new Random(4);
        const int draws = 3000;
        var scratch = Projector.CreateScratch();
        var projection = Project(Truth);
        float[] nr = new float[Disc.Count], ni = new float[Disc.Count];
        for (var d = 0; d < draws; d++)
        {
            for (var i = 0; i < nr.Length; i++)
            {
                (nr[i], ni[i]) = ((float)Draw.Normal(random), (float)Draw.Normal(random));
            }

            float[] re = projection.Re.ToArray(), im = projection.Im.ToArray(), g = new float[5];
            image.DifferentiateNoise(re, im, nr, ni);
            Projector.VectorJacobianProduct(Truth, re, im, null, g, scratch);
            for (var i = 0; i < 25; i++)
            {
                sum[i] += g[i / 5] * g[i % 5] / (double)draws;
            }
        }

        for (var i = 0; i < 25; i++)
        {
            // Five standard errors of a covariance from so many draws.
            var scale = Math.Sqrt(matrix[6 * (i / 5)] * matrix[6 * (i % 5)]);
            Assert.Equal(matrix[i], sum[i], 5 * 1.4 * scale / Math.Sqrt(draws));
        }
    }

    private static PoseJacobian<float> Project(Pose pose)
    {
        var jacobian = new PoseJacobian<float>(Disc);
        Projector.ProjectWithPoseDerivatives(pose, jacobian, Projector.CreateScratch());
        return jacobian;
    }

    private static WhitenedCorrelationScorer MakeScorer() => new(
        Disc,
        [.. Enumerable.Range(0, Disc.Radius + 1).Select(q => 40.0 / (1 + (0.1 * q)))],
        [.. Enumerable.Range(0, Disc.Radius + 1).Select(q => 1 / (1 + (0.02 * q)))],
        1.0 / 8);

    private static WhitenedImage Image()
    {
        var random = new Random(7);
        var jacobian = Project(Truth);
        float[] re = new float[Disc.Count], im = new float[Disc.Count], transfer = new float[Disc.Count];
        for (var i = 0; i < re.Length; i++)
        {
            transfer[i] = (float)Math.Sin(0.3 * i);
            re[i] = (transfer[i] * jacobian.Re[i] / 8) + (float)(4 * Draw.Signed(random));
            im[i] = (transfer[i] * jacobian.Im[i] / 8) + (float)(4 * Draw.Signed(random));
        }

        var image = Scorer.CreateImage();
        image.Prepare(re, im, transfer);
        return image;
    }
}
