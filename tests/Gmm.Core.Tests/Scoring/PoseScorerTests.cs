using FsCheck;
using FsCheck.Xunit;
using Gmm.Testing;

namespace Gmm.Core.Tests.Scoring;

public class PoseScorerTests
{
    private static readonly GaussianModel Model = TestModels.Random(120, 21);
    private static readonly FourierDisc Disc = FourierDisc.ForResolution(64, 2, 6);
    private static readonly Pose Truth = TestModels.RandomPose(3);
    private static readonly CtfParameters Optics = new() { DefocusU = 12000, DefocusV = 11500, DefocusAngleDegrees = 20 };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Gradient_matches_finite_differences_in_float64(bool whitened)
    {
        var (scorer, image, data) = Noisy(whitened, 7);
        var pose = Truth.Step([0.02, -0.03, 0.01, 0.5, -0.7]);
        var jacobian = Project(pose);
        double[] gradient = new double[5], matrix = new double[25];
        image.Evaluate(jacobian, gradient, matrix);
        var expected = FiniteDifference.PoseGradient(at => Objective(whitened, data, at), pose, 1e-5, 1e-4);
        for (var p = 0; p < 5; p++)
        {
            // Here the images are float32 and gridded to 1e-4; the projector's own derivatives are tested to 1e-5 in float64.
            Assert.Equal(expected[p], gradient[p], 2e-3 * gradient.Max(Math.Abs));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void At_the_perfect_pose_the_correlation_is_one_and_the_gradient_zero(bool whitened)
    {
        var (scorer, image, _) = Noisy(whitened, 7, noise: 0);
        double[] gradient = new double[5], matrix = new double[25];
        var score = image.Evaluate(Project(Truth), gradient, matrix);
        Assert.Equal(1, score.Correlation, 1e-4);
        Assert.Equal(1, score.Scale, 1e-3);
        for (var p = 0; p < 5; p++)
        {
            // Against the length of one standard step, gradient / sqrt(information), relative to the objective.
            Assert.True(Math.Abs(gradient[p]) / Math.Sqrt(matrix[6 * p]) < 2e-3 * Math.Sqrt(score.Objective));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Gauss_Newton_is_minus_the_Hessian_without_noise(bool whitened)
    {
        var (scorer, image, data) = Noisy(whitened, 7, noise: 0);
        double[] gradient = new double[5], matrix = new double[25];
        image.Evaluate(Project(Truth), gradient, matrix);
        for (var p = 0; p < 5; p++)
        {
            var curvature = FiniteDifference.Curvature(h => Objective(whitened, data, FiniteDifference.Along(Truth, p, h)), p < 3 ? 1e-3 : 1e-2);
            Assert.Equal(-curvature, matrix[6 * p], 0.01 * matrix[6 * p]);
        }
    }

    [Fact]
    public void An_inverted_image_scores_below_zero()
    {
        var (scorer, image, _) = Noisy(true, 7, noise: 0, sign: -1);
        var score = image.Score(Project(Truth));
        Assert.True(score.Correlation < -0.99 && score.Objective < 0);
    }

    [Property]
    public bool Ring_correlation_is_unchanged_by_any_radial_filter(DoNotSize<int> seed)
    {
        var (scorer, image, data) = Noisy(false, 5);
        var reference = image.Score(Project(Truth)).Correlation;
        var random = new Random(seed.Item);
        var filter = Enumerable.Range(0, Disc.Radius + 1).Select(_ => (float)(0.1 + (10 * random.NextDouble()))).ToArray();
        float[] re = [.. data.Re], im = [.. data.Im];
        var projection = Project(Truth);
        for (var q = 0; q <= Disc.Radius; q++)
        {
            for (var i = Disc.RingStart(q); i < Disc.RingStart(q + 1); i++)
            {
                re[i] *= filter[q];
                im[i] *= filter[q];
                projection.Re[i] *= filter[Disc.Radius - q];
                projection.Im[i] *= filter[Disc.Radius - q];
            }
        }

        var filtered = scorer.CreateImage();
        filtered.Prepare(re, im, data.Transfer);
        return Math.Abs(filtered.Score(projection).Correlation - reference) < 1e-5;
    }

    [Fact]
    public void Rings_without_weight_do_not_count()
    {
        var weight = Enumerable.Repeat(1.0, Disc.Radius + 1).ToArray();
        weight[10] = 0;
        var scorer = new WhitenedCorrelationScorer(Disc, Enumerable.Repeat(2.0, Disc.Radius + 1).ToArray(), weight, 0.125);
        var (_, _, data) = Noisy(true, 9);
        var image = scorer.CreateImage();
        image.Prepare(data.Re, data.Im, data.Transfer);
        var before = image.Score(Project(Truth));
        for (var i = Disc.RingStart(10); i < Disc.RingStart(11); i++)
        {
            data.Re[i] += 1000;
        }

        image.Prepare(data.Re, data.Im, data.Transfer);
        Assert.Equal(before, image.Score(Project(Truth)));
    }

    private static PoseJacobian<float> Project(Pose pose)
    {
        var projector = new GriddingProjector(Model, Disc);
        var jacobian = new PoseJacobian<float>(Disc);
        projector.ProjectWithPoseDerivatives(pose, jacobian, projector.CreateScratch());
        return jacobian;
    }

    private static (IPoseScorer Scorer, IScoringImage Image, Data Data) Noisy(bool whitened, int seed, double noise = 3, float sign = 1)
    {
        var random = new Random(seed);
        var clean = Project(Truth);
        var transfer = new float[Disc.Count];
        Ctf.FillTransfer(Optics, CtfState.Unmodified, Disc, transfer);
        float[] re = new float[Disc.Count], im = new float[Disc.Count];
        for (var i = 0; i < Disc.Count; i++)
        {
            // The ring correlation is blind to |CTF|; for it the perfect image has flipped phases only.
            var t = sign * (whitened ? transfer[i] : Math.Sign(transfer[i]));
            re[i] = (float)((clean.Re[i] * t / 8) + (noise * Draw.Normal(random)));
            im[i] = (float)((clean.Im[i] * t / 8) + (noise * Draw.Normal(random)));
        }

        IPoseScorer scorer = whitened
            ? new WhitenedCorrelationScorer(
                Disc, Enumerable.Range(0, Disc.Radius + 1).Select(q => 2.0 + q).ToArray(), Enumerable.Repeat(1.0, Disc.Radius + 1).ToArray(), 1.0 / 8)
            : new FourierRingCorrelationScorer(Disc, 2);
        var image = scorer.CreateImage();
        image.Prepare(re, im, transfer);
        return (scorer, image, new Data(re, im, transfer));
    }

    /// <summary>The objective by its definition, in float64 with the exact projector.</summary>
    private static double Objective(bool whitened, Data data, Pose pose)
    {
        var projector = new DirectProjector<double>(Model, Disc);
        double[] re = new double[Disc.Count], im = new double[Disc.Count];
        projector.Project(pose, re, im, projector.CreateScratch());
        double product = 0, power = 0, frc = 0;
        for (var q = 1; q <= Disc.Radius; q++)
        {
            double cross = 0, f2 = 0, d2 = 0;
            for (var i = Disc.RingStart(q); i < Disc.RingStart(q + 1); i++)
            {
                var t = whitened ? data.Transfer[i] / 8.0 : Math.Sign(data.Transfer[i]);
                double gr = re[i] * t, gi = im[i] * t;
                cross += (gr * data.Re[i]) + (gi * data.Im[i]);
                f2 += (gr * gr) + (gi * gi);
                d2 += ((double)data.Re[i] * data.Re[i]) + ((double)data.Im[i] * data.Im[i]);
            }

            product += cross * 2 / (2.0 + q);
            power += f2 * 2 / (2.0 + q);
            frc += q >= 2 ? cross / Math.Sqrt(f2 * d2) : 0;
        }

        return whitened ? 0.5 * product * product / power : frc / (Disc.Radius - 1);
    }

    private sealed record Data(float[] Re, float[] Im, float[] Transfer);
}
