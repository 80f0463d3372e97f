using FsCheck;
using FsCheck.Fluent;
using Gmm.IO;

namespace Gmm.Core.Tests;

/// <summary>Rotations for FsCheck: over all turns, often at the poles, and from tiny steps to more than half a turn.</summary>
public static class RotationArbitraries
{
    public static Arbitrary<EulerAngles> Angles() => (
        from rot in Gen.Choose(-3600, 3600)
        from tilt in Gen.Frequency((4, Gen.Choose(0, 1800)), (1, Gen.Elements(0, 1800)))
        from psi in Gen.Choose(-3600, 3600)
        select new EulerAngles(rot / 10.0, tilt / 10.0, psi / 10.0)).ToArbitrary();

    public static Arbitrary<RotationVector> Vectors() => (
        from x in Gen.Choose(-1000, 1000)
        from y in Gen.Choose(-1000, 1000)
        from z in Gen.Choose(-1000, 1000)
        from scale in Gen.Elements(1e-12, 1e-8, 1e-7, 1e-5, 1e-3, 2e-3)
        select new RotationVector(x * scale, y * scale, z * scale)).ToArbitrary();
}
