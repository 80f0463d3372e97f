using Gmm.Core;

namespace Gmm.Core.Tests;

public class PoseErrorsTests
{
    [Fact]
    public void A_common_motion_of_each_half_is_no_error()
    {
        var truth = Truth(300);
        var turns = new[] { Rotation.FromRotationVector(0.02, -0.01, 0.03), Rotation.FromRotationVector(-0.05, 0.02, 0.01) };
        var moves = new[] { (1.0, -2.0, 0.5), (-0.3, 0.7, 3.0) };
        var found = truth.Select(p => Moved(p, turns[p.Half - 1], moves[p.Half - 1])).ToArray();
        var errors = PoseErrors.Compare(truth, found);
        Assert.All(errors.RotationDegrees, e => Assert.InRange(e, 0, 1e-6));
        Assert.All(errors.ShiftAngstrom, e => Assert.InRange(e, 0, 1e-6));
        Assert.Equal(Math.Sqrt(0.0025 + 0.0004 + 0.0001) * 180 / Math.PI, errors.FrameDegrees, 1e-6);
        Assert.InRange(PoseErrors.Compare(truth, found, removeFrames: false).RotationMedian, 2, 4);
    }

    [Fact]
    public void Errors_beyond_the_common_motion_are_measured()
    {
        var truth = Truth(4000);
        var turn = Rotation.FromRotationVector(0.02, -0.01, 0.03);
        var found = truth.Select((p, i) =>
        {
            // One in ten is off by 40 degrees: it must not pull the frame.
            var random = new SeededGenerator(9, 1, i);
            var size = i % 10 == 0 ? 0.7 : 0.01;
            var moved = Moved(p, turn, (1, 2, 3));
            var axis = (X: random.Normal(), Y: random.Normal(), Z: random.Normal());
            var scale = size / Math.Sqrt((axis.X * axis.X) + (axis.Y * axis.Y) + (axis.Z * axis.Z));
            return moved.Step([scale * axis.X, scale * axis.Y, scale * axis.Z, 0.3, 0.4]);
        }).ToArray();
        var errors = PoseErrors.Compare(truth, found);
        Assert.Equal(0.01 * 180 / Math.PI, errors.RotationMedian, 0.02);
        Assert.Equal(0.7 * 180 / Math.PI, errors.RotationDegrees[10], 0.1);
        Assert.Equal(0.5, errors.ShiftRms, 0.02);
    }

    [Fact]
    public void Of_poses_that_are_equal_by_symmetry_the_nearest_counts()
    {
        var truth = Truth(200);
        var group = SymmetryGroup.Parse("D2");
        var turn = Rotation.FromRotationVector(0.02, 0, 0);
        var found = truth.Select((p, i) => p.Pose with { Rotation = p.Pose.Rotation * turn * group.Operators[i % group.Order] }).ToArray();
        var errors = PoseErrors.Compare(truth, found, removeFrames: false, group);
        Assert.All(errors.RotationDegrees, e => Assert.Equal(0.02 * 180 / Math.PI, e, 1e-6));
        Assert.Equal(0, errors.ShareOver(10));
        Assert.Equal(0.75, PoseErrors.Compare(truth, found, removeFrames: false).ShareOver(10), 1e-12);

        // The common turn of 1.1 degrees is no error once the copies are the nearest.
        Assert.InRange(PoseErrors.Compare(truth, found, symmetry: group).RotationNinety, 0, 1e-5);
    }

    private static Particle[] Truth(int n) => [.. Enumerable.Range(0, n).Select(i => new Particle(
        new Pose(new SeededGenerator(3, 1, i).Rotation(), i % 5, -(i % 3)), new CtfParameters { DefocusU = 1e4, DefocusV = 1e4 }, 0, 1 + (i % 2)))];

    private static Pose Moved(Particle p, Rotation turn, (double X, double Y, double Z) move)
    {
        var (x, y, _) = p.Pose.Rotation.Apply(move.X, move.Y, move.Z);
        return new Pose(p.Pose.Rotation * turn, p.Pose.ShiftX + x, p.Pose.ShiftY + y);
    }
}
