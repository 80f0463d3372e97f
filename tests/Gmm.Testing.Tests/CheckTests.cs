using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Testing.Tests;

/// <summary>The checks let what is right pass and find what is wrong by a few per cent.</summary>
[Properties(Arbitrary = [typeof(GmmArbitraries)])]
public class CheckTests
{
    private static readonly OpticsGroup s_group = new() { PixelSize = 2.5, ImageSize = 48 };
    private static readonly ModelShape s_shape = new() { Count = 60, Radius = 30, BoxSize = 48 };
    private static readonly GaussianModel s_model = Draw.Model(new Random(1), s_shape);

    [Property(MaxTest = 30)]
    public Property Both_projectors_of_the_library_pass(Pose pose, int seed) =>
        Prop.ForAll(Arb.From(Generate.Models(s_shape)), model =>
        {
            var disc = FourierDisc.ForResolution(48, 2.5, 8);
            IProjector<float> fast = new GriddingProjector(model, disc);
            IProjector<double> exact = new DirectProjector<double>(model, disc);
            var random = new Random(seed);
            return (ProjectorChecks.DirectMismatch(fast, pose) < 1e-4).Label("direct")
                .And((ProjectorChecks.AdjointMismatch(exact, pose, random) < 1e-11).Label("adjoint in float64"))
                .And((ProjectorChecks.AdjointMismatch(fast, pose, random) < 1e-3).Label("adjoint in float32"))
                .And((ProjectorChecks.DerivativeMismatch(exact, pose, 1e-5, 1e-4) < 1e-5).Label("derivatives"));
        });

    [Fact]
    public void A_projector_with_a_wrong_derivative_or_adjoint_is_found()
    {
        var wrong = new Wrong(new DirectProjector<double>(s_model, FourierDisc.ForResolution(48, 2.5, 8)));
        var pose = Draw.Pose(new Random(2), 3);
        Assert.InRange(ProjectorChecks.DirectMismatch(wrong, pose), 0, 1e-12);
        Assert.InRange(ProjectorChecks.DerivativeMismatch(wrong, pose, 1e-5, 1e-4), 0.02, 0.04);
        Assert.InRange(ProjectorChecks.AdjointMismatch(wrong, pose, new Random(3)), 1e-3, 1);
    }

    [Theory]
    [InlineData(false, 0, 5e-3)]
    [InlineData(true, 0.02, 0.2)]
    public void The_gradient_of_a_scorer_is_checked(bool wrong, double low, double high)
    {
        var scorer = wrong ? Scorers.Of("wrong", true, c => new Wrong.Scorer(Scorers.Whitened.Create(c))) : Scorers.Whitened;
        var reference = WhiteNoise.Reference(scorer, s_model, s_group, 0.5, [8], 1e-5);
        var particles = ExactImages.Particles(s_model, [s_group], 4, 0.5, new Random(7));
        for (var i = 0; i < 4; i++)
        {
            var workspace = WhiteNoise.Workspace(reference, particles, i);
            var pose = Draw.Near(new Random(i), particles.Particles[i].Pose, 3, 1);
            Assert.InRange(ScorerChecks.GradientMismatch(workspace, pose), low, high);
            Assert.InRange(ScorerChecks.ObjectiveMismatch(workspace, pose), 0, 1e-6);
        }
    }

    [Fact]
    public void Without_noise_the_Gauss_Newton_matrix_is_the_curvature_and_with_it_it_is_not()
    {
        foreach (var (noise, low, high) in new[] { (0.0, 0.0, 0.02), (3.0, 0.02, 100) })
        {
            var particles = ExactImages.Particles(s_model, [s_group], 1, noise, new Random(7));
            var workspace = WhiteNoise.Workspace(WhiteNoise.Reference(Scorers.Whitened, s_model, s_group, 1, [8], 1e-5), particles, 0);
            Assert.InRange(ScorerChecks.CurvatureMismatch(workspace, particles.Particles[0].Pose), low, high);
        }
    }

    [Fact]
    public void Uncertainties_that_are_too_small_are_found()
    {
        // The noise said is two thirds of the true one, so that the errors are one and a half times what is said of them.
        var particles = ExactImages.Particles(s_model, [s_group], 100, 0.45, new Random(5));
        var random = new Random(6);
        Pose[] starts = [.. particles.Particles.Select(p => Draw.Near(random, p.Pose, 2, 1))];
        PoseCalibration Measure(double said) => PoseCalibration.Measure(
            WhiteNoise.Reference(Scorers.Whitened, s_model, s_group, said, [16, 8]), new LevenbergMarquardtPoseOptimizer(), particles, starts, 0.45);
        var honest = Measure(0.45);
        Assert.InRange(honest.Calibration.StandardScore, -4, 4);
        Assert.InRange(honest.RotationDegrees / honest.RotationBoundDegrees, 0.85, 1.2);
        Assert.True(Measure(0.3).Calibration.StandardScore > 8);
        Assert.Throws<ArgumentException>(() => PoseCalibration.Measure(
            WhiteNoise.Reference(Scorers.RingCorrelation, s_model, s_group, 1, [8]), new LevenbergMarquardtPoseOptimizer(), particles, starts, 1));
    }

    [Property]
    public Property A_model_that_fails_is_made_small() => Prop.ForAll(GmmArbitraries.Models(), model =>
        GmmArbitraries.Models().Shrinker(model).All(part => part.Count < model.Count && part.Count > 0 && part.BoxSize == model.BoxSize)
        && (model.Count == 1 || GmmArbitraries.Models().Shrinker(model).Sum(part => part.Count) == model.Count));

    [Property]
    public bool Noise_has_the_size_it_says_and_maps_theirs(NoiseImage image, DensityMap map) =>
        image.Pixels().Length == image.Height * image.Width && map.Voxels.Length == map.Size * map.Size * map.Size;

    /// <summary>A projector whose derivative along x, and what it pulls back to the amplitudes, are 3 per cent too long.</summary>
    private sealed class Wrong(IProjector<double> inner) : IProjector<double>
    {
        public GaussianModel Model => inner.Model;

        public FourierDisc Disc => inner.Disc;

        public IProjectorScratch CreateScratch() => inner.CreateScratch();

        public void Project(in Pose pose, Span<double> re, Span<double> im, IProjectorScratch scratch) => inner.Project(pose, re, im, scratch);

        public void ProjectWithPoseDerivatives(in Pose pose, PoseJacobian<double> result, IProjectorScratch scratch)
        {
            inner.ProjectWithPoseDerivatives(pose, result, scratch);
            Lengthen(result.DerivativeRe(3));
            Lengthen(result.DerivativeIm(3));
        }

        public void VectorJacobianProduct(
            in Pose pose, ReadOnlySpan<double> gradientRe, ReadOnlySpan<double> gradientIm, ModelGradient<double>? modelGradient, Span<double> poseGradient,
            IProjectorScratch scratch)
        {
            inner.VectorJacobianProduct(pose, gradientRe, gradientIm, modelGradient, poseGradient, scratch);
            Lengthen(modelGradient is null ? [] : modelGradient.Amplitudes);
        }

        private static void Lengthen(Span<double> values)
        {
            foreach (ref var v in values)
            {
                v *= 1.03;
            }
        }

        /// <summary>A scorer whose gradient is a twentieth too long.</summary>
        internal sealed class Scorer(IPoseScorer inner) : IPoseScorer
        {
            public FourierDisc Disc => inner.Disc;

            public bool IsLogLikelihood => true;

            public IScoringImage CreateImage() => new Image(inner.CreateImage());

            private sealed class Image(IScoringImage inner) : IScoringImage
            {
                public void Prepare(ReadOnlySpan<float> re, ReadOnlySpan<float> im, ReadOnlySpan<float> transfer) => inner.Prepare(re, im, transfer);

                public PoseScore Score(PoseJacobian<float> projection) => inner.Score(projection);

                public PoseScore Evaluate(PoseJacobian<float> projection, Span<double> gradient, Span<double> gaussNewton)
                {
                    var score = inner.Evaluate(projection, gradient, gaussNewton);
                    foreach (ref var g in gradient)
                    {
                        g *= 1.05;
                    }

                    return score;
                }
            }
        }
    }
}
