using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gmm.Core;

/// <content>The deposit of a rate of change, where every Gaussian moves at its own velocity and changes its amplitude at its own rate.</content>
internal static partial class GriddingKernels
{
    /// <summary>Adds to a grid every Gaussian's rate of change: amplitude (v . d) / variance plus rate, times the Gaussian.</summary>
    public static void DepositVelocity(
        in Splats splats,
        ReadOnlySpan<float> amplitudes,
        ReadOnlySpan<float> rates,
        ReadOnlySpan<float> velocityX,
        ReadOnlySpan<float> velocityY,
        int size,
        Span<float> grid)
    {
        Span<float> weights = stackalloc float[3 * MaxBlocks * Lanes];
        KernelRef<float> wx = new(weights), wdx = wx + (MaxBlocks * Lanes), wy = wx + (2 * MaxBlocks * Lanes), g = new(grid);
        CheckGrid(grid.Length, size);
        foreach (ref readonly var run in splats.Runs)
        {
            Check(run.Footprint, size);
            var (columns, rows, narrow) = run.Footprint;
            for (var j = run.First; j < run.End; j++)
            {
                // A Gaussian that stands still adds nothing: with a focus mask that is most of them.
                if (velocityX[j] == 0 && velocityY[j] == 0 && rates[j] == 0)
                {
                    continue;
                }

                var cut = new Window(splats, j, run.Footprint, size);
                var perVariance = 2 * cut.InverseTwoVariance * amplitudes[j];
                FillWeights(cut.FirstColumn - cut.X, columns, cut.InverseTwoVariance, 1, wx);
                FillWeights(cut.FirstRow - cut.Y, rows, cut.InverseTwoVariance, splats.Norm[j], wy);
                FillSlopes(cut.FirstColumn - cut.X, columns, velocityX[j] * perVariance, wx, wdx);
                var factors = new RowFactors(rates[j], velocityY[j] * perVariance, cut.FirstRow - cut.Y);
                if (!cut.Inside)
                {
                    DepositVelocityWrapped(cut, size, wx, wdx, wy, factors, g);
                    continue;
                }

                var cell = g + ((cut.FirstRow * size) + cut.FirstColumn);
                if (columns == 2 * Lanes)
                {
                    Vector256<float> centre = wx.Load(Lanes / 2), centreSlope = wdx.Load(Lanes / 2);
                    AddVelocityBlock(cell + (Lanes / 2), size, 0, narrow, wy, factors, centre, centreSlope);
                    AddVelocityBlock(cell, size, narrow, rows - narrow, wy, factors, wx.Load(), wdx.Load());
                    AddVelocityBlock(cell + Lanes, size, narrow, rows - narrow, wy, factors, wx.Load(Lanes), wdx.Load(Lanes));
                    AddVelocityBlock(cell + (Lanes / 2), size, rows - narrow, rows, wy, factors, centre, centreSlope);
                    continue;
                }

                for (var b = 0; b < columns; b += Lanes)
                {
                    AddVelocityBlock(cell + b, size, 0, rows, wy, factors, wx.Load(b), wdx.Load(b));
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddVelocityBlock(
        KernelRef<float> cell, int size, int from, int to, KernelRef<float> wy, RowFactors factors, Vector256<float> x, Vector256<float> xd)
    {
        cell += from * size;
        for (var row = from; row < to; row++, cell += size)
        {
            var w = wy[row];
            var slope = Vector256.Create(w * ((factors.AlongY * (factors.FirstOffset + row)) + factors.Rate));
            cell.Store(Vector256.MultiplyAddEstimate(Vector256.Create(w), xd, Vector256.MultiplyAddEstimate(slope, x, cell.Load())));
        }
    }

    private static void DepositVelocityWrapped(
        in Window cut, int size, KernelRef<float> wx, KernelRef<float> wdx, KernelRef<float> wy, RowFactors factors, KernelRef<float> grid)
    {
        if (cut.Misses(size))
        {
            return;
        }

        for (var row = 0; row < cut.Rows; row++)
        {
            var line = Wrap(cut.FirstRow + row, size) * size;
            var w = wy[row];
            var slope = w * ((factors.AlongY * (factors.FirstOffset + row)) + factors.Rate);
            for (var b = 0; b < cut.Columns; b++)
            {
                grid[line + Wrap(cut.FirstColumn + b, size)] += (slope * wx[b]) + (w * wdx[b]);
            }
        }
    }

    /// <summary>slope d w for the columns of a window: the derivative of a Gaussian along x, times the variance.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FillSlopes(float first, int count, float slope, KernelRef<float> weights, KernelRef<float> slopes)
    {
        var s = Vector256.Create(slope);
        for (var b = 0; b < count; b += Lanes)
        {
            slopes.Store(s * Vector256.CreateSequence(first + b, 1f) * weights.Load(b), b);
        }
    }

    /// <summary>
    /// What the rows of a moving Gaussian share: the rate of its amplitude, its slope along y, and the first row's distance from its centre.
    /// </summary>
    private readonly record struct RowFactors(float Rate, float AlongY, float FirstOffset);
}
