using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Gmm.Core.Tests;

/// <summary>The vector of a rotation, up to and at half a turn.</summary>
public sealed class RotationVectorTests
{
    [Property]
    public Property The_vector_gives_the_rotation_again()
    {
        var part = Gen.Choose(-1000, 1000).Select(i => i / 1000.0);
        var angles = Gen.OneOf(
            Gen.Choose(0, 3141).Select(i => i / 1000.0), Gen.Choose(0, 9).Select(e => Math.PI - Math.Pow(10, -e)), Gen.Constant(Math.PI));
        var cases =
            from x in part
            from y in part
            from z in part
            from angle in angles
            select (x, y, z, angle);
        return Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var (x, y, z, angle) = c;
            var length = Math.Sqrt((x * x) + (y * y) + (z * z));
            if (length < 1e-3)
            {
                return;
            }

            var r = Rotation.FromRotationVector(x * angle / length, y * angle / length, z * angle / length);
            var (a, b, d) = RotationVector.Of(r);
            Assert.InRange(Rotation.FromRotationVector(a, b, d).AngleTo(r), 0, 1e-10);
            Assert.Equal(angle, Math.Sqrt((a * a) + (b * b) + (d * d)), 1e-7);
        });
    }
}
