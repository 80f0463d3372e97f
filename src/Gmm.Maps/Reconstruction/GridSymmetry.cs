using Gmm.Core;

namespace Gmm.Maps;

/// <summary>
/// How a point group is applied to a reconstruction without any interpolation: operators that turn the Fourier grid onto itself are applied
/// to the finished sums, and each image is inserted once for every coset of the others.
/// </summary>
/// <remarks>
/// A group G falls into cosets R H of its subgroup H of signed permutations of the axes. With the images inserted in the poses A R for every R, the
/// sums at k are the sum over H of the sums at h k: the same as inserting every image |G| times, to rounding. H is the whole of C2, C4, D2, D4
/// and O, and a fifth of I; C3, D3 and T have 3, 3 and 12 cosets. Reading the sums between grid points instead (one insertion for any group) was
/// measured to lower the FSC by up to 0.02 (docs/notes/reconstruction.md).
/// </remarks>
internal sealed class GridSymmetry
{
    private readonly Axes[] _onGrid;

    public GridSymmetry(SymmetryGroup group)
    {
        _onGrid = [.. group.Operators.Where(IsOnGrid).Select(s => new Axes(s))];
        var onGrid = group.Operators.Where(IsOnGrid).ToArray();
        var cosets = new List<Rotation>();
        foreach (var s in group.Operators)
        {
            if (!cosets.Exists(r => Array.Exists(onGrid, h => (r * h).AngleTo(s) < Same)))
            {
                cosets.Add(s);
            }
        }

        Cosets = cosets;
    }

    /// <summary>Two operators that differ by less, radian, are one.</summary>
    private const double Same = 1e-6;

    /// <summary>The operators R, the identity first: an image in pose (A, t) is inserted in each (A R, t).</summary>
    public IReadOnlyList<Rotation> Cosets { get; }

    /// <summary>Whether nothing is left to do on the grid.</summary>
    public bool IsTrivialOnGrid => _onGrid.Length == 1;

    /// <summary>Sums over the operators that turn the grid onto itself.</summary>
    /// <param name="source">The sums, with every coset inserted; unchanged.</param>
    /// <param name="compute">Threads.</param>
    /// <returns>New sums to finish.</returns>
    public FourierAccumulator Apply(FourierAccumulator source, ComputeOptions compute)
    {
        var grid = source.Grid;
        var result = new FourierAccumulator(grid);
        var limit = Math.Min(grid.Extent, (grid.GridSize / 2) - 1);
        Guarded.For(
            -limit,
            limit + 1,
            compute.Parallelism,
            z => FillPlane(source, z, limit, result.PlaneSums(z + grid.Extent)));
        return result;
    }

    private void FillPlane(FourierAccumulator source, int z, int limit, Span<double> plane)
    {
        var grid = source.Grid;
        var side = (2 * grid.Extent) + 1;
        for (var y = -limit; y <= limit; y++)
        {
            var last = grid.LastInside(y, z);
            var row = grid.RowStart[((z + grid.Extent) * side) + y + grid.Extent];
            for (var x = 0; x <= last; x++)
            {
                double re = 0, im = 0, weight = 0;
                foreach (var axes in _onGrid)
                {
                    var (px, py, pz) = axes.Apply(x, y, z);
                    var (r, i, w) = px < 0 ? Conjugate(Cell(source, -px, -py, -pz)) : Cell(source, px, py, pz);
                    re += r;
                    im += i;
                    weight += w;
                }

                // At x = 0 the finisher adds the mirrored row's conjugate, which is the same value again.
                var part = x == 0 ? 0.5 : 1;
                var at = row + (3 * (x + 1));
                (plane[at], plane[at + 1], plane[at + 2]) = (part * re, part * im, part * weight);
            }
        }
    }

    /// <summary>The whole sums of a cell with x at least 0: near x = 0 the conjugates in the mirrored row belong to it.</summary>
    private static (double Re, double Im, double Weight) Cell(FourierAccumulator source, int x, int y, int z)
    {
        var grid = source.Grid;
        int extent = grid.Extent, side = (2 * extent) + 1;
        var cell = source.PlaneSums(z + extent).Slice(grid.RowStart[((z + extent) * side) + y + extent] + (3 * (x + 1)), 3);
        if (x > 1)
        {
            return (cell[0], cell[1], cell[2]);
        }

        var mirror = source.PlaneSums(extent - z).Slice(grid.RowStart[((extent - z) * side) + extent - y] + (3 * (1 - x)), 3);
        return (cell[0] + mirror[0], cell[1] - mirror[1], cell[2] + mirror[2]);
    }

    private static (double Re, double Im, double Weight) Conjugate((double Re, double Im, double Weight) v) => (v.Re, -v.Im, v.Weight);

    private static bool IsOnGrid(Rotation s) =>
        Entries(s).All(v => Math.Min(Math.Abs(v), Math.Abs(Math.Abs(v) - 1)) < Same);

    private static double[] Entries(Rotation s) => [s.M00, s.M01, s.M02, s.M10, s.M11, s.M12, s.M20, s.M21, s.M22];

    /// <summary>A rotation that is a signed permutation of the axes, in whole numbers.</summary>
    private sealed class Axes(Rotation s)
    {
        private readonly int[] _m = [.. Entries(s).Select(v => (int)Math.Round(v))];

        public (int X, int Y, int Z) Apply(int x, int y, int z) => (
            (_m[0] * x) + (_m[1] * y) + (_m[2] * z),
            (_m[3] * x) + (_m[4] * y) + (_m[5] * z),
            (_m[6] * x) + (_m[7] * y) + (_m[8] * z));
    }
}
