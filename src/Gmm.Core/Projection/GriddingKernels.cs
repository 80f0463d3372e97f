using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gmm.Core;

/// <summary>
/// The inner loops of the gridding projector: Gaussians onto a periodic square grid, and back. Eight lanes along x; a Gaussian is one
/// or more blocks of eight cells wide, lanes past its support hold small tails that are correct values too.
/// </summary>
internal static partial class GriddingKernels
{
    /// <summary>Cells of a block along x.</summary>
    public const int Lanes = 8;

    /// <summary>Blocks of the widest Gaussian.</summary>
    private const int MaxBlocks = 64;

    /// <summary>Where and how wide each Gaussian lies on the grid, in cells; those of one footprint stand together.</summary>
    public readonly ref struct Splats(
        ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> inverseTwoVariance, ReadOnlySpan<float> norm, ReadOnlySpan<Run> runs)
    {
        public readonly ReadOnlySpan<float> X = x;
        public readonly ReadOnlySpan<float> Y = y;
        public readonly ReadOnlySpan<float> InverseTwoVariance = inverseTwoVariance;
        public readonly ReadOnlySpan<float> Norm = norm;
        public readonly ReadOnlySpan<Run> Runs = runs;
    }

    /// <summary>Gaussians First to End - 1 have one footprint, so that the loops over its rows are predictable.</summary>
    public readonly record struct Run(int First, int End, Footprint Footprint);

    /// <summary>How many cells a Gaussian covers: whole blocks of columns, and rows; the first and last NarrowRows reach no farther than one block.</summary>
    public readonly record struct Footprint(int Columns, int Rows, int NarrowRows)
    {
        /// <summary>The cells of a disc of support.</summary>
        /// <param name="support">Its radius, cells.</param>
        /// <param name="size">Side of the grid, cells.</param>
        public static Footprint Of(float support, int size)
        {
            var columns = Math.Min((int)MathF.Ceiling(2 * support / Lanes), Math.Min(MaxBlocks, size / Lanes)) * Lanes;
            var rows = Math.Min((int)MathF.Ceiling(2 * support), MaxBlocks * Lanes);
            var narrow = columns == 2 * Lanes ? (rows - (int)MathF.Ceiling(2 * MathF.Sqrt((support * support) - (0.25f * Lanes * Lanes)))) / 2 : 0;
            return new Footprint(columns, rows, narrow);
        }
    }

    /// <summary>Sums of a grid under one Gaussian: its value, its first moments and its second moment, in cells.</summary>
    public readonly record struct Moments(double Value, double X, double Y, double Square);

    /// <summary>Adds every Gaussian to a grid.</summary>
    public static void Deposit(in Splats splats, ReadOnlySpan<float> amplitudes, int size, Span<float> grid)
    {
        foreach (ref readonly var run in splats.Runs)
        {
            DepositRun(run, splats, amplitudes, size, grid);
        }
    }

    private static void DepositRun(in Run run, in Splats splats, ReadOnlySpan<float> amplitudes, int size, Span<float> grid)
    {
        Span<float> weights = stackalloc float[2 * MaxBlocks * Lanes];
        ref var wx = ref MemoryMarshal.GetReference(weights);
        ref var wy = ref Unsafe.Add(ref wx, MaxBlocks * Lanes);
        ref var g = ref MemoryMarshal.GetReference(grid);
        var (columns, rows, narrow) = run.Footprint;
        var wide = rows - (2 * narrow);
        for (var j = run.First; j < run.End; j++)
        {
            var cut = new Window(splats, j, run.Footprint, size);
            FillWeights(cut.FirstColumn - cut.X, columns, cut.InverseTwoVariance, 1, ref wx);
            FillWeights(cut.FirstRow - cut.Y, rows, cut.InverseTwoVariance, amplitudes[j] * splats.Norm[j], ref wy);
            if (!cut.Inside)
            {
                DepositWrapped(cut, size, ref wx, ref wy, ref g);
                continue;
            }

            ref var cell = ref Unsafe.Add(ref g, (cut.FirstRow * size) + cut.FirstColumn);
            if (columns == 2 * Lanes)
            {
                var centre = Vector256.LoadUnsafe(ref wx, Lanes / 2);
                AddBlock(ref Unsafe.Add(ref cell, Lanes / 2), size, narrow, ref wy, centre);
                AddTwoBlocks(ref Unsafe.Add(ref cell, narrow * size), size, wide, ref Unsafe.Add(ref wy, narrow), Vector256.LoadUnsafe(ref wx), Vector256.LoadUnsafe(ref wx, Lanes));
                AddBlock(ref Unsafe.Add(ref cell, ((narrow + wide) * size) + (Lanes / 2)), size, narrow, ref Unsafe.Add(ref wy, narrow + wide), centre);
                continue;
            }

            for (var b = 0; b < columns; b += Lanes)
            {
                AddBlock(ref Unsafe.Add(ref cell, b), size, rows, ref wy, Vector256.LoadUnsafe(ref wx, (nuint)b));
            }
        }
    }

    /// <summary>
    /// Adds every Gaussian to three grids at once: density, depth-weighted density, and the derivative for an in-plane rotation,
    /// which moves a Gaussian at arm (x, y) by (-y, x) per radian.
    /// </summary>
    public static void DepositWithDerivatives(
        in Splats splats,
        ReadOnlySpan<float> amplitudes,
        ReadOnlySpan<float> armX,
        ReadOnlySpan<float> armY,
        ReadOnlySpan<float> depth,
        int size,
        Span<float> density,
        Span<float> depthWeighted,
        Span<float> inPlane)
    {
        foreach (ref readonly var run in splats.Runs)
        {
            DepositRunWithDerivatives(run, splats, amplitudes, armX, armY, depth, size, density, depthWeighted, inPlane);
        }
    }

    private static void DepositRunWithDerivatives(
        in Run run,
        in Splats splats,
        ReadOnlySpan<float> amplitudes,
        ReadOnlySpan<float> armX,
        ReadOnlySpan<float> armY,
        ReadOnlySpan<float> depth,
        int size,
        Span<float> density,
        Span<float> depthWeighted,
        Span<float> inPlane)
    {
        Span<float> weights = stackalloc float[3 * MaxBlocks * Lanes];
        ref var wx = ref MemoryMarshal.GetReference(weights);
        ref var wdx = ref Unsafe.Add(ref wx, MaxBlocks * Lanes);
        ref var wy = ref Unsafe.Add(ref wx, 2 * MaxBlocks * Lanes);
        ref var g0 = ref MemoryMarshal.GetReference(density);
        ref var g1 = ref MemoryMarshal.GetReference(depthWeighted);
        ref var g2 = ref MemoryMarshal.GetReference(inPlane);
        var (columns, rows, narrow) = run.Footprint;
        var wide = rows - (2 * narrow);
        for (var j = run.First; j < run.End; j++)
        {
            var cut = new Window(splats, j, run.Footprint, size);
            FillWeights(cut.FirstColumn - cut.X, columns, cut.InverseTwoVariance, 1, ref wx);
            FillWeights(cut.FirstRow - cut.Y, rows, cut.InverseTwoVariance, amplitudes[j] * splats.Norm[j], ref wy);
            var inverseVariance = 2 * cut.InverseTwoVariance;
            float alongX = -armY[j] * inverseVariance, alongY = armX[j] * inverseVariance, dy = cut.FirstRow - cut.Y;
            FillSlopes(cut.FirstColumn - cut.X, columns, alongX, ref wx, ref wdx);
            if (!cut.Inside)
            {
                DepositWrapped(cut, size, ref wx, ref wy, ref g0);
                DepositDerivativesWrapped(cut, size, ref wx, ref wdx, ref wy, alongY, depth[j], ref g1, ref g2);
                continue;
            }

            var offset = (cut.FirstRow * size) + cut.FirstColumn;
            var target = new DerivativeTarget(ref Unsafe.Add(ref g0, offset), ref Unsafe.Add(ref g1, offset), ref Unsafe.Add(ref g2, offset), size);
            var factors = new RowFactors(depth[j], alongY, dy);
            if (columns == 2 * Lanes)
            {
                Vector256<float> centre = Vector256.LoadUnsafe(ref wx, Lanes / 2), centreSlope = Vector256.LoadUnsafe(ref wdx, Lanes / 2);
                AddDerivativeBlock(target, Lanes / 2, 0, narrow, ref wy, factors, centre, centreSlope);
                AddDerivativeBlock(target, 0, narrow, wide, ref wy, factors, Vector256.LoadUnsafe(ref wx), Vector256.LoadUnsafe(ref wdx));
                AddDerivativeBlock(target, Lanes, narrow, wide, ref wy, factors, Vector256.LoadUnsafe(ref wx, Lanes), Vector256.LoadUnsafe(ref wdx, Lanes));
                AddDerivativeBlock(target, Lanes / 2, narrow + wide, narrow, ref wy, factors, centre, centreSlope);
                continue;
            }

            for (var b = 0; b < columns; b += Lanes)
            {
                AddDerivativeBlock(target, b, 0, rows, ref wy, factors, Vector256.LoadUnsafe(ref wx, (nuint)b), Vector256.LoadUnsafe(ref wdx, (nuint)b));
            }
        }
    }

    /// <summary>Sums a grid under Gaussian j: the transpose of <see cref="Deposit"/>, with moments for the derivatives.</summary>
    public static Moments Gather(in Splats splats, int j, Footprint footprint, int size, ReadOnlySpan<float> grid)
    {
        Span<float> weights = stackalloc float[2 * MaxBlocks * Lanes];
        ref var wx = ref MemoryMarshal.GetReference(weights);
        ref var wy = ref Unsafe.Add(ref wx, MaxBlocks * Lanes);
        ref var g = ref MemoryMarshal.GetReference(grid);
        var cut = new Window(splats, j, footprint, size);
        FillWeights(cut.FirstColumn - cut.X, cut.Columns, cut.InverseTwoVariance, 1, ref wx);
        FillWeights(cut.FirstRow - cut.Y, cut.Rows, cut.InverseTwoVariance, 1, ref wy);
        Vector256<float> value = default, firstX = default, firstY = default, square = default;
        Span<float> wrapped = stackalloc float[Lanes];
        for (var row = 0; row < cut.Rows; row++)
        {
            var dy = cut.FirstRow + row - cut.Y;
            var line = cut.Inside ? (cut.FirstRow + row) * size : Wrap(cut.FirstRow + row, size) * size;
            // The same disc of support as the deposit, so that this is its transpose.
            var narrow = cut.Inside && (row < cut.NarrowRows || row >= cut.Rows - cut.NarrowRows);
            var end = narrow ? (Lanes / 2) + Lanes : cut.Columns;
            for (var b = narrow ? Lanes / 2 : 0; b < end; b += Lanes)
            {
                Vector256<float> cells;
                if (cut.Inside)
                {
                    cells = Vector256.LoadUnsafe(ref g, (nuint)(line + cut.FirstColumn + b));
                }
                else
                {
                    for (var lane = 0; lane < Lanes; lane++)
                    {
                        wrapped[lane] = Unsafe.Add(ref g, line + Wrap(cut.FirstColumn + b + lane, size));
                    }

                    cells = Vector256.Create(wrapped);
                }

                var dx = Vector256.CreateSequence(cut.FirstColumn - cut.X + b, 1f);
                var v = cells * Vector256.LoadUnsafe(ref wx, (nuint)b) * Unsafe.Add(ref wy, row);
                value += v;
                firstX += v * dx;
                firstY += v * dy;
                square += v * ((dx * dx) + Vector256.Create(dy * dy));
            }
        }

        return new Moments(Vector256.Sum(value), Vector256.Sum(firstX), Vector256.Sum(firstY), Vector256.Sum(square));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddBlock(ref float cell, int size, int rows, ref float wy, Vector256<float> x)
    {
        for (var row = 0; row < rows; row++, cell = ref Unsafe.Add(ref cell, size))
        {
            var v = Vector256.Create(Unsafe.Add(ref wy, row));
            Vector256.MultiplyAddEstimate(v, x, Vector256.LoadUnsafe(ref cell)).StoreUnsafe(ref cell);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTwoBlocks(ref float cell, int size, int rows, ref float wy, Vector256<float> x0, Vector256<float> x1)
    {
        for (var row = 0; row < rows; row++, cell = ref Unsafe.Add(ref cell, size))
        {
            var v = Vector256.Create(Unsafe.Add(ref wy, row));
            Vector256.MultiplyAddEstimate(v, x0, Vector256.LoadUnsafe(ref cell)).StoreUnsafe(ref cell);
            Vector256.MultiplyAddEstimate(v, x1, Vector256.LoadUnsafe(ref cell, Lanes)).StoreUnsafe(ref cell, Lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddDerivativeBlock(
        in DerivativeTarget target, int column, int firstRow, int rows, ref float wy, RowFactors factors, Vector256<float> x, Vector256<float> xd)
    {
        var o = ((nint)firstRow * target.Size) + column;
        var slope = factors.AlongY * (factors.FirstOffset + firstRow);
        for (var row = firstRow; row < firstRow + rows; row++, o += target.Size, slope += factors.AlongY)
        {
            var w = Unsafe.Add(ref wy, row);
            Vector256<float> v0 = Vector256.Create(w), v1 = Vector256.Create(w * factors.Depth), v2 = Vector256.Create(w * slope);
            ref var a0 = ref Unsafe.Add(ref target.Density, o);
            ref var a1 = ref Unsafe.Add(ref target.DepthWeighted, o);
            ref var a2 = ref Unsafe.Add(ref target.InPlane, o);
            Vector256.MultiplyAddEstimate(v0, x, Vector256.LoadUnsafe(ref a0)).StoreUnsafe(ref a0);
            Vector256.MultiplyAddEstimate(v1, x, Vector256.LoadUnsafe(ref a1)).StoreUnsafe(ref a1);
            Vector256.MultiplyAddEstimate(v0, xd, Vector256.MultiplyAddEstimate(v2, x, Vector256.LoadUnsafe(ref a2))).StoreUnsafe(ref a2);
        }
    }

    private static void DepositWrapped(in Window cut, int size, ref float wx, ref float wy, ref float grid)
    {
        for (var row = 0; row < cut.Rows; row++)
        {
            var line = Wrap(cut.FirstRow + row, size) * size;
            for (var b = 0; b < cut.Columns; b++)
            {
                Unsafe.Add(ref grid, line + Wrap(cut.FirstColumn + b, size)) += Unsafe.Add(ref wy, row) * Unsafe.Add(ref wx, b);
            }
        }
    }

    private static void DepositDerivativesWrapped(
        in Window cut, int size, ref float wx, ref float wdx, ref float wy, float alongY, float depth, ref float depthWeighted, ref float inPlane)
    {
        for (var row = 0; row < cut.Rows; row++)
        {
            var line = Wrap(cut.FirstRow + row, size) * size;
            var dy = cut.FirstRow + row - cut.Y;
            var w = Unsafe.Add(ref wy, row);
            for (var b = 0; b < cut.Columns; b++)
            {
                var o = line + Wrap(cut.FirstColumn + b, size);
                Unsafe.Add(ref depthWeighted, o) += w * depth * Unsafe.Add(ref wx, b);
                Unsafe.Add(ref inPlane, o) += w * ((alongY * dy * Unsafe.Add(ref wx, b)) + Unsafe.Add(ref wdx, b));
            }
        }
    }

    /// <summary>factor exp(-d^2 / 2v) for d = first, first + 1, ...; whole blocks of lanes are written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FillWeights(float first, int count, float inverseTwoVariance, float factor, ref float weights)
    {
        var scale = Vector256.Create(-inverseTwoVariance);
        var amplitude = Vector256.Create(factor);
        for (var b = 0; b < count; b += Lanes)
        {
            var d = Vector256.CreateSequence(first + b, 1f);
            (amplitude * FastExp.Of(d * d * scale)).StoreUnsafe(ref weights, (nuint)b);
        }
    }

    /// <summary>slope d w for the columns of a window: the derivative of a Gaussian along x, times the variance.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FillSlopes(float first, int count, float slope, ref float weights, ref float slopes)
    {
        var s = Vector256.Create(slope);
        for (var b = 0; b < count; b += Lanes)
        {
            (s * Vector256.CreateSequence(first + b, 1f) * Vector256.LoadUnsafe(ref weights, (nuint)b)).StoreUnsafe(ref slopes, (nuint)b);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Wrap(int i, int size)
    {
        i %= size;
        return i < 0 ? i + size : i;
    }

    /// <summary>The first cell of a Gaussian's window in the three grids, and the grids' side.</summary>
    private readonly ref struct DerivativeTarget(ref float density, ref float depthWeighted, ref float inPlane, int size)
    {
        public readonly ref float Density = ref density;
        public readonly ref float DepthWeighted = ref depthWeighted;
        public readonly ref float InPlane = ref inPlane;
        public readonly int Size = size;
    }

    /// <summary>What the rows of a Gaussian share: its depth (or the rate of its amplitude), its slope along y, and the first row's distance from its centre.</summary>
    private readonly record struct RowFactors(float Depth, float AlongY, float FirstOffset);

    /// <summary>The cells one Gaussian covers; columns in whole blocks of lanes.</summary>
    private readonly ref struct Window
    {
        public readonly float X;
        public readonly float Y;
        public readonly float InverseTwoVariance;
        public readonly int FirstColumn;
        public readonly int Columns;
        public readonly int FirstRow;
        public readonly int Rows;
        public readonly int NarrowRows;
        public readonly bool Inside;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Window(in Splats splats, int j, Footprint footprint, int size)
        {
            X = splats.X[j];
            Y = splats.Y[j];
            InverseTwoVariance = splats.InverseTwoVariance[j];
            (Columns, Rows, NarrowRows) = footprint;
            FirstColumn = (int)MathF.Ceiling(X - (0.5f * Columns));
            FirstRow = (int)MathF.Ceiling(Y - (0.5f * Rows));
            Inside = FirstColumn >= 0 && FirstColumn + Columns <= size && FirstRow >= 0 && FirstRow + Rows <= size;
        }
    }
}
