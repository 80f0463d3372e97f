using Gmm.Core;

namespace Gmm.Reports;

/// <summary>An image of a map, reduced to bytes.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Size">Pixels of a side.</param>
/// <param name="Length">Angstrom of a side.</param>
/// <param name="Pixels">The values, 0 to 255, the last row first.</param>
internal sealed record PagePanel(string Label, int Size, double Length, byte[] Pixels)
{
    private const int LargestSide = 256;

    /// <summary>
    /// A row of images for each map: central slices, then projections. What is in one column has one scale, that of the last map, so that it can be
    /// compared.
    /// </summary>
    public static PagePanel[] Of(params IReadOnlyList<(string Name, DensityMap Map)> maps)
    {
        var views = new (string What, int Axis, bool Slice)[]
        {
            ("slice xy", 2, true), ("slice xz", 1, true), ("slice yz", 0, true), ("along z", 2, false), ("along y", 1, false), ("along x", 0, false),
        };
        var panels = new PagePanel[maps.Count * views.Length];
        for (var v = 0; v < views.Length; v++)
        {
            (float, float)? limits = null;
            for (var m = maps.Count - 1; m >= 0; m--)
            {
                var (name, map) = maps[m];
                var (from, to) = views[v].Slice ? (map.Size / 2, (map.Size / 2) + 1) : (0, map.Size);
                var panel = new ImagePanel($"{name}, {views[v].What}", MapViews.Cut(map, views[v].Axis, from, to), map.Size, map.Size, map.PixelSize)
                {
                    Limits = limits,
                };
                limits ??= panel.Contrast();
                var (pixels, size) = Reduce(panel.ToGrey(), map.Size);
                panels[(m * views.Length) + v] = new PagePanel(panel.Label, size, map.BoxLength, pixels);
            }
        }

        return panels;
    }

    /// <summary>Whole blocks of pixels as one where there are more than a page shows.</summary>
    private static (byte[] Pixels, int Size) Reduce(byte[] pixels, int size)
    {
        var block = (size + LargestSide - 1) / LargestSide;
        if (block == 1)
        {
            return (pixels, size);
        }

        var less = size / block;
        var reduced = new byte[less * less];
        for (var y = 0; y < less; y++)
        {
            for (var x = 0; x < less; x++)
            {
                var sum = 0;
                for (var k = 0; k < block * block; k++)
                {
                    sum += pixels[(((y * block) + (k / block)) * size) + (x * block) + (k % block)];
                }

                reduced[(y * less) + x] = (byte)(sum / (block * block));
            }
        }

        return (reduced, less);
    }
}
