using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
        ref var wx = ref MemoryMarshal.GetReference(weights);
        ref var wdx = ref Unsafe.Add(ref wx, MaxBlocks * Lanes);
        ref var wy = ref Unsafe.Add(ref wx, 2 * MaxBlocks * Lanes);
        ref var g = ref MemoryMarshal.GetReference(grid);
        foreach (ref readonly var run in splats.Runs)
        {
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
                FillWeights(cut.FirstColumn - cut.X, columns, cut.InverseTwoVariance, 1, ref wx);
                FillWeights(cut.FirstRow - cut.Y, rows, cut.InverseTwoVariance, splats.Norm[j], ref wy);
                FillSlopes(cut.FirstColumn - cut.X, columns, velocityX[j] * perVariance, ref wx, ref wdx);
                var factors = new RowFactors(rates[j], velocityY[j] * perVariance, cut.FirstRow - cut.Y);
                if (!cut.Inside)
                {
                    DepositVelocityWrapped(cut, size, ref wx, ref wdx, ref wy, factors, ref g);
                    continue;
                }

                ref var cell = ref Unsafe.Add(ref g, (cut.FirstRow * size) + cut.FirstColumn);
                if (columns == 2 * Lanes)
                {
                    Vector256<float> centre = Vector256.LoadUnsafe(ref wx, Lanes / 2), centreSlope = Vector256.LoadUnsafe(ref wdx, Lanes / 2);
                    AddVelocityBlock(ref Unsafe.Add(ref cell, Lanes / 2), size, 0, narrow, ref wy, factors, centre, centreSlope);
                    AddVelocityBlock(ref cell, size, narrow, rows - narrow, ref wy, factors, Vector256.LoadUnsafe(ref wx), Vector256.LoadUnsafe(ref wdx));
                    AddVelocityBlock(ref Unsafe.Add(ref cell, Lanes), size, narrow, rows - narrow, ref wy, factors, Vector256.LoadUnsafe(ref wx, Lanes), Vector256.LoadUnsafe(ref wdx, Lanes));
                    AddVelocityBlock(ref Unsafe.Add(ref cell, Lanes / 2), size, rows - narrow, rows, ref wy, factors, centre, centreSlope);
                    continue;
                }

                for (var b = 0; b < columns; b += Lanes)
                {
                    AddVelocityBlock(ref Unsafe.Add(ref cell, b), size, 0, rows, ref wy, factors, Vector256.LoadUnsafe(ref wx, (nuint)b), Vector256.LoadUnsafe(ref wdx, (nuint)b));
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddVelocityBlock(ref float cell, int size, int from, int to, ref float wy, RowFactors factors, Vector256<float> x, Vector256<float> xd)
    {
        cell = ref Unsafe.Add(ref cell, from * size);
        for (var row = from; row < to; row++, cell = ref Unsafe.Add(ref cell, size))
        {
            var w = Unsafe.Add(ref wy, row);
            var slope = Vector256.Create(w * ((factors.AlongY * (factors.FirstOffset + row)) + factors.Depth));
            Vector256.MultiplyAddEstimate(Vector256.Create(w), xd, Vector256.MultiplyAddEstimate(slope, x, Vector256.LoadUnsafe(ref cell))).StoreUnsafe(ref cell);
        }
    }

    private static void DepositVelocityWrapped(in Window cut, int size, ref float wx, ref float wdx, ref float wy, RowFactors factors, ref float grid)
    {
        for (var row = 0; row < cut.Rows; row++)
        {
            var line = Wrap(cut.FirstRow + row, size) * size;
            var w = Unsafe.Add(ref wy, row);
            var slope = w * ((factors.AlongY * (factors.FirstOffset + row)) + factors.Depth);
            for (var b = 0; b < cut.Columns; b++)
            {
                Unsafe.Add(ref grid, line + Wrap(cut.FirstColumn + b, size)) += (slope * Unsafe.Add(ref wx, b)) + (w * Unsafe.Add(ref wdx, b));
            }
        }
    }
}
