namespace Gmm.Gpu;

/// <summary>
/// The first half of the grids' transforms: rows, two real grids at a time as the real and imaginary part of one: f + i z, and x f + i y f, x and y from the
/// axis in cells (<see cref="Core.GriddingProjector"/>, <c>Turn</c>). Columns -Radius to Radius are kept.
/// </summary>
internal static class GridRowKernel
{
    /// <summary>Transforms rows.</summary>
    public static void Run(Args a)
    {
        var memory = SharedMemory.GetDynamic<float>();
        int n = a.Grids.Size, kept = (2 * a.Radius) + 1;
        for (long line = Grid.IdxX; line < 2L * a.Grids.Slots * n; line += Grid.DimX)
        {
            var slot = (int)(line / (2 * n));
            if (a.Grids.Active[slot] == 0)
            {
                continue;
            }

            int within = (int)(line - (2L * slot * n)), pair = within / n, row = within % n;
            for (var e = Group.IdxX; e < n; e += Group.DimX)
            {
                Load(a, slot, pair, row, e, memory);
            }

            var from = a.Transform.Run(memory);
            for (var e = Group.IdxX; e < kept; e += Group.DimX)
            {
                var kx = e - a.Radius;
                var at = from + (2 * (kx < 0 ? kx + n : kx));
                var to = 2 * ((((((long)slot * 2) + pair) * kept) + e) * n + row);
                a.Lines[to] = memory[at];
                a.Lines[to + 1] = memory[at + 1];
            }

            Group.Barrier();
        }
    }

    private static void Load(in Args a, int slot, int pair, int row, int column, ArrayView<float> memory)
    {
        var n = a.Grids.Size;
        var cell = (slot * a.Grids.Stride) + (row * n) + column;
        var f = a.Grids.Density[cell] * a.DensityScale;
        float re = f, im = 0;
        if (pair == 0)
        {
            im = a.Grids.Depth[cell] * a.DepthScale;
        }
        else
        {
            var axis = (slot * Grids.PlacementLength) + 9;
            re = (column - a.Grids.Placement[axis]) * f;
            im = (row - a.Grids.Placement[axis + 1]) * f;
            if (a.Grids.Edge[2 * slot] != 0)
            {
                re += n * (a.Grids.WrapX[cell] * a.DensityScale);
                im += n * (a.Grids.WrapY[cell] * a.DensityScale);
            }
        }

        memory[2 * column] = re;
        memory[(2 * column) + 1] = im;
    }

    /// <summary>The kernel's argument.</summary>
    internal struct Args
    {
        /// <summary>The transform along a row.</summary>
        public LineTransform Transform;

        /// <summary>The grids.</summary>
        public Grids Grids;

        /// <summary>Columns -Radius to Radius of the transform are kept.</summary>
        public int Radius;

        /// <summary>The density of 1 in a cell of the grid.</summary>
        public float DensityScale;

        /// <summary>The same of the depth-weighted density.</summary>
        public float DepthScale;

        /// <summary>Receives the columns of the first pair, then of the second, n complex values each; slot by slot.</summary>
        public ArrayView<float> Lines;
    }
}
