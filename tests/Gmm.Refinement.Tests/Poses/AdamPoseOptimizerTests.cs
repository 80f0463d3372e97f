using FsCheck;
using FsCheck.Xunit;
using Gmm.Core;
using Gmm.TestData;
using Gmm.Testing;

namespace Gmm.Refinement.Tests;

public class AdamPoseOptimizerTests
{
    private const double Rad = Math.PI / 180;

    private static readonly MemorySource Source = PoseTestData.Particles(6, 1.5, 5);

    [Property]
    public bool The_Euler_gradient_is_that_of_finite_differences(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        double Angle() => 360 * random.NextDouble();
        return GradientAgrees(new EulerAngles(Angle(), Angle() / 2, Angle() - 180), random);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-7)]
    [InlineData(1e-3)]
    [InlineData(180)]
    public void The_Euler_gradient_holds_at_the_poles(double tilt) =>
        Assert.True(GradientAgrees(new EulerAngles(33, tilt, -71), new Random(3)));

    [Fact]
    public void The_first_step_moves_every_parameter_by_the_learning_rate()
    {
        for (var i = 0; i < Source.Particles.Count; i++)
        {
            var start = Draw.Near(new Random(i), Source.Particles[i].Pose, 3, 1);
            var pose = new AdamPoseOptimizer(1).Optimize(WhiteNoise.Workspace(Published(), Source, i), start).Pose;
            foreach (var change in Changes(start, pose))
            {
                Assert.Equal(1e-3, Math.Abs(change), 1e-6);
            }
        }
    }

    [Fact]
    public void Ten_steps_reach_a_hundredth_and_climb()
    {
        double turned = 0, before = 0, after = 0;
        for (var i = 0; i < Source.Particles.Count; i++)
        {
            var start = Draw.Near(new Random(i), Source.Particles[i].Pose, 3, 1);
            var estimate = new AdamPoseOptimizer().Optimize(WhiteNoise.Workspace(Published(), Source, i), start);
            Assert.Equal((PoseStatus.Refined, 10), (estimate.Status, estimate.Steps));
            Assert.Null(estimate.Covariance);

            // Ten steps of 1e-3; a gradient that grows makes a step a little longer than the rate.
            Assert.All(Changes(start, estimate.Pose), change => Assert.InRange(Math.Abs(change), 0, 0.0103));
            turned = Math.Max(turned, Changes(start, estimate.Pose).Take(3).Max(Math.Abs));
            Assert.True(estimate.Score.Objective > estimate.StartScore.Objective);
            before += start.Rotation.AngleTo(Source.Particles[i].Pose.Rotation);
            after += estimate.Pose.Rotation.AngleTo(Source.Particles[i].Pose.Rotation);
        }

        // It goes most of the way it can, and the right way.
        Assert.InRange(turned, 0.008, 0.0103);
        Assert.True(after < before);
    }

    [Fact]
    public void An_image_without_content_keeps_its_pose_and_says_so()
    {
        var workspace = new PoseWorkspace(Published());
        workspace.Prepare();
        var start = Source.Particles[0].Pose;
        var estimate = new AdamPoseOptimizer().Optimize(workspace, start);
        Assert.Equal((start, PoseStatus.Failed), (estimate.Pose, estimate.Status));
    }

    private static PoseReference Published()
    {
        var disc = FourierDisc.ForResolution(PoseTestData.Box, PoseTestData.Pixel, 6);
        return new PoseReference(
            [new PoseBand(new GriddingProjector(PoseTestData.Model, disc), new FourierRingCorrelationScorer(disc, disc.RingOfResolution(25)), 6)]);
    }

    /// <summary>Changes of the three angles, radians, and of the shift in units of the box.</summary>
    private static double[] Changes(Pose a, Pose b)
    {
        EulerAngles x = a.Rotation.ToEuler(), y = b.Rotation.ToEuler();
        static double Turn(double degrees) => (degrees - (360 * Math.Round(degrees / 360))) * Rad;
        const double length = PoseTestData.Box * PoseTestData.Pixel;
        return
        [
            Turn(y.RotDegrees - x.RotDegrees), Turn(y.TiltDegrees - x.TiltDegrees), Turn(y.PsiDegrees - x.PsiDegrees),
            (b.ShiftX - a.ShiftX) / length, (b.ShiftY - a.ShiftY) / length,
        ];
    }

    /// <summary>Of an objective that is linear in the tangent space: f(A') = g . log(A' A^T), differentiated along each Euler angle.</summary>
    private static bool GradientAgrees(EulerAngles angles, Random random)
    {
        var tangent = Enumerable.Range(0, 5).Select(_ => Draw.Normal(random)).ToArray();
        var a = Rotation.FromEuler(angles);
        var found = new double[5];
        AdamPoseOptimizer.ToEulerGradient(a, angles.PsiDegrees * Rad, tangent, 200, found);
        for (var p = 0; p < 3; p++)
        {
            double Value(double step)
            {
                var moved = new EulerAngles(
                    angles.RotDegrees + (p == 0 ? step / Rad : 0), angles.TiltDegrees + (p == 1 ? step / Rad : 0),
                    angles.PsiDegrees + (p == 2 ? step / Rad : 0));
                var w = TangentStep.Between(new Pose(a, 0, 0), new Pose(Rotation.FromEuler(moved), 0, 0));
                return (w[0] * tangent[0]) + (w[1] * tangent[1]) + (w[2] * tangent[2]);
            }

            if (Math.Abs(FiniteDifference.Slope(Value, 1e-4) - found[p]) > 1e-6)
            {
                return false;
            }
        }

        return Math.Abs(found[3] - (200 * tangent[3])) < 1e-9 && Math.Abs(found[4] - (200 * tangent[4])) < 1e-9;
    }
}
