using FsCheck;
using FsCheck.Fluent;

namespace Gmm.Core.Tests;

/// <summary>Images of 1 to 40 pixels a side for FsCheck.</summary>
public static class SeededImageArbitrary
{
    public static Arbitrary<SeededImage> Images() => (
        from height in Gen.Choose(1, 40)
        from width in Gen.Choose(1, 40)
        from seed in Gen.Choose(0, 10000)
        select new SeededImage(height, width, seed)).ToArbitrary();
}
