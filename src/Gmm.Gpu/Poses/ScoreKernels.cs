namespace Gmm.Gpu;

/// <summary>
/// The products of image, projection and its five derivatives that a score, its gradient and its normal equations are made of
/// (<see cref="Core.WhitenedImage"/>, <c>Products</c>), from the grids' transforms (<see cref="BandViews"/>).
/// </summary>
/// <remarks>
/// Other layers of the model are added to the projection F, its depth-weighted Z and the turn before the derivatives are made of them
/// (<see cref="BandViews.Derive"/>); a part that stays is added to F after that.
///
/// Sums are ordered: thread l adds coefficients l, l + Lanes, ... in float32, and the threads' sums are added one after the other in float64. So they do
/// not depend on how many threads run at a time.
/// </remarks>
internal static class ScoreKernels
{
    /// <summary>Sums that run side by side for a slot.</summary>
    public const int Lanes = 128;

    /// <summary>DD, DG, GG; D with each derivative; G with each; the derivatives' products, lower triangle row by row.</summary>
    public const int Products = 28;

    /// <summary>Adds a lane's coefficients.</summary>
    public static void Add(Args a)
    {
        for (var i = Work.First; i < (long)a.Grids.Slots * Lanes; i += Work.Step)
        {
            int slot = (int)(i / Lanes), lane = (int)(i % Lanes);
            if (a.Grids.Active[slot] != 0)
            {
                AddLane(a, slot, lane);
            }
        }
    }

    /// <summary>Adds the lanes, and ends the slots' deposits.</summary>
    public static void Sum(Args a)
    {
        for (var i = Work.First; i < (long)a.Grids.Slots * Products; i += Work.Step)
        {
            var slot = (int)(i / Products);
            if (a.Grids.Active[slot] == 0)
            {
                continue;
            }

            if (i % Products == 0)
            {
                a.Grids.EndDeposit(slot);
            }

            double sum = 0;
            for (var lane = 0; lane < Lanes; lane++)
            {
                sum += a.Partial[(i * Lanes) + lane];
            }

            a.Sums[i] = sum;
        }
    }

    private static void AddLane(in Args a, int slot, int lane)
    {
        float dd = 0, dg = 0, gg = 0, d0 = 0, d1 = 0, d2 = 0, d3 = 0, d4 = 0, g0 = 0, g1 = 0, g2 = 0, g3 = 0, g4 = 0;
        float m00 = 0, m10 = 0, m11 = 0, m20 = 0, m21 = 0, m22 = 0, m30 = 0, m31 = 0, m32 = 0, m33 = 0, m40 = 0, m41 = 0, m42 = 0, m43 = 0, m44 = 0;
        var count = a.Projection.Disc.Count;
        var data = 3L * slot * count;
        for (var k = lane; k < count; k += Lanes)
        {
            a.Projection.Read(slot, k, out var fr, out var fi, out var zr, out var zi, out var tr, out var ti);
            if (a.HasLayers != 0)
            {
                var at = ((long)slot * GatherKernel.AllPlanes * count) + k;
                fr += a.Layers[at];
                fi += a.Layers[at + count];
                zr += a.Layers[at + (2L * count)];
                zi += a.Layers[at + (3L * count)];
                tr += a.Layers[at + (4L * count)];
                ti += a.Layers[at + (5L * count)];
            }

            float x = a.Projection.Disc.Kx[k] * a.Projection.Wave, y = a.Projection.Disc.Ky[k] * a.Projection.Wave;
            BandViews.Derive(0, x, y, fr, fi, zr, zi, tr, ti, out var r0, out var i0);
            BandViews.Derive(1, x, y, fr, fi, zr, zi, tr, ti, out var r1, out var i1);
            BandViews.Derive(2, x, y, fr, fi, zr, zi, tr, ti, out var r2, out var i2);
            BandViews.Derive(3, x, y, fr, fi, zr, zi, tr, ti, out var r3, out var i3);
            BandViews.Derive(4, x, y, fr, fi, zr, zi, tr, ti, out var r4, out var i4);
            if (a.HasRest != 0)
            {
                var at = ((long)slot * GatherKernel.ValuePlanes * count) + k;
                fr += a.Rest[at];
                fi += a.Rest[at + count];
            }

            float dr = a.Projection.Data[data + k], di = a.Projection.Data[data + count + k];
            dd += (dr * dr) + (di * di);
            dg += (dr * fr) + (di * fi);
            gg += (fr * fr) + (fi * fi);
            d0 += (dr * r0) + (di * i0);
            d1 += (dr * r1) + (di * i1);
            d2 += (dr * r2) + (di * i2);
            d3 += (dr * r3) + (di * i3);
            d4 += (dr * r4) + (di * i4);
            g0 += (fr * r0) + (fi * i0);
            g1 += (fr * r1) + (fi * i1);
            g2 += (fr * r2) + (fi * i2);
            g3 += (fr * r3) + (fi * i3);
            g4 += (fr * r4) + (fi * i4);
            m00 += (r0 * r0) + (i0 * i0);
            m10 += (r1 * r0) + (i1 * i0);
            m11 += (r1 * r1) + (i1 * i1);
            m20 += (r2 * r0) + (i2 * i0);
            m21 += (r2 * r1) + (i2 * i1);
            m22 += (r2 * r2) + (i2 * i2);
            m30 += (r3 * r0) + (i3 * i0);
            m31 += (r3 * r1) + (i3 * i1);
            m32 += (r3 * r2) + (i3 * i2);
            m33 += (r3 * r3) + (i3 * i3);
            m40 += (r4 * r0) + (i4 * i0);
            m41 += (r4 * r1) + (i4 * i1);
            m42 += (r4 * r2) + (i4 * i2);
            m43 += (r4 * r3) + (i4 * i3);
            m44 += (r4 * r4) + (i4 * i4);
        }

        var o = ((long)slot * Products * Lanes) + lane;
        var sums = a.Partial;
        Put(sums, o, dd, dg, gg, d0, d1, d2, d3);
        Put(sums, o + (7 * Lanes), d4, g0, g1, g2, g3, g4, m00);
        Put(sums, o + (14 * Lanes), m10, m11, m20, m21, m22, m30, m31);
        Put(sums, o + (21 * Lanes), m32, m33, m40, m41, m42, m43, m44);
    }

    private static void Put(ArrayView<float> sums, long at, float a, float b, float c, float d, float e, float f, float g)
    {
        sums[at] = a;
        sums[at + Lanes] = b;
        sums[at + (2 * Lanes)] = c;
        sums[at + (3 * Lanes)] = d;
        sums[at + (4 * Lanes)] = e;
        sums[at + (5 * Lanes)] = f;
        sums[at + (6 * Lanes)] = g;
    }

    /// <summary>The kernels' argument.</summary>
    internal struct Args
    {
        /// <summary>The projection.</summary>
        public BandViews Projection;

        /// <summary>The grids that it comes from.</summary>
        public Grids Grids;

        /// <summary>Whether the model has other layers.</summary>
        public int HasLayers;

        /// <summary>Their coefficients (<see cref="GatherKernel"/>).</summary>
        public ArrayView<float> Layers;

        /// <summary>Whether a part stays.</summary>
        public int HasRest;

        /// <summary>Its coefficients.</summary>
        public ArrayView<float> Rest;

        /// <summary>Sums of the lanes.</summary>
        public ArrayView<float> Partial;

        /// <summary>Sums.</summary>
        public ArrayView<double> Sums;
    }
}
