using Gmm.Core;
using Gmm.TestData;
using Gmm.Testing;

namespace Gmm.Refinement.Tests;

public class LevenbergMarquardtPoseOptimizerTests
{
    // Degrees to which a clean image gives its pose. The float32 objective, about 3,500 here, is good to 1e-3, and sigma is 0.2 degrees: below sigma
    // / sqrt(3) * sqrt(2e-3) = 0.005 degrees steps can no longer be told apart, and where the climb ends depends on the order of the sums.
    private const double Recovered = 6e-3;

    private const double Degree = Math.PI / 180;

    private static readonly MemorySource Clean = PoseTestData.Particles(8, 0, 21);

    [Fact]
    public void Without_noise_it_finds_the_pose_from_3_degrees_and_1_angstrom()
    {
        var reference = WhiteNoise.Reference(Scorers.Whitened, PoseTestData.Model, PoseTestData.Group, 0.5, [6], 1e-5);
        var optimizer = new LevenbergMarquardtPoseOptimizer(new LevenbergMarquardtOptions { FineSteps = 20, Tolerance = 1e-7 });
        for (var i = 0; i < Clean.Particles.Count; i++)
        {
            var truth = Clean.Particles[i].Pose;
            var estimate = optimizer.Optimize(WhiteNoise.Workspace(reference, Clean, i), Off(truth, 3, 1, i));
            Assert.Equal(PoseStatus.Refined, estimate.Status);
            Assert.InRange(estimate.Pose.Rotation.AngleTo(truth.Rotation) / Degree, 0, Recovered);
            Assert.InRange(Math.Abs(estimate.Pose.ShiftX - truth.ShiftX) + Math.Abs(estimate.Pose.ShiftY - truth.ShiftY), 0, 1e-3);
            Assert.InRange(estimate.Score.Correlation, 0.9999, 1.00001);
        }
    }

    [Fact]
    public void Premultiplied_images_give_their_poses_as_well()
    {
        // Signal times CTF^2; taken for signal times CTF they must not fit as well.
        var group = PoseTestData.Group with { CtfState = CtfState.Premultiplied };
        var source = PoseTestData.Particles(4, 0, 21, null, [group]);
        var wrong = new MemorySource([PoseTestData.Group]);
        for (var i = 0; i < 4; i++)
        {
            wrong.Add(source.Particles[i], source.Images[i]);
        }

        var reference = WhiteNoise.Reference(Scorers.Whitened, PoseTestData.Model, group, 0.5, [6], 1e-5);
        var optimizer = new LevenbergMarquardtPoseOptimizer(new LevenbergMarquardtOptions { FineSteps = 20, Tolerance = 1e-7 });
        for (var i = 0; i < 4; i++)
        {
            var truth = source.Particles[i].Pose;
            var estimate = optimizer.Optimize(WhiteNoise.Workspace(reference, source, i), Off(truth, 3, 1, i));
            Assert.InRange(estimate.Pose.Rotation.AngleTo(truth.Rotation) / Degree, 0, Recovered);
            Assert.InRange(estimate.Score.Correlation, 0.9999, 1.00001);
            Assert.InRange(WhiteNoise.Workspace(reference, wrong, i).Score(0, truth).Correlation, -1, 0.9);
        }
    }

    [Fact]
    public void In_bands_it_finds_the_pose_from_8_degrees()
    {
        var reference = WhiteNoise.Reference(Scorers.Whitened, PoseTestData.Model, PoseTestData.Group, 0.5, [20, 11, 6], 1e-5);
        var optimizer = new LevenbergMarquardtPoseOptimizer(new LevenbergMarquardtOptions { CoarseSteps = 6, FineSteps = 20, Tolerance = 1e-7 });
        for (var i = 0; i < Clean.Particles.Count; i++)
        {
            var truth = Clean.Particles[i].Pose;
            var estimate = optimizer.Optimize(WhiteNoise.Workspace(reference, Clean, i), Off(truth, 8, 1, i));
            Assert.InRange(estimate.Pose.Rotation.AngleTo(truth.Rotation) / Degree, 0, Recovered);
        }
    }

    [Fact]
    public void It_never_ends_below_its_start_in_the_finest_band()
    {
        // Noise over the signal, starts near and far: a coarse band often leads away here.
        var noisy = PoseTestData.Particles(30, 12, 22);
        var reference = PoseTestData.Reference(PoseTestData.Model, PoseTestData.Group, 12, 30, 12, 6);
        var optimizer = new LevenbergMarquardtPoseOptimizer();
        var ledAway = 0;
        for (var i = 0; i < noisy.Particles.Count; i++)
        {
            var start = Off(noisy.Particles[i].Pose, i % 3 * 4, 1, i);
            var workspace = WhiteNoise.Workspace(reference, noisy, i);
            var estimate = optimizer.Optimize(workspace, start);
            var atStart = workspace.Score(2, start);
            Assert.Equal(atStart.Objective, estimate.StartScore.Objective, 1e-3 + (1e-5 * Math.Abs(atStart.Objective)));
            Assert.True(estimate.Score.Objective >= atStart.Objective - 1e-3, $"particle {i}: {atStart.Objective} to {estimate.Score.Objective}");
            Assert.Equal(workspace.Score(2, estimate.Pose).Objective, estimate.Score.Objective, 1e-3 + (1e-5 * Math.Abs(atStart.Objective)));

            // The same from the coarse bands alone shows that the test has something to catch.
            var coarse = WhiteNoise.Workspace(PoseTestData.Reference(PoseTestData.Model, PoseTestData.Group, 12, 30), noisy, i);
            ledAway += workspace.Score(2, optimizer.Optimize(coarse, start).Pose).Objective < atStart.Objective ? 1 : 0;
        }

        Assert.True(ledAway > 0);
    }

    [Fact]
    public void One_band_too_reports_the_score_of_its_start()
    {
        var reference = PoseTestData.Reference(PoseTestData.Model, PoseTestData.Group, 1, 6);
        var workspace = WhiteNoise.Workspace(reference, Clean, 0);
        var start = Off(Clean.Particles[0].Pose, 2, 1, 1);
        var estimate = new LevenbergMarquardtPoseOptimizer().Optimize(workspace, start);
        Assert.Equal(workspace.Score(0, start).Objective, estimate.StartScore.Objective, 1e-5 * estimate.StartScore.Objective);
        Assert.True(estimate.Score.Objective > estimate.StartScore.Objective);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_image_or_a_reference_without_content_keeps_the_pose_and_says_so(bool emptyImage)
    {
        var model = emptyImage ? PoseTestData.Model
            : new GaussianModel([0, 5], [0, 5], [0, 5], [0, 0], [2, 2], PoseTestData.Box, PoseTestData.Pixel);
        foreach (var bands in new double[][] { [6], [16, 6] })
        {
            var reference = PoseTestData.Reference(model, PoseTestData.Group, 1, bands);
            var workspace = emptyImage ? new PoseWorkspace(reference) : WhiteNoise.Workspace(reference, Clean, 0);
            workspace.Prepare();
            var start = Clean.Particles[0].Pose;
            var estimate = new LevenbergMarquardtPoseOptimizer().Optimize(workspace, start);
            Assert.Equal((start, PoseStatus.Failed), (estimate.Pose, estimate.Status));
            Assert.Null(estimate.Covariance);
        }
    }

    [Fact]
    public void A_particle_that_runs_away_keeps_its_pose()
    {
        var reference = PoseTestData.Reference(PoseTestData.Model, PoseTestData.Group, 1, 6);
        var start = Off(Clean.Particles[0].Pose, 2, 1, 1);
        var options = new LevenbergMarquardtOptions { MaximumRotationDegrees = 0.5 };
        var estimate = new LevenbergMarquardtPoseOptimizer(options).Optimize(WhiteNoise.Workspace(reference, Clean, 0), start);
        Assert.Equal((start, PoseStatus.Failed), (estimate.Pose, estimate.Status));
    }

    [Fact]
    public void A_value_that_is_not_finite_keeps_the_pose()
    {
        var reference = PoseTestData.Reference(PoseTestData.Model, PoseTestData.Group, 1, 16, 6);
        var workspace = WhiteNoise.Workspace(reference, Clean, 0);
        workspace.Re[50] = float.NaN;
        workspace.Prepare();
        var start = Off(Clean.Particles[0].Pose, 2, 1, 1);
        var estimate = new LevenbergMarquardtPoseOptimizer().Optimize(workspace, start);
        Assert.Equal((start, PoseStatus.Failed), (estimate.Pose, estimate.Status));
    }

    /// <summary>A pose exactly so far off, in a random direction.</summary>
    private static Pose Off(Pose pose, double degrees, double angstrom, int seed)
    {
        var random = new Random(seed);
        double x = Draw.Normal(random), y = Draw.Normal(random), z = Draw.Normal(random), u = 2 * Math.PI * random.NextDouble();
        var scale = degrees * Degree / Math.Sqrt((x * x) + (y * y) + (z * z));
        return pose.Step([scale * x, scale * y, scale * z, angstrom * Math.Cos(u), angstrom * Math.Sin(u)]);
    }
}
