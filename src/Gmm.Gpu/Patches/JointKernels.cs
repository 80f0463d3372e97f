namespace Gmm.Gpu;

/// <summary>
/// The products of image, projection and all derivatives that patches which are solved together need (<see cref="Core.WhitenedImage"/>, <c>Evaluate</c>): the
/// projection is what stays and all parts, a part has five derivatives.
/// </summary>
/// <remarks>
/// A thread takes, for one derivative of a part, its products with the five of a part up to it, over its own coefficients in their order; sums are then added
/// in float64, one after the other, as in <see cref="ScoreKernels"/>.
/// </remarks>
internal static class JointKernels
{
    /// <summary>Sums that run side by side for a product.</summary>
    public const int Lanes = 32;

    private const int N = Core.Pose.ParameterCount;

    /// <summary>Number of products: DD, DG, GG; D with each derivative; G with each; the derivatives' products, lower triangle row by row.</summary>
    public static int Products(int parts) => 3 + (2 * N * parts) + (N * parts * ((N * parts) + 1) / 2);

    /// <summary>Threads of a lane: a derivative and a part up to its own; and one for the products without derivatives.</summary>
    public static int Units(int parts) => 1 + (N * parts * (parts + 1) / 2);

    /// <summary>Adds a lane's coefficients.</summary>
    public static void Add(Args a)
    {
        var each = (long)Units(a.Parts) * Lanes;
        for (var i = Work.First; i < a.Slots * each; i += Work.Step)
        {
            int slot = (int)(i / each), within = (int)(i % each), unit = within / Lanes, lane = within % Lanes;
            if (a.Active[slot] == 0)
            {
                continue;
            }

            if (unit == 0)
            {
                AddScalars(a, slot, lane);
            }
            else
            {
                AddDerivative(a, slot, unit - 1, lane);
            }
        }
    }

    /// <summary>Adds the lanes.</summary>
    public static void Sum(Args a)
    {
        var products = Products(a.Parts);
        for (var i = Work.First; i < (long)a.Slots * products; i += Work.Step)
        {
            if (a.Active[i / products] == 0)
            {
                continue;
            }

            double sum = 0;
            for (var lane = 0; lane < Lanes; lane++)
            {
                sum += a.Partial[(i * Lanes) + lane];
            }

            a.Sums[i] = sum;
        }
    }

    private static void AddScalars(in Args a, int slot, int lane)
    {
        float dd = 0, dg = 0, gg = 0;
        for (var k = lane; k < a.Disc.Count; k += Lanes)
        {
            Whole(a, slot, k, out var gr, out var gi);
            Data(a, slot, k, out var dr, out var di);
            dd += (dr * dr) + (di * di);
            dg += (dr * gr) + (di * gi);
            gg += (gr * gr) + (gi * gi);
        }

        Put(a, slot, 0, lane, dd);
        Put(a, slot, 1, lane, dg);
        Put(a, slot, 2, lane, gg);
    }

    private static void AddDerivative(in Args a, int slot, int unit, int lane)
    {
        var part = 0;
        while (N * (part + 1) * (part + 2) / 2 <= unit)
        {
            part++;
        }

        var within = unit - (N * part * (part + 1) / 2);
        int parameter = within / (part + 1), other = within % (part + 1), row = (N * part) + parameter;
        float d = 0, g = 0, s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0;
        for (var k = lane; k < a.Disc.Count; k += Lanes)
        {
            Derivative(a, slot, part, parameter, k, out var re, out var im);
            s0 += Product(a, slot, other, 0, k, re, im);
            s1 += Product(a, slot, other, 1, k, re, im);
            s2 += Product(a, slot, other, 2, k, re, im);
            s3 += Product(a, slot, other, 3, k, re, im);
            s4 += Product(a, slot, other, 4, k, re, im);
            if (other == part)
            {
                Whole(a, slot, k, out var gr, out var gi);
                Data(a, slot, k, out var dr, out var di);
                d += (dr * re) + (di * im);
                g += (gr * re) + (gi * im);
            }
        }

        if (other == part)
        {
            Put(a, slot, 3 + row, lane, d);
            Put(a, slot, 3 + (N * a.Parts) + row, lane, g);
        }

        var triangle = 3 + (2 * N * a.Parts) + (row * (row + 1) / 2);
        PutBelow(a, slot, triangle, row, N * other, lane, s0);
        PutBelow(a, slot, triangle, row, (N * other) + 1, lane, s1);
        PutBelow(a, slot, triangle, row, (N * other) + 2, lane, s2);
        PutBelow(a, slot, triangle, row, (N * other) + 3, lane, s3);
        PutBelow(a, slot, triangle, row, (N * other) + 4, lane, s4);
    }

    private static float Product(in Args a, int slot, int part, int parameter, int k, float re, float im)
    {
        Derivative(a, slot, part, parameter, k, out var r, out var i);
        return (re * r) + (im * i);
    }

    /// <summary>A derivative of a part, from what was kept of its projection.</summary>
    private static void Derivative(in Args a, int slot, int part, int parameter, int k, out float re, out float im)
    {
        long count = a.Disc.Count, at = ((((long)part * a.Slots) + slot) * GatherKernel.AllPlanes * count) + k;
        BandViews.Derive(
            parameter, a.Disc.Kx[k] * a.Wave, a.Disc.Ky[k] * a.Wave, a.Kept[at], a.Kept[at + count], a.Kept[at + (2 * count)], a.Kept[at + (3 * count)],
            a.Kept[at + (4 * count)], a.Kept[at + (5 * count)], out re, out im);
    }

    /// <summary>The projection: what stays, and all parts.</summary>
    private static void Whole(in Args a, int slot, int k, out float re, out float im)
    {
        long count = a.Disc.Count, rest = ((long)slot * GatherKernel.ValuePlanes * count) + k;
        re = a.Rest[rest];
        im = a.Rest[rest + count];
        for (var part = 0; part < a.Parts; part++)
        {
            var at = ((((long)part * a.Slots) + slot) * GatherKernel.AllPlanes * count) + k;
            re += a.Kept[at];
            im += a.Kept[at + count];
        }
    }

    private static void Data(in Args a, int slot, int k, out float re, out float im)
    {
        var at = (3L * slot * a.Disc.Count) + k;
        re = a.Data[at];
        im = a.Data[at + a.Disc.Count];
    }

    private static void Put(in Args a, int slot, int product, int lane, float value) =>
        a.Partial[((((long)slot * Products(a.Parts)) + product) * Lanes) + lane] = value;

    private static void PutBelow(in Args a, int slot, int triangle, int row, int column, int lane, float value)
    {
        if (column <= row)
        {
            Put(a, slot, triangle + column, lane, value);
        }
    }

    /// <summary>The kernels' argument.</summary>
    internal struct Args
    {
        /// <summary>The coefficients compared.</summary>
        public DiscViews Disc;

        /// <summary>2 pi / box length.</summary>
        public float Wave;

        /// <summary>Slots.</summary>
        public int Slots;

        /// <summary>Parts that move.</summary>
        public int Parts;

        /// <summary>Whether a slot has work.</summary>
        public ArrayView<int> Active;

        /// <summary>Whitened images: real parts, imaginary parts and transfers of each slot.</summary>
        public ArrayView<float> Data;

        /// <summary>What stays (<see cref="GatherKernel.ValuePlanes"/>).</summary>
        public ArrayView<float> Rest;

        /// <summary>What was kept of each part in each slot (<see cref="GatherKernel.AllPlanes"/>), part by part.</summary>
        public ArrayView<float> Kept;

        /// <summary>Sums of the lanes.</summary>
        public ArrayView<float> Partial;

        /// <summary>Sums.</summary>
        public ArrayView<double> Sums;
    }
}
