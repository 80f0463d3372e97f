using FsCheck.Xunit;
using Gmm.Testing;

namespace Gmm.Core.Tests;

[Properties(Arbitrary = [typeof(GmmArbitraries)])]
public class PoseTests
{
    [Fact]
    public void Relion_origins_are_shifts_with_the_other_sign()
    {
        var angles = new EulerAngles(12, 34, 56);
        var pose = Pose.FromRelion(angles, 3.5, -2);
        Assert.Equal(new Pose(Rotation.FromEuler(angles), -3.5, 2), pose);
        Assert.Equal(new Pose(Rotation.Identity, 0, 0), Pose.Identity);
    }

    [Fact]
    public void A_small_step_moves_a_rotated_point_by_the_cross_product()
    {
        var pose = Pose.FromRelion(new EulerAngles(12, 34, 56), 3.5, -2);
        var (x, y, z) = pose.Rotation.Apply(10, -20, 30);
        const double wx = 1e-6, wy = -2e-6, wz = 3e-6;
        var stepped = pose.Step([wx, wy, wz, 0.25, -0.5]);
        var moved = stepped.Rotation.Apply(10, -20, 30);
        Assert.Equal(x + (wy * z) - (wz * y), moved.X, 1e-9);
        Assert.Equal(y + (wz * x) - (wx * z), moved.Y, 1e-9);
        Assert.Equal(pose.ShiftX + 0.25, stepped.ShiftX, 1e-15);
        Assert.Equal(pose.ShiftY - 0.5, stepped.ShiftY, 1e-15);
    }

    [Property]
    public bool A_step_and_its_opposite_lead_back(EulerAngles e, RotationStep v)
    {
        var pose = Pose.FromRelion(e, 1, 2);
        var back = pose.Step([v.X, v.Y, v.Z, 0.5, 4]).Step([-v.X, -v.Y, -v.Z, -0.5, -4]);
        return RotationTests.Near(RotationTests.Matrix(pose.Rotation), back.Rotation, 1e-13) && back.ShiftX == pose.ShiftX && back.ShiftY == pose.ShiftY;
    }

    [Fact]
    public void Many_steps_stay_a_rotation()
    {
        var pose = Pose.Identity;
        for (var i = 0; i < 10000; i++)
        {
            pose = pose.Step([0.1, 0.02 * (i % 7), -0.03, 0, 0]);
        }

        Assert.True(RotationTests.IsRotation(pose.Rotation, 1e-14));
    }

    [Fact]
    public void A_step_has_five_numbers()
    {
        Assert.Equal(5, Pose.ParameterCount);
        Assert.Throws<ArgumentException>(() => Pose.Identity.Step([1, 2, 3]));
    }
}
