namespace Gmm.Core;

/// <summary>
/// The order in which the gridding projector deposits Gaussians: by footprint, then in regions of space that stay in the processor's first cache.
/// </summary>
internal static class DepositOrder
{
    // Side of the smallest region, angstrom; regions of regions follow each other too.
    private const float RegionSide = 4;

    /// <summary>Finds the order.</summary>
    /// <param name="model">The model.</param>
    /// <param name="footprints">The footprint of each Gaussian.</param>
    /// <returns>The Gaussians in order, and the runs of one footprint.</returns>
    public static (int[] Order, GriddingKernels.Run[] Runs) Of(GaussianModel model, GriddingKernels.Footprint[] footprints)
    {
        float[] x = model.X.ToArray(), y = model.Y.ToArray(), z = model.Z.ToArray();
        var order = new int[model.Count];
        var runs = new List<GriddingKernels.Run>();
        var first = 0;
        foreach (var group in Enumerable.Range(0, model.Count)
            .GroupBy(j => footprints[j])
            .OrderBy(g => g.Key.Columns)
            .ThenBy(g => g.Key.Rows)
            .ThenBy(g => g.Key.NarrowRows))
        {
            // Neighbours in three dimensions are neighbours in every projection.
            int[] sorted = [.. group.OrderBy(j => Morton(Region(x[j]), Region(y[j]), Region(z[j]))).ThenBy(j => j)];
            sorted.CopyTo(order, first);
            runs.Add(new GriddingKernels.Run(first, first + sorted.Length, group.Key));
            first += sorted.Length;
        }

        return (order, [.. runs]);
    }

    private static uint Region(float v) => (uint)Math.Clamp(MathF.Floor(v / RegionSide) + 512, 0, 1023);

    /// <summary>The bits of three numbers in turn: a curve that keeps neighbours together.</summary>
    private static uint Morton(uint x, uint y, uint z)
    {
        uint code = 0;
        for (var bit = 0; bit < 10; bit++)
        {
            code |= ((x >> bit) & 1) << (3 * bit);
            code |= ((y >> bit) & 1) << ((3 * bit) + 1);
            code |= ((z >> bit) & 1) << ((3 * bit) + 2);
        }

        return code;
    }
}
