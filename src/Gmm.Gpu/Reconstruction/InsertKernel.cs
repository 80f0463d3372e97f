namespace Gmm.Gpu;

/// <summary>
/// Slices into the sums of a half (<see cref="Maps.FourierAccumulator"/>): a thread for each cell of the grid adds the coefficients of all slices whose window
/// reaches it, slice after slice. Sums are in float64 and their order is fixed, so the bits are the same in every run.
/// </summary>
/// <remarks>
/// The coefficient k of a slice lies at p = kx a + ky b, a and b the rows of its rotation in cells, which are orthogonal: a cell v off the plane by more than
/// the window reaches is done with, and of the others only those k near (v a, v b) / a^2 are looked at. One of p and -p is inserted, the one with x at least 0,
/// -p as the complex conjugate.
/// </remarks>
internal static class InsertKernel
{
    /// <summary>Numbers of <see cref="Args.Axes"/> for each slice.</summary>
    public const int AxesLength = 6;

    private const int Taps = Maps.GriddingWindow.Taps;
    private const int Steps = Maps.GriddingWindow.Steps;

    /// <summary>How far the window reaches along an axis, and a little for rounding.</summary>
    private const float Reach = (0.5f * Taps) + 1e-3f;

    /// <summary>Adds all slices to the cells.</summary>
    public static void Run(Args a)
    {
        for (var c = Work.First; c < a.Cells; c += Work.Step)
        {
            int row = a.RowOfCell[c], side = (2 * a.Extent) + 1;
            int x = (int)(a.First + c - a.RowFirst[row]) - 1, y = (row % side) - a.Extent, z = (row / side) - a.Extent;
            // From what is there, so that how slices are cut into batches changes no bit.
            double re = a.Sums[3 * c], im = a.Sums[(3 * c) + 1], w = a.Sums[(3 * c) + 2];
            for (var slot = 0; slot < a.Slots; slot++)
            {
                if (a.Active[slot] == 0)
                {
                    continue;
                }

                for (var copy = 0; copy < a.Copies; copy++)
                {
                    Add(a, slot, copy, x, y, z, ref re, ref im, ref w);
                }
            }

            a.Sums[3 * c] = re;
            a.Sums[(3 * c) + 1] = im;
            a.Sums[(3 * c) + 2] = w;
        }
    }

    private static void Add(in Args a, int slot, int copy, int x, int y, int z, ref double re, ref double im, ref double w)
    {
        var at = ((slot * a.Copies) + copy) * AxesLength;
        float ax = a.Axes[at], ay = a.Axes[at + 1], az = a.Axes[at + 2], bx = a.Axes[at + 3], by = a.Axes[at + 4], bz = a.Axes[at + 5];
        // The normal, as long as the square of a cell's side.
        float nx = (ay * bz) - (az * by), ny = (az * bx) - (ax * bz), nz = (ax * by) - (ay * bx);
        if (Math.Abs((x * nx) + (y * ny) + (z * nz)) > Reach * (Math.Abs(nx) + Math.Abs(ny) + Math.Abs(nz)))
        {
            return;
        }

        var inverse = 1 / ((ax * ax) + (ay * ay) + (az * az));
        float u = ((x * ax) + (y * ay) + (z * az)) * inverse, du = Reach * inverse * (Math.Abs(ax) + Math.Abs(ay) + Math.Abs(az));
        float v = ((x * bx) + (y * by) + (z * bz)) * inverse, dv = Reach * inverse * (Math.Abs(bx) + Math.Abs(by) + Math.Abs(bz));
        int firstX = Math.Max((int)MathF.Ceiling(u - du), -a.Radius), lastX = Math.Min((int)MathF.Floor(u + du), a.Radius);
        int firstY = Math.Max((int)MathF.Ceiling(v - dv), -a.Radius), lastY = Math.Min((int)MathF.Floor(v + dv), a.Radius);
        for (var ky = firstY; ky <= lastY; ky++)
        {
            for (var kx = firstX; kx <= lastX; kx++)
            {
                float px = (ax * kx) + (bx * ky), py = (ay * kx) + (by * ky), pz = (az * kx) + (bz * ky);
                var isHeld = kx > 0 || (kx == 0 && ky >= 0);
                // What is held goes where x is at least 0; what is not is the mirror image of what is held, which went there if its x was under 0.
                if (!(isHeld ? px >= 0 : px > 0) || !((px * px) + (py * py) + (pz * pz) <= a.Limit))
                {
                    continue;
                }

                AddCoefficient(a, slot, isHeld ? kx : -kx, isHeld ? ky : -ky, isHeld ? 1 : -1, x, px, y, py, z, pz, ref re, ref im, ref w);
            }
        }
    }

    private static void AddCoefficient(
        in Args a, int slot, int kx, int ky, int sign, int x, float px, int y, float py, int z, float pz, ref double re, ref double im, ref double w)
    {
        var k = a.Lookup[(kx * ((2 * a.Radius) + 1)) + ky + a.Radius];
        float cx = MathF.Floor(px), cy = MathF.Floor(py), cz = MathF.Floor(pz);
        int tx = x - (int)cx + 1, ty = y - (int)cy + 1, tz = z - (int)cz + 1;
        if (k < 0 || (uint)tx >= Taps || (uint)ty >= Taps || (uint)tz >= Taps)
        {
            return;
        }

        double weight = (double)a.Window[Row(px - cx) + tx] * ((double)a.Window[Row(py - cy) + ty] * a.Window[Row(pz - cz) + tz]);
        var s = 3L * (((long)slot * a.Coefficients) + k);
        re += weight * a.Samples[s];
        im += weight * sign * a.Samples[s + 1];
        w += weight * a.Samples[s + 2];
    }

    /// <summary>Where a fraction's row of the window begins; one that rounds to 1 takes the last.</summary>
    private static int Row(float fraction) => Taps * Math.Min((int)(fraction * Steps), Steps - 1);

    /// <summary>The kernel's argument.</summary>
    internal struct Args
    {
        /// <summary>Images at most.</summary>
        public int Slots;

        /// <summary>Orientations in which each is inserted.</summary>
        public int Copies;

        /// <summary>Coefficients of a slice.</summary>
        public int Coefficients;

        /// <summary>Its last ring.</summary>
        public int Radius;

        /// <summary>Largest |y| and |z| stored.</summary>
        public int Extent;

        /// <summary>Square of the farthest place of a coefficient that is inserted.</summary>
        public float Limit;

        /// <summary>The first cell here, among all that are stored.</summary>
        public long First;

        /// <summary>Cells here.</summary>
        public long Cells;

        /// <summary>Whether an image is there.</summary>
        public ArrayView<int> Active;

        /// <summary>The first two rows of each slice's rotation, cells of the grid per Fourier pixel of the image; those of an image together.</summary>
        public ArrayView<float> Axes;

        /// <summary>Weighted real part, imaginary part and weight of each coefficient of each image.</summary>
        public ArrayView<float> Samples;

        /// <summary>The number of a coefficient by kx, then ky from -Radius; -1 beyond the disc.</summary>
        public ArrayView<int> Lookup;

        /// <summary>The window's four weights of each fraction.</summary>
        public ArrayView<float> Window;

        /// <summary>The row that a cell here is in.</summary>
        public ArrayView<int> RowOfCell;

        /// <summary>The first cell of a row among all, which has x = -1.</summary>
        public ArrayView<long> RowFirst;

        /// <summary>Real part, imaginary part and weight of each cell here.</summary>
        public ArrayView<double> Sums;
    }
}
