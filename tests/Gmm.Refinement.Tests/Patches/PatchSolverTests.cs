using Gmm.Core;
using Gmm.TestData;
using Gmm.Testing;

namespace Gmm.Refinement.Tests;

public class PatchSolverTests
{
    private static readonly RigidMotionPrior[] Wide = PatchTestData.Motions(20, 10);

    [Fact]
    public void With_nothing_moved_the_score_is_that_of_the_whole_model()
    {
        var (source, _) = PatchTestData.Particles(1, 3, 1, 2, 5);
        var pose = source.Particles[0].Pose;
        var reference = PoseTestData.Reference(PatchTestData.Whole, PatchTestData.Group, 2, 7);
        var whole = WhiteNoise.Workspace(reference, source, 0);
        double[] gradient = new double[5], information = new double[25];
        var expected = whole.Evaluate(0, pose, gradient, information);
        foreach (var joint in new[] { false, true })
        {
            var workspace = new PatchWorkspace(PatchTestData.Reference(PatchReferenceKind.RestFixed, joint, 2));
            PatchTestData.Load(workspace, source, 0);
            workspace.Prepare(pose);
            Pose[] poses = [.. PatchTestData.Patches.Select(p => PatchFrame.ToPatch(pose, p))];
            var count = joint ? 2 : 1;
            if (!joint)
            {
                workspace.TakeOut(0, poses[0]);
            }

            double[] g = new double[5 * count], m = new double[25 * count * count];
            var score = workspace.Evaluate(0, count, poses.AsSpan(0, count), g, m);
            Assert.Equal(expected.Objective, score.Objective, 1e-3 * expected.Objective);
            Assert.Equal(expected.Correlation, score.Correlation, 1e-3);
            if (joint)
            {
                // Moving both patches alike moves the whole: the shift's gradients add up.
                Assert.Equal(gradient[3], g[3] + g[8], 2e-3 * Math.Abs(gradient[3]) + 0.05);
                Assert.Equal(information[18], m[33] + m[38] + m[83] + m[88], 2e-3 * information[18]);
            }
        }
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    [InlineData(true, -1)]
    public void The_gradient_is_that_of_finite_differences(bool joint, int ewaldSign)
    {
        // 5 kV bends the Ewald sphere by as much as matters here.
        var (source, truth) = PatchTestData.Particles(1, 4, 1, 1, 6, ewaldSign == 0 ? 300 : 5);
        var workspace = new PatchWorkspace(PatchTestData.Reference(PatchReferenceKind.RestFixed, joint, 1, ewaldSign: ewaldSign));
        PatchTestData.Load(workspace, source, 0);
        var consensus = source.Particles[0].Pose;
        workspace.Prepare(consensus);
        var first = joint ? 0 : 1;
        var count = joint ? 2 : 1;
        if (!joint)
        {
            workspace.TakeOut(1, PatchFrame.ToPatch(consensus, PatchTestData.Patches[1]));
        }

        Pose[] poses = [.. Enumerable.Range(first, count)
            .Select(k => PatchFrame.ToPatch(truth[k][0], PatchTestData.Patches[k]).Step([0.02, -0.01, 0.015, 0.3, -0.2]))];
        double[] gradient = new double[5 * count], information = new double[25 * count * count], other = new double[5 * count];
        workspace.Evaluate(first, count, poses, gradient, information);
        for (var i = 0; i < 5 * count; i++)
        {
            var numeric = FiniteDifference.Slope(
                h =>
                {
                    Pose[] moved = [.. poses];
                    moved[i / 5] = FiniteDifference.Along(moved[i / 5], i % 5, h);
                    return workspace.Evaluate(first, count, moved, other, information).Objective;
                }, i % 5 < 3 ? 1e-3 : 0.02);
            Assert.Equal(numeric, gradient[i], (0.02 * Math.Abs(numeric)) + (i % 5 < 3 ? 5 : 0.3));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_known_motion_is_found_and_the_uncertainty_is_honest(bool joint)
    {
        // Patch 1 moves alone where the rest is fixed: else the other's motion counts as noise that the model does not know.
        const int Count = 40;
        const double Noise = 0.35;
        var (source, truth) = PatchTestData.Particles(Count, 4, 1, Noise, 7);
        var solver = new PatchSolver(PatchTestData.Reference(PatchReferenceKind.RestFixed, joint, Noise), 12, 1e-3);
        var poses = new Pose[2][] { new Pose[Count], new Pose[Count] };
        double sigma = 0;
        for (var i = 0; i < Count; i++)
        {
            var consensus = source.Particles[i].Pose;
            PatchTestData.Load(solver.Workspace, source, i);
            var estimates = new PatchEstimate?[2];
            solver.Solve(consensus, new Pose[] { consensus, consensus }, Wide, estimates, null);
            for (var k = 0; k < 2; k++)
            {
                poses[k][i] = estimates[k]!.Pose;
                sigma += Math.Pow(estimates[k]!.RotationSigmaDegrees, 2) / (2 * Count);
            }
        }

        for (var k = 0; k < 2; k++)
        {
            var before = PatchTestData.Error([.. source.Particles.Select(p => p.Pose)], truth[k], PatchTestData.Patches[k]);
            var after = PatchTestData.Error(poses[k], truth[k], PatchTestData.Patches[k]);
            Assert.True(after.Degrees < 0.5 * before.Degrees, $"{before} -> {after}");
            Assert.True(after.Angstrom < 0.6 * before.Angstrom, $"{before} -> {after}");
            if (joint)
            {
                Assert.InRange(after.Degrees / Math.Sqrt(sigma), 0.75, 1.35);
            }
        }
    }

    [Fact]
    public void A_tight_prior_keeps_patches_at_the_consensus()
    {
        var (source, _) = PatchTestData.Particles(1, 4, 1, 1, 8);
        var solver = new PatchSolver(PatchTestData.Reference(PatchReferenceKind.RestFixed, true, 1));
        PatchTestData.Load(solver.Workspace, source, 0);
        var consensus = source.Particles[0].Pose;
        var estimates = new PatchEstimate?[2];
        solver.Solve(consensus, new Pose[] { consensus, consensus }, PatchTestData.Motions(1e-3, 1e-3), estimates, null);
        foreach (var e in estimates)
        {
            Assert.True(e!.RotationDegrees < 0.1 && e.ShiftAngstrom < 0.05);
            Assert.True(e.RotationSigmaDegrees < 0.05);
        }
    }
}
