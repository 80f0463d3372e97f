namespace Gmm.Gpu;

/// <summary>
/// The first half of the images' transforms (<see cref="Core.DiscTransform"/>): rows, of which columns 0 to Radius are kept. Of magnified images the transforms
/// are finer: their pixels are corrected, moved so that the origin is the first, and padded with zeros (<see cref="Core.MagnifiedTransform"/>).
/// </summary>
internal static class ImageRowKernel
{
    /// <summary>Transforms rows.</summary>
    public static void Run(Args a)
    {
        var memory = SharedMemory.GetDynamic<float>();
        int n = a.Transform.Length, kept = a.Radius + 1;
        for (long line = Grid.IdxX; line < (long)a.Slots * n; line += Grid.DimX)
        {
            int slot = (int)(line / n), row = (int)(line % n), y = (row + a.Origin) % n;
            if (a.Active[slot] == 0)
            {
                continue;
            }

            // The same for all threads of a group, as above, so that they meet at the barriers.
            if (y >= a.Size)
            {
                for (var e = Group.IdxX; e < kept; e += Group.DimX)
                {
                    var to = 2 * ((((long)slot * kept) + e) * n + row);
                    a.Lines[to] = 0;
                    a.Lines[to + 1] = 0;
                }

                continue;
            }

            for (var e = Group.IdxX; e < n; e += Group.DimX)
            {
                var x = (e + a.Origin) % n;
                memory[2 * e] = x < a.Size ? a.Pixels[(((long)slot * a.Size) + y) * a.Size + x] * a.Correction[x] * a.Correction[y] : 0;
                memory[(2 * e) + 1] = 0;
            }

            var from = a.Transform.Run(memory);
            for (var e = Group.IdxX; e < kept; e += Group.DimX)
            {
                var to = 2 * ((((long)slot * kept) + e) * n + row);
                a.Lines[to] = memory[from + (2 * e)];
                a.Lines[to + 1] = memory[from + (2 * e) + 1];
            }

            Group.Barrier();
        }
    }

    /// <summary>The kernel's argument.</summary>
    internal struct Args
    {
        /// <summary>The transform along a row.</summary>
        public LineTransform Transform;

        /// <summary>Slots.</summary>
        public int Slots;

        /// <summary>Side of an image, pixels.</summary>
        public int Size;

        /// <summary>The pixel that comes to lie at 0.</summary>
        public int Origin;

        /// <summary>Columns 0 to Radius are kept.</summary>
        public int Radius;

        /// <summary>Whether a slot has an image.</summary>
        public ArrayView<int> Active;

        /// <summary>The images, Size x Size each.</summary>
        public ArrayView<float> Pixels;

        /// <summary>By what a pixel is multiplied along each axis.</summary>
        public ArrayView<float> Correction;

        /// <summary>Receives the columns, n complex values each; slot by slot.</summary>
        public ArrayView<float> Lines;
    }
}
