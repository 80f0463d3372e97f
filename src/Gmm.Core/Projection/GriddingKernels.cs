using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gmm.Core;

/// <summary>
/// The inner loops of the gridding projector: Gaussians onto a periodic square grid, and back. Eight lanes along x; a Gaussian is one
/// or more blocks of eight cells wide, lanes past its support hold small tails that are correct values too.
/// </summary>
/// <remarks>
/// The loops do not check bounds. Each entry checks once that grids and footprints fit the size (<see cref="CheckGrid"/>, <see cref="Check"/>), and
/// <see cref="Window"/> proves once a Gaussian, in arithmetic that cannot wrap, that its cells lie inside, or that it is near and is wrapped; one that
/// misses the grid and those beside it adds nothing.
/// </remarks>
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
            var rows = Math.Min((int)MathF.Ceiling(2 * support), Math.Min(MaxBlocks * Lanes, size));
            // A grid too small for the support cuts it; then no row is narrow.
            var narrow = columns == 2 * Lanes && 2 * support <= columns
                ? (rows - (int)MathF.Ceiling(2 * MathF.Sqrt((support * support) - (0.25f * Lanes * Lanes)))) / 2
                : 0;
            return new Footprint(columns, rows, narrow);
        }
    }

    /// <summary>Checks that a grid has its cells, and that their numbers fit 32 bits.</summary>
    private static void CheckGrid(int cells, int size)
    {
        if (size < Lanes || (long)size * size > cells)
        {
            throw new ArgumentException($"A grid of {size} x {size} cells does not fit {cells} values.");
        }
    }

    /// <summary>Checks that a footprint fits the weights' buffers and the grid.</summary>
    private static void Check(in Footprint footprint, int size)
    {
        var (columns, rows, narrow) = footprint;
        if (columns < 0 || columns % Lanes != 0 || columns > Math.Min(MaxBlocks * Lanes, size) || rows < 0 || rows > Math.Min(MaxBlocks * Lanes, size)
            || narrow < 0 || 2 * (long)narrow > rows)
        {
            throw new ArgumentException($"A footprint of {columns} x {rows} cells, {narrow} of its rows narrow, does not fit a grid of {size} x {size}.");
        }
    }

    /// <summary>Sums of a grid under one Gaussian: its value, its first moments and its second moment, in cells.</summary>
    public readonly record struct Moments(double Value, double X, double Y, double Square);

    /// <summary>Adds every Gaussian to a grid.</summary>
    public static void Deposit(in Splats splats, ReadOnlySpan<float> amplitudes, int size, Span<float> grid)
    {
        CheckGrid(grid.Length, size);
        foreach (ref readonly var run in splats.Runs)
        {
            DepositRun(run, splats, amplitudes, size, grid);
        }
    }

    private static void DepositRun(in Run run, in Splats splats, ReadOnlySpan<float> amplitudes, int size, Span<float> grid)
    {
        Span<float> weights = stackalloc float[2 * MaxBlocks * Lanes];
        KernelRef<float> wx = new(weights), wy = wx + (MaxBlocks * Lanes), g = new(grid);
        Check(run.Footprint, size);
        var (columns, rows, narrow) = run.Footprint;
        var wide = rows - (2 * narrow);
        for (var j = run.First; j < run.End; j++)
        {
            var cut = new Window(splats, j, run.Footprint, size);
            FillWeights(cut.FirstColumn - cut.X, columns, cut.InverseTwoVariance, 1, wx);
            FillWeights(cut.FirstRow - cut.Y, rows, cut.InverseTwoVariance, amplitudes[j] * splats.Norm[j], wy);
            if (!cut.Inside)
            {
                DepositWrapped(cut, size, wx, wy, g);
                continue;
            }

            var cell = g + ((cut.FirstRow * size) + cut.FirstColumn);
            if (columns == 2 * Lanes)
            {
                var centre = wx.Load(Lanes / 2);
                AddBlock(cell + (Lanes / 2), size, narrow, wy, centre);
                AddTwoBlocks(cell + (narrow * size), size, wide, wy + narrow, wx.Load(), wx.Load(Lanes));
                AddBlock(cell + (((narrow + wide) * size) + (Lanes / 2)), size, narrow, wy + (narrow + wide), centre);
                continue;
            }

            for (var b = 0; b < columns; b += Lanes)
            {
                AddBlock(cell + b, size, rows, wy, wx.Load(b));
            }
        }
    }

    /// <summary>Sums a grid under Gaussian j: the transpose of <see cref="Deposit"/>, with moments for the derivatives.</summary>
    public static Moments Gather(in Splats splats, int j, Footprint footprint, int size, ReadOnlySpan<float> grid)
    {
        CheckGrid(grid.Length, size);
        Check(footprint, size);
        Span<float> weights = stackalloc float[2 * MaxBlocks * Lanes];
        KernelRef<float> wx = new(weights), wy = wx + (MaxBlocks * Lanes), g = KernelRef<float>.Reading(grid);
        var cut = new Window(splats, j, footprint, size);
        if (cut.Misses(size))
        {
            return default;
        }

        FillWeights(cut.FirstColumn - cut.X, cut.Columns, cut.InverseTwoVariance, 1, wx);
        FillWeights(cut.FirstRow - cut.Y, cut.Rows, cut.InverseTwoVariance, 1, wy);
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
                    cells = g.Load(line + cut.FirstColumn + b);
                }
                else
                {
                    for (var lane = 0; lane < Lanes; lane++)
                    {
                        wrapped[lane] = g[line + Wrap(cut.FirstColumn + b + lane, size)];
                    }

                    cells = Vector256.Create(wrapped);
                }

                var dx = Vector256.CreateSequence(cut.FirstColumn - cut.X + b, 1f);
                var v = cells * wx.Load(b) * wy[row];
                value += v;
                firstX += v * dx;
                firstY += v * dy;
                square += v * ((dx * dx) + Vector256.Create(dy * dy));
            }
        }

        return new Moments(Vector256.Sum(value), Vector256.Sum(firstX), Vector256.Sum(firstY), Vector256.Sum(square));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddBlock(KernelRef<float> cell, int size, int rows, KernelRef<float> wy, Vector256<float> x)
    {
        for (var row = 0; row < rows; row++, cell += size)
        {
            var v = Vector256.Create(wy[row]);
            cell.Store(Vector256.MultiplyAddEstimate(v, x, cell.Load()));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTwoBlocks(KernelRef<float> cell, int size, int rows, KernelRef<float> wy, Vector256<float> x0, Vector256<float> x1)
    {
        for (var row = 0; row < rows; row++, cell += size)
        {
            var v = Vector256.Create(wy[row]);
            cell.Store(Vector256.MultiplyAddEstimate(v, x0, cell.Load()));
            cell.Store(Vector256.MultiplyAddEstimate(v, x1, cell.Load(Lanes)), Lanes);
        }
    }

    // Inlined, though rarely taken: a call in the loop over Gaussians would cost the registers that hold its constants, 7 % of a projection.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void DepositWrapped(in Window cut, int size, KernelRef<float> wx, KernelRef<float> wy, KernelRef<float> grid)
    {
        if (cut.Misses(size))
        {
            return;
        }

        for (var row = 0; row < cut.Rows; row++)
        {
            var line = Wrap(cut.FirstRow + row, size) * size;
            for (var b = 0; b < cut.Columns; b++)
            {
                grid[line + Wrap(cut.FirstColumn + b, size)] += wy[row] * wx[b];
            }
        }
    }

    /// <summary>factor exp(-d^2 / 2v) for d = first, first + 1, ...; whole blocks of lanes are written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FillWeights(float first, int count, float inverseTwoVariance, float factor, KernelRef<float> weights)
    {
        var scale = Vector256.Create(-inverseTwoVariance);
        var amplitude = Vector256.Create(factor);
        for (var b = 0; b < count; b += Lanes)
        {
            var d = Vector256.CreateSequence(first + b, 1f);
            weights.Store(amplitude * FastExp.Of(d * d * scale), b);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Wrap(int i, int size)
    {
        i %= size;
        return i < 0 ? i + size : i;
    }

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
            // Whatever integers the casts gave, of a centre at 1e38 or not a number too: the window lies inside if both hold, and no sum can wrap.
            Inside = (uint)FirstColumn <= (uint)(size - Columns) && (uint)FirstRow <= (uint)(size - Rows);
        }

        /// <summary>
        /// Whether no cell of the window lies on the grid or on the eight beside it. Nearer ones are periodic, as the coefficients and RELION's
        /// images are: a turned box's corners reach over the grid. Their cells' numbers are small and can be wrapped.
        /// </summary>
        public bool Misses(int size) => FirstColumn <= -Columns - size || FirstColumn >= 2 * size || FirstRow <= -Rows - size || FirstRow >= 2 * size;
    }
}
