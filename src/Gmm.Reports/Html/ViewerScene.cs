using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Reports;

/// <summary>What a page's viewer shows: maps on one grid, cut to the molecule and reduced until they fit, and a model.</summary>
internal sealed record ViewerScene
{
    /// <summary>Bytes of all maps of a page together, at most.</summary>
    public const int MostBytes = 2_000_000;

    /// <summary>
    /// The part of the voxels inside a solvent mask that the surface encloses at first: masks are made some angstrom wider than the molecule.
    /// </summary>
    private const double EnclosedShare = 0.22;

    /// <summary>Voxels to the resolution from which a surface looks smooth; maps of larger voxels are resampled as far as there is room.</summary>
    private const double PerResolution = 4;

    /// <summary>Voxels around the mask that are kept.</summary>
    private const int Margin = 1;

    /// <summary>Voxels along x, y and z.</summary>
    public required (int X, int Y, int Z) Size { get; init; }

    /// <summary>Angstrom per voxel.</summary>
    public required double PixelSize { get; init; }

    /// <summary>Where the first voxel is, angstrom.</summary>
    public required (double X, double Y, double Z) Origin { get; init; }

    /// <summary>The maps.</summary>
    public required IReadOnlyList<ViewedMap> Maps { get; init; }

    /// <summary>Local resolution, angstrom, to colour a surface by; null for none.</summary>
    public ViewedMap? LocalResolution { get; init; }

    /// <summary>Where the surface lies at first.</summary>
    public required double Level { get; init; }

    /// <summary>Standard deviation of the first map, to tell levels in.</summary>
    public required double Deviation { get; init; }

    /// <summary>An atomic model, backbone only, in PDB format; null for none.</summary>
    public string? Model { get; init; }

    /// <summary>Makes the scene.</summary>
    /// <param name="maps">Names and maps, all of one box; the first is shown first.</param>
    /// <param name="mask">What encloses the molecule; null for the whole box.</param>
    /// <param name="local">Local resolution on the same box; null for none.</param>
    /// <param name="finest">The resolution, angstrom; null for none.</param>
    /// <param name="origin">Where voxel 0 of the maps is, angstrom.</param>
    /// <param name="compute">Threads.</param>
    /// <returns>The scene; null where the first map shows nothing.</returns>
    public static ViewerScene? Of(
        IReadOnlyList<(string Name, DensityMap Map)> maps, DensityMap? mask, DensityMap? local, double? finest, (double X, double Y, double Z) origin,
        ComputeOptions compute)
    {
        var n = maps[0].Map.Size;
        var box = Box.Around(mask, n);
        var count = maps.Count + (local is null ? 0 : 1);
        var factor = Math.Min(Math.Cbrt(MostBytes / (double)count / box.Voxels), Math.Max(1, finest is { } r ? maps[0].Map.PixelSize * PerResolution / r : 1));
        // Small steps down: the box is rounded to whole voxels, with its margin.
        for (var size = (int)(n * factor); size >= 8; size--)
        {
            var less = mask is null ? null : FourierResize.To(mask, size, compute);
            var inside = size == n ? box : Box.Around(less, size);
            if (inside.Voxels * count <= MostBytes)
            {
                return Make(maps.Select(m => (m.Name, Inside(FourierResize.To(m.Map, size, compute), less))), less, local, inside, origin, compute);
            }
        }

        return null;
    }

    /// <summary>What is outside the mask is noise, which a surface around the molecule is not seen through.</summary>
    private static DensityMap Inside(DensityMap map, DensityMap? mask)
    {
        if (mask is null)
        {
            return map;
        }

        var voxels = new float[map.Voxels.Length];
        for (var i = 0; i < voxels.Length; i++)
        {
            // A reduced mask overshoots a little at its edge.
            voxels[i] = map.Voxels[i] * Math.Clamp(mask.Voxels[i], 0, 1);
        }

        return new DensityMap(map.Size, map.PixelSize, voxels);
    }

    private static ViewerScene? Make(
        IEnumerable<(string Name, DensityMap Map)> maps, DensityMap? mask, DensityMap? local, Box box, (double X, double Y, double Z) origin,
        ComputeOptions compute)
    {
        var all = maps.ToArray();
        var (first, pixel) = (all[0].Map, all[0].Map.PixelSize);
        var values = new List<float>();
        for (var i = 0; i < first.Voxels.Length; i++)
        {
            if (mask is null || mask.Voxels[i] > 0.5f)
            {
                values.Add(first.Voxels[i]);
            }
        }

        values.Sort();
        var greatest = values.Count == 0 ? 0 : values[^1];
        if (!(greatest > 0))
        {
            return null;
        }

        // Without a mask most of the box is solvent.
        var level = values[(int)((1 - (mask is null ? EnclosedShare / 4 : EnclosedShare)) * (values.Count - 1))];
        var mean = first.Voxels.Average(v => (double)v);
        return new ViewerScene
        {
            Size = box.Size,
            PixelSize = pixel,
            Origin = (origin.X + (box.From.X * pixel), origin.Y + (box.From.Y * pixel), origin.Z + (box.From.Z * pixel)),
            Maps = [.. all.Select(m => Bytes(m.Name, m.Map, box, 0, m.Map.Voxels.Max()))],
            LocalResolution = local is null ? null : Local(FourierResize.To(local, first.Size, compute), first, level, box),
            Level = Math.Clamp(level, 0.02 * greatest, 0.9 * greatest),
            Deviation = Math.Sqrt(first.Voxels.Average(v => (v - mean) * (v - mean))),
        };
    }

    /// <summary>The colours go over what is inside the surface but for the last hundredths on both ends.</summary>
    private static ViewedMap Local(DensityMap map, DensityMap density, double level, Box box)
    {
        float[] inside = [.. map.Voxels.Where((v, i) => float.IsFinite(v) && density.Voxels[i] > level).Order()];
        var (least, greatest) = inside.Length == 0 ? (0, 1) : (inside[inside.Length / 50], inside[^(1 + (inside.Length / 50))]);
        return Bytes("local resolution", map, box, least, Math.Max(greatest, least + 0.1f));
    }

    private static ViewedMap Bytes(string name, DensityMap map, Box box, float least, float greatest)
    {
        var n = map.Size;
        var bytes = new byte[box.Voxels];
        var scale = greatest > least ? 255 / (greatest - least) : 0;
        var to = 0;
        for (var x = box.From.X; x < box.From.X + box.Size.X; x++)
        {
            for (var y = box.From.Y; y < box.From.Y + box.Size.Y; y++)
            {
                for (var z = box.From.Z; z < box.From.Z + box.Size.Z; z++)
                {
                    var value = (map.Voxels[(((z * n) + y) * n) + x] - least) * scale;
                    bytes[to++] = float.IsFinite(value) ? (byte)Math.Clamp(MathF.Round(value), 0, 255) : (byte)0;
                }
            }
        }

        return new ViewedMap(name, bytes, least, greatest);
    }

    /// <summary>A part of the box, in voxels.</summary>
    private readonly record struct Box((int X, int Y, int Z) From, (int X, int Y, int Z) Size)
    {
        public int Voxels => Size.X * Size.Y * Size.Z;

        public static Box Around(DensityMap? mask, int n)
        {
            if (mask is null)
            {
                return new Box((0, 0, 0), (n, n, n));
            }

            var (low, high) = (new[] { n, n, n }, new[] { -1, -1, -1 });
            for (var i = 0; i < mask.Voxels.Length; i++)
            {
                if (mask.Voxels[i] > 0.05f)
                {
                    Span<int> at = [i % n, i / n % n, i / n / n];
                    for (var k = 0; k < 3; k++)
                    {
                        (low[k], high[k]) = (Math.Min(low[k], at[k]), Math.Max(high[k], at[k]));
                    }
                }
            }

            if (high[0] < 0)
            {
                return new Box((0, 0, 0), (n, n, n));
            }

            for (var k = 0; k < 3; k++)
            {
                (low[k], high[k]) = (Math.Max(0, low[k] - Margin), Math.Min(n - 1, high[k] + Margin));
            }

            return new Box((low[0], low[1], low[2]), (high[0] - low[0] + 1, high[1] - low[1] + 1, high[2] - low[2] + 1));
        }
    }
}
