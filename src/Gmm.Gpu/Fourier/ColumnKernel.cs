namespace Gmm.Gpu;

/// <summary>The second half of a two-dimensional transform: columns, of which the band of low frequencies is kept.</summary>
internal static class ColumnKernel
{
    /// <summary>Transforms columns.</summary>
    public static void Run(Args a)
    {
        var memory = SharedMemory.GetDynamic<float>();
        var n = a.Transform.Length;
        var kept = (2 * a.Radius) + 1;
        for (long line = Grid.IdxX; line < (long)a.Slots * a.Columns; line += Grid.DimX)
        {
            // The same for all threads of a group, so that they meet at the barriers.
            if (a.Active[line / a.Columns] == 0)
            {
                continue;
            }

            var source = 2 * line * n;
            for (var e = Group.IdxX; e < 2 * n; e += Group.DimX)
            {
                memory[e] = a.Lines[source + e];
            }

            var from = a.Transform.Run(memory);
            for (var e = Group.IdxX; e < kept; e += Group.DimX)
            {
                var ky = e - a.Radius;
                var at = from + (2 * (ky < 0 ? ky + n : ky));
                a.Band[2 * ((line * kept) + e)] = memory[at];
                a.Band[(2 * ((line * kept) + e)) + 1] = memory[at + 1];
            }

            Group.Barrier();
        }
    }

    /// <summary>The kernel's argument.</summary>
    internal struct Args
    {
        /// <summary>The transform along a column.</summary>
        public LineTransform Transform;

        /// <summary>Slots.</summary>
        public int Slots;

        /// <summary>Columns of a slot.</summary>
        public int Columns;

        /// <summary>Rows -Radius to Radius of the transform are kept.</summary>
        public int Radius;

        /// <summary>Whether a slot has work, one number each.</summary>
        public ArrayView<int> Active;

        /// <summary>The columns, one after the other, real and imaginary parts in turn.</summary>
        public ArrayView<float> Lines;

        /// <summary>Receives 2 Radius + 1 complex values of each column.</summary>
        public ArrayView<float> Band;
    }
}
