using Gmm.Testing;

namespace Gmm.Core.Tests.Kernels;

/// <summary>Places and widths that no molecule has, and that a file may.</summary>
internal static class Hostile
{
    /// <summary>Numbers at which a cast, a sum or a product of 32 bits breaks, and those that are none.</summary>
    private static readonly double[] Special =
    [
        double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e300, -1e300, 3e38, -3e38, 1e38, 1e12, -1e12, 1.7e10, -1.7e10, 1e9,
        2147483520, 2147483647, 2147483648, -2147483648, -2147483904, 1073741824, 16777217, 65536, -65536, 1e6, 46341, -46341, 4096, 0, -0.0,
    ];

    /// <summary>Places in cells of a grid: inside, across an edge, just outside, and anywhere.</summary>
    /// <param name="size">Side of the grid.</param>
    /// <param name="random">Source of numbers.</param>
    public static double Place(int size, Random random) => random.Next(8) switch
    {
        0 or 1 or 2 => size * random.NextDouble(),
        3 => (random.Next(2) * size) + (20 * Draw.Signed(random)),
        4 => (random.Next(2) * size) + (random.Next(-65, 66) * 8) + (random.Next(-1, 2) * 1e-4),
        5 => Math.Pow(10, 40 * random.NextDouble()) * (random.Next(2) == 0 ? -1 : 1),
        6 => random.Next(-2 * size, 3 * size),
        _ => Special[random.Next(Special.Length)],
    };

    /// <summary>Standard deviations: of a molecule, and from 1e-30 to 1e30.</summary>
    public static double Width(Random random) => random.Next(4) switch
    {
        0 => Math.Pow(10, (60 * random.NextDouble()) - 30),
        1 => 50 * random.NextDouble(),
        _ => 0.5 + (3 * random.NextDouble()),
    };
}
