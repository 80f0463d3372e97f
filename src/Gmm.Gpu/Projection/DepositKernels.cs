namespace Gmm.Gpu;

/// <summary>
/// Gaussians onto the grids of many slots at once (<see cref="Core.GriddingKernels.DepositInside"/> and <c>DepositOutside</c>, the same cells and the same
/// weights): density and depth-weighted density,
///
///   f(c) = sum_j a_j exp(-|c - u_j|^2 / 2v_j) / (2 pi v_j),   z(c) = sum_j z_j f_j(c),   u_j = (A c_j)_xy + t + o, z_j = (A c_j)_z.
/// </summary>
/// <remarks>
/// The derivative by the rotation in the plane needs x f and y f, x and y from the axis, where a Gaussian that reaches over the edge keeps counting: what is
/// wrapped by w grids is deposited times w on two grids of its own, which are zero, and neither cleared nor read, for a slot where nothing is.
/// Sixteen threads share a Gaussian, each with columns of its own, so that neighbours add to neighbouring cells.
/// </remarks>
internal static class DepositKernels
{
    /// <summary>Threads of a Gaussian: the columns of almost all.</summary>
    public const int Lanes = 16;

    /// <summary>Cells at each end of a narrow row that are left out, where there are sixteen.</summary>
    private const int NarrowEdge = 4;

    /// <summary>Empties the grids of slots with work, and places their models.</summary>
    public static void Clear(Grids g)
    {
        var cells = (long)g.Size * g.Size;
        for (var i = Work.First; i < g.Slots * g.Stride; i += Work.Step)
        {
            var slot = (int)(i / g.Stride);
            var cell = i - (slot * g.Stride);
            if (g.Active[slot] == 0)
            {
                continue;
            }

            if (cell == 0)
            {
                Place(g, slot);
            }

            if (cell < cells)
            {
                g.Density[i] = 0;
                g.Depth[i] = 0;
            }

            // All of them: the deposit before may have had a larger grid.
            if (g.Edge[(2 * slot) + 1] != 0)
            {
                g.WrapX[i] = 0;
                g.WrapY[i] = 0;
            }
        }
    }

    /// <summary>Adds the Gaussians to the grids of slots with work.</summary>
    public static void Deposit(Args a)
    {
        var each = (long)a.Model.Count * Lanes;
        for (var i = Work.First; i < a.Grids.Slots * each; i += Work.Step)
        {
            var slot = (int)(i / each);
            if (a.Grids.Active[slot] != 0)
            {
                var within = (int)(i - (slot * each));
                Add(a, slot, within / Lanes, within % Lanes);
            }
        }
    }

    /// <summary>Where a pose shows the model (<see cref="Core.GriddingProjector"/>, <c>Place</c>).</summary>
    private static void Place(in Grids g, int slot)
    {
        long from = (long)slot * g.PoseStride, to = (long)slot * Grids.PlacementLength;
        for (var n = 0; n < 9; n++)
        {
            g.Placement[to + n] = (float)(g.Poses[from + n] * (n < 6 ? g.CellsPerAngstrom : 1));
        }

        for (var n = 9; n < 11; n++)
        {
            g.Placement[to + n] = (float)((g.Poses[from + n] * g.CellsPerAngstrom) + (g.Size / 2));
        }
    }

    private static void Add(in Args a, int slot, int j, int lane)
    {
        var at = slot * Grids.PlacementLength;
        var p = a.Grids.Placement;
        float cx = a.Model.X[j], cy = a.Model.Y[j], cz = a.Model.Z[j];
        var x = (p[at] * cx) + (p[at + 1] * cy) + (p[at + 2] * cz) + p[at + 9];
        var y = (p[at + 3] * cx) + (p[at + 4] * cy) + (p[at + 5] * cz) + p[at + 10];
        var depth = (p[at + 6] * cx) + (p[at + 7] * cy) + (p[at + 8] * cz);
        int columns = a.Model.Footprints[3 * j], rows = a.Model.Footprints[(3 * j) + 1], narrow = a.Model.Footprints[(3 * j) + 2], size = a.Grids.Size;
        int firstColumn = (int)MathF.Ceiling(x - (0.5f * columns)), firstRow = (int)MathF.Ceiling(y - (0.5f * rows));
        var inside = (uint)firstColumn <= (uint)(size - columns) && (uint)firstRow <= (uint)(size - rows);
        if (!inside
            && (firstColumn <= -columns - size || firstColumn >= 2 * size || firstRow <= -rows - size || firstRow >= 2 * size))
        {
            return;
        }

        narrow = inside ? narrow : 0;
        float inverse = -a.Model.InverseTwoVariance[j], height = a.Model.Amplitude[j] * a.Model.Norm[j];
        for (var c = lane; c < columns; c += Lanes)
        {
            var dx = firstColumn + c - x;
            var isEdge = c < NarrowEdge || c >= columns - NarrowEdge;
            var skip = isEdge ? narrow : 0;
            AddColumn(a, slot, firstColumn + c, firstRow, skip, rows - skip, y, DeviceExp.Of(dx * dx * inverse), height, inverse, depth);
        }
    }

    private static void AddColumn(
        in Args a, int slot, int column, int firstRow, int from, int end, float y, float weight, float height, float inverse, float depth)
    {
        var size = a.Grids.Size;
        int turnsX = Turns(column, size), grid = column - (turnsX * size);
        var start = slot * a.Grids.Stride;
        for (var r = from; r < end; r++)
        {
            var row = firstRow + r;
            int turnsY = Turns(row, size);
            var cell = start + ((row - (turnsY * size)) * size) + grid;
            var dy = row - y;
            var w = height * DeviceExp.Of(dy * dy * inverse);
            var value = (long)(w * weight * a.Model.DensityUnit);
            Atomic.Add(ref a.Grids.Density[cell], value);
            Atomic.Add(ref a.Grids.Depth[cell], (long)(w * depth * weight * a.Model.DepthUnit));
            if (turnsX != 0 || turnsY != 0)
            {
                a.Grids.Edge[2 * slot] = 1;
                Atomic.Add(ref a.Grids.WrapX[cell], value * turnsX);
                Atomic.Add(ref a.Grids.WrapY[cell], value * turnsY);
            }
        }
    }

    /// <summary>How many grids a cell lies beyond the first: -1, 0, 1 or 2 of what is not missed.</summary>
    private static int Turns(int cell, int size) => cell < 0 ? -((size - 1 - cell) / size) : cell / size;

    /// <summary>The deposit's argument.</summary>
    internal struct Args
    {
        /// <summary>The Gaussians.</summary>
        public DeviceModel.Views Model;

        /// <summary>The grids.</summary>
        public Grids Grids;
    }
}
