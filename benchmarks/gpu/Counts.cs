using Gmm.Core;

namespace Gmm.GpuBenchmark;

/// <summary>The counts of all kernels.</summary>
internal sealed record Counts(int Grid, int Radius, long Cells, KernelCount[] Kernels)
{
    /// <summary>Counts an evaluation.</summary>
    /// <param name="grid">Side of the grid.</param>
    /// <param name="radius">Last ring.</param>
    /// <param name="coefficients">Coefficients of the disc.</param>
    /// <param name="cells">Cells that all Gaussians together are deposited on.</param>
    public static Counts Of(int grid, int radius, int coefficients, long cells)
    {
        double m2 = (double)grid * grid, side = (2 * radius) + 1;
        double pass = 0;
        foreach (var r in FftSizes.Radices(grid))
        {
            pass += 8 * r;
        }

        return new Counts(grid, radius, cells, [
            new("Clear", 2 * 8 * m2 / 1e6, 0, 0),
            // Two exponentials of 14 operations, the distances and the two products of each cell.
            new("Deposit", 2 * 16 * cells / 1e6, 2 * cells / 1e6, 38 * cells / 1e6),
            new("GridRows", ((3 * 8 * m2) + (2 * 8 * side * grid)) / 1e6, 0, 2 * m2 * pass / 1e6),
            new("Columns", ((2 * 8 * side * grid) + (2 * 8 * side * side)) / 1e6, 0, 2 * side * grid * pass / 1e6),
            new("Products", ((2 * 8 * side * side) + (6 * 4 * (double)coefficients) + (4 * 28 * 128)) / 1e6, 0, 160 * coefficients / 1e6),
            new("Sum", ((4 * 28 * 128) + (8 * 28)) / 1e6, 0, 28 * 128 / 1e6),
            new("Step", 8 * 2 * 110 / 1e6, 0, 0.001),
        ]);
    }

    /// <summary>Prints them with the bounds of a card.</summary>
    /// <param name="bandwidth">Bytes a second, memory.</param>
    /// <param name="atomics">64-bit atomic additions a second in the second cache.</param>
    /// <param name="operations">float32 operations a second.</param>
    public void Print(double bandwidth, double atomics, double operations)
    {
        Console.WriteLine($"  {"kernel",-10} {"MB",8} {"atomics",9} {"Mop",8} {"memory us",10} {"atomics us",11} {"ops us",8}");
        double slowest = 0;
        foreach (var k in Kernels)
        {
            double memory = k.Megabytes * 1e12 / bandwidth, atomic = k.Atomics * 1e12 / atomics, op = k.Operations * 1e12 / operations;
            // Atomic additions stay in the second cache.
            memory = k.Atomics > 0 ? 0 : memory;
            slowest += Math.Max(memory, Math.Max(atomic, op));
            Console.WriteLine(FormattableString.Invariant(
                $"  {k.Kernel,-10} {k.Megabytes,8:F2} {k.Atomics,8:F2}M {k.Operations,8:F2} {memory,10:F2} {atomic,11:F2} {op,8:F2}"));
        }

        Console.WriteLine(FormattableString.Invariant($"  an evaluation is bound by {slowest:F1} us: {1e6 / slowest:F0} evaluations/s"));
    }
}
