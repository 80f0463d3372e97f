using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Gmm.Core;
using Gmm.Heterogeneity;
using Gmm.Heterogeneity.Tests;
using Gmm.Refinement;
using Gmm.Testing;

namespace Gmm.PublicApi.Tests;

/// <summary>The parts that samples/custom-*.cs make: their derivatives against finite differences, at any pose near the truth.</summary>
public class CustomPartTests
{
    private static readonly FourierDisc s_disc = FourierDisc.ForResolution(imageSize: 48, pixelSize: 2.5, resolution: 8);
    private static readonly GaussianModel s_model = Model();
    private static readonly Pose s_truth = Pose.FromRelion(new EulerAngles(30, 65, -110), 1.5, -2);
    private static readonly IPoseScorer s_scorer = (IPoseScorer)SampleTypes.Create("custom-scorer.cs", "StudentScorer", Context(), 4.0);
    private static readonly IProjector<float> s_projector =
        (IProjector<float>)SampleTypes.Create("custom-projector.cs", "DampedProjector", new GriddingProjector(s_model, s_disc, 1e-6), 50.0);

    [Property(MaxTest = 20)]
    public bool The_robust_scorer_has_the_gradient_of_its_objective(int seed)
    {
        var pose = Near(seed);
        var image = s_scorer.CreateImage();
        var (re, im, transfer) = Image(seed);
        image.Prepare(re, im, transfer);
        double[] gradient = new double[5], matrix = new double[25];
        image.Evaluate(Project(new GriddingProjector(s_model, s_disc, 1e-6), pose), gradient, matrix);
        double Objective(Pose at) => image.Score(Project(new GriddingProjector(s_model, s_disc, 1e-6), at)).Objective;
        return Agree(gradient, FiniteDifference.PoseGradient(Objective, pose));
    }

    [Property(MaxTest = 20)]
    public Property The_damped_projector_has_the_derivatives_of_its_images(int seed)
    {
        var pose = Near(seed);
        var derivatives = ProjectorChecks.DerivativeMismatch(s_projector, pose);
        var adjoint = ProjectorChecks.AdjointMismatch(s_projector, pose, new Random(seed));
        return (derivatives < 1e-2 && adjoint < 1e-4).Label($"derivatives {derivatives:E1}, adjoint {adjoint:E1}");
    }

    [Property(MaxTest = 20)]
    public void The_hinge_has_the_derivatives_of_what_it_decodes(int seed)
    {
        ReadOnlyMemory<float> focus = Enumerable.Range(0, s_model.Count).Select(j => Math.Clamp(s_model.X[j] / 20, 0, 1)).ToArray();
        var weight = new WeightBlock("angle", [1 + (float)new Random(seed).NextDouble()]);
        var decoder = (ITrainableDecoder)SampleTypes.Create("custom-decoder.cs", "HingeDecoder", s_model, focus, 10f, weight);
        DecoderChecks.All(decoder, s_model, focus, seed);
    }

    [Fact]
    public void The_optimizer_with_several_starts_reaches_what_one_start_does_not()
    {
        var climber = new LevenbergMarquardtPoseOptimizer();
        var several = (IPoseOptimizer)SampleTypes.Create("custom-optimizer.cs", "SeveralStarts", climber, 12.0);
        Assert.Equal("several-starts(12 degrees, levenberg-marquardt)", several.Name);
        var workspace = new PoseWorkspace(new PoseReference([new PoseBand(new GriddingProjector(s_model, s_disc), Scorers.Whitened.Create(Context()), 8)]));
        var (re, im, transfer) = Image(3);
        re.CopyTo(workspace.Re, 0);
        im.CopyTo(workspace.Im, 0);
        transfer.CopyTo(workspace.Transfer, 0);
        workspace.Prepare();
        var start = s_truth.Step([0.2, -0.15, 0.1, 2, 1]);
        PoseEstimate one = climber.Optimize(workspace, start), more = several.Optimize(workspace, start);
        Assert.True(more.Score.Objective >= one.Score.Objective);
        Assert.InRange(more.Pose.Rotation.AngleTo(s_truth.Rotation), 0, 0.05);
    }

    private static bool Agree(double[] values, double[] expected) =>
        Enumerable.Range(0, 5).All(p => Math.Abs(values[p] - expected[p]) < 0.01 * values[(p < 3 ? 0 : 3)..(p < 3 ? 3 : 5)].Max(Math.Abs) + 1e-6);

    private static ScoringContext Context() => new(
        s_disc,
        new OpticsGroup { Id = 1, PixelSize = 2.5, ImageSize = 48, CtfState = CtfState.None },
        Enumerable.Repeat(1.0, s_disc.Radius + 1).ToArray(),
        () => [.. Enumerable.Repeat(30.0, s_disc.Radius + 1)]);

    private static Pose Near(int seed)
    {
        var random = new Random(seed);
        return s_truth.Step([.. Enumerable.Range(0, 5).Select(p => (p < 3 ? 0.04 : 1) * (random.NextDouble() - 0.5))]);
    }

    private static PoseJacobian<float> Project(IProjector<float> projector, Pose pose)
    {
        var result = new PoseJacobian<float>(s_disc);
        projector.ProjectWithPoseDerivatives(pose, result, projector.CreateScratch());
        return result;
    }

    /// <summary>A noisy image at the true pose.</summary>
    private static (float[] Re, float[] Im, float[] Transfer) Image(int seed)
    {
        var random = new Random(seed);
        var clean = Project(new GriddingProjector(s_model, s_disc), s_truth);
        var scale = (float)Math.Pow(2.5, -3);
        float Noisy(float v) => (scale * v) + (float)(6 * (random.NextDouble() + random.NextDouble() - 1));
        return ([.. clean.Re.ToArray().Select(Noisy)], [.. clean.Im.ToArray().Select(Noisy)], [.. Enumerable.Repeat(1f, s_disc.Count)]);
    }

    private static GaussianModel Model()
    {
        var random = new Random(1);
        float[] Uniform(double low, double high) => [.. Enumerable.Range(0, 300).Select(_ => (float)(low + ((high - low) * random.NextDouble())))];
        return new GaussianModel(Uniform(-25, 25), Uniform(-20, 20), Uniform(-35, 35), Uniform(20, 60), Uniform(2, 3), 48, 2.5);
    }
}
