using Gmm.Core;

namespace Gmm.Reports;

/// <summary>Makes the figure that shows maps: a row for each, with its central slices and its projections along the three axes.</summary>
public static class MapViews
{
    /// <summary>Makes the figure.</summary>
    /// <param name="title">The heading; none if empty.</param>
    /// <param name="maps">Names and maps, a row each.</param>
    /// <param name="panelSize">Side of a panel, pixels of 1/96 inch.</param>
    /// <returns>The figure: per map three slices through the voxel n/2, then three projections (plain sums).</returns>
    /// <exception cref="ArgumentException">No map.</exception>
    public static ImageGrid Create(string title, IEnumerable<(string Name, DensityMap Map)> maps, double panelSize = 160)
    {
        ArgumentNullException.ThrowIfNull(maps);
        var panels = new List<ImagePanel>();
        foreach (var (name, map) in maps)
        {
            var n = map.Size;
            foreach (var (axis, what) in new[] { (2, "xy"), (1, "xz"), (0, "yz") })
            {
                panels.Add(new ImagePanel($"{name}, slice {what}", Cut(map, axis, n / 2, (n / 2) + 1), n, n, map.PixelSize));
            }

            foreach (var (axis, what) in new[] { (2, "z"), (1, "y"), (0, "x") })
            {
                panels.Add(new ImagePanel($"{name}, along {what}", Cut(map, axis, 0, n), n, n, map.PixelSize));
            }
        }

        return new ImageGrid(title, panels, 6, panelSize);
    }

    /// <summary>
    /// Makes the figure with a column for each map, so that maps in one frame can be compared: slices xy and yz through the centre, and the
    /// projection along z.
    /// </summary>
    /// <param name="title">The heading; none if empty.</param>
    /// <param name="maps">Names and maps, a column each. Each panel has its own contrast.</param>
    /// <param name="panelSize">Side of a panel, pixels of 1/96 inch.</param>
    /// <returns>The figure, three rows.</returns>
    /// <exception cref="ArgumentException">No map.</exception>
    public static ImageGrid SideBySide(string title, IReadOnlyList<(string Name, DensityMap Map)> maps, double panelSize = 200)
    {
        ArgumentNullException.ThrowIfNull(maps);
        if (maps.Count == 0)
        {
            throw new ArgumentException($"The figure \"{title}\" has no map to show.", nameof(maps));
        }

        var panels = new List<ImagePanel>();
        foreach (var (what, axis, slice) in new[] { ("slice xy", 2, true), ("slice yz", 0, true), ("along z", 2, false) })
        {
            foreach (var (name, map) in maps)
            {
                var (from, to) = slice ? (map.Size / 2, (map.Size / 2) + 1) : (0, map.Size);
                panels.Add(new ImagePanel($"{name}, {what}", Cut(map, axis, from, to), map.Size, map.Size, map.PixelSize));
            }
        }

        return new ImageGrid(title, panels, maps.Count, panelSize);
    }

    /// <summary>Sums the layers [from, to) across an axis (0: x, 1: y, 2: z). The other two axes stay in order.</summary>
    internal static float[] Cut(DensityMap map, int axis, int from, int to)
    {
        var n = map.Size;
        var (acrossStride, columnStride, rowStride) = axis switch { 0 => (1, n, n * n), 1 => (n, 1, n * n), _ => (n * n, 1, n) };
        var image = new float[n * n];
        for (var row = 0; row < n; row++)
        {
            for (var column = 0; column < n; column++)
            {
                double sum = 0;
                for (var layer = from; layer < to; layer++)
                {
                    sum += map.Voxels[(layer * acrossStride) + (column * columnStride) + (row * rowStride)];
                }

                image[(row * n) + column] = (float)sum;
            }
        }

        return image;
    }
}
