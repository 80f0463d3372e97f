using Gmm.Core;
using Gmm.Testing;

namespace Gmm.Refinement.Tests;

public class RigidMotionLearnerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_covariance_that_motions_were_drawn_from_is_found(int patches)
    {
        // A hinge (rotation about z drags the centre along y) and a small shift along x.
        var truth = new double[36];
        (double Hinge, double Drag, double Shift) = (0.06, 20, 0.7);
        truth[14] = Hinge * Hinge;
        truth[16] = truth[26] = Hinge * Hinge * Drag;
        truth[28] = Hinge * Hinge * Drag * Drag;
        truth[21] = Shift * Shift;
        var random = new Random(3);
        var evidence = Enumerable.Range(0, 1500).Select(_ => Measured(random, patches, () =>
        {
            double hinge = Hinge * Draw.Normal(random), shift = Shift * Draw.Normal(random);
            return [0, 0, hinge, shift, hinge * Drag, 0];
        })).ToArray();
        var learnt = RigidMotionLearner.Learn(evidence, Start(patches), LearningSchedule.Patches, new ComputeOptions { Threads = 2 }, default);
        for (var k = 0; k < patches; k++)
        {
            var c = learnt[k].Covariance;
            Assert.InRange(c[14] / truth[14], 0.8, 1.2);
            Assert.InRange(c[28] / truth[28], 0.8, 1.2);
            Assert.InRange(c[16] / truth[16], 0.75, 1.25);
            Assert.InRange(c[21] / truth[21], 0.8, 1.25);
            Assert.True(c[0] < 0.1 * truth[14] && c[7] < 0.1 * truth[14] && c[35] < 0.15 * truth[21]);
        }

        var again = RigidMotionLearner.Learn(evidence, Start(patches), LearningSchedule.Patches, new ComputeOptions { Threads = 1 }, default);
        Assert.Equal(learnt[0].Covariance, again[0].Covariance);
    }

    [Fact]
    public void Where_nothing_moves_the_prior_shrinks()
    {
        var random = new Random(4);
        var evidence = Enumerable.Range(0, 600).Select(_ => Measured(random, 1, () => new double[6])).ToArray();
        var learnt = RigidMotionLearner.Learn(evidence, Start(1), LearningSchedule.Patches, new ComputeOptions { Threads = 1 }, default);
        Assert.True(learnt[0].RotationDegrees < 0.9, $"{learnt[0].RotationDegrees}");
        Assert.True(learnt[0].ShiftAngstrom < 0.35, $"{learnt[0].ShiftAngstrom}");
    }

    private static RigidMotionPrior[] Start(int parts) => [.. Enumerable.Range(0, parts).Select(_ => RigidMotionPrior.Start(default, 2, 1))];

    /// <summary>An image with an uncertainty of about 1.5 degrees and 0.4 angstrom per axis of every patch.</summary>
    private static MotionEvidence Measured(Random random, int patches, Func<double[]> motion)
    {
        var a = Draw.Pose(random, 0).Rotation;
        var n = 5 * patches;
        double[] information = new double[n * n], right = new double[n];
        for (var k = 0; k < patches; k++)
        {
            var x = motion();
            var (wx, wy, wz) = a.Apply(x[0], x[1], x[2]);
            var (dx, dy, _) = a.Apply(x[3], x[4], x[5]);
            double[] seen = [wx, wy, wz, dx, dy];
            for (var i = 0; i < 5; i++)
            {
                var sigma = i < 3 ? 0.026 : 0.4;
                var d = (5 * k) + i;
                information[(d * n) + d] = 1 / (sigma * sigma);
                right[d] = (seen[i] + (sigma * Draw.Normal(random))) / (sigma * sigma);
            }
        }

        return new MotionEvidence(a, 0, information, right);
    }
}
