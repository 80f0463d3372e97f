using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gmm.Core;

/// <content>The deposit of density and depth-weighted density together.</content>
internal static partial class GriddingKernels
{
    /// <summary>Adds every Gaussian that lies inside the grid to two grids at once, density and depth-weighted density.</summary>
    /// <returns>Whether there are others, for <see cref="DepositOutside"/>.</returns>
    public static bool DepositInside(
        in Splats splats,
        ReadOnlySpan<float> amplitudes,
        ReadOnlySpan<float> depth,
        int size,
        Span<float> density,
        Span<float> depthWeighted)
    {
        CheckGrid(density.Length, size);
        CheckGrid(depthWeighted.Length, size);
        var outside = 0;
        foreach (ref readonly var run in splats.Runs)
        {
            outside += DepositRunInside(run, splats, amplitudes, depth, size, density, depthWeighted);
        }

        return outside > 0;
    }

    private static int DepositRunInside(
        in Run run,
        in Splats splats,
        ReadOnlySpan<float> amplitudes,
        ReadOnlySpan<float> depth,
        int size,
        Span<float> density,
        Span<float> depthWeighted)
    {
        Span<float> weights = stackalloc float[2 * MaxBlocks * Lanes];
        KernelRef<float> wx = new(weights), wy = wx + (MaxBlocks * Lanes), g0 = new(density), g1 = new(depthWeighted);
        Check(run.Footprint, size);
        var (columns, rows, narrow) = run.Footprint;
        var wide = rows - (2 * narrow);
        var outside = 0;
        for (var j = run.First; j < run.End; j++)
        {
            var cut = new Window(splats, j, run.Footprint, size);
            if (!cut.Inside)
            {
                outside++;
                continue;
            }

            FillWeights(cut.FirstColumn - cut.X, columns, cut.InverseTwoVariance, 1, wx);
            FillWeights(cut.FirstRow - cut.Y, rows, cut.InverseTwoVariance, amplitudes[j] * splats.Norm[j], wy);
            var z = Vector256.Create(depth[j]);
            var offset = (cut.FirstRow * size) + cut.FirstColumn;
            KernelRef<float> c0 = g0 + offset, c1 = g1 + offset;
            if (columns == 2 * Lanes)
            {
                var centre = wx.Load(Lanes / 2);
                AddPair(c0 + (Lanes / 2), c1 + (Lanes / 2), size, narrow, wy, z, centre);
                AddTwoPairs(c0 + (narrow * size), c1 + (narrow * size), size, wide, wy + narrow, z, wx.Load(), wx.Load(Lanes));
                var last = ((narrow + wide) * size) + (Lanes / 2);
                AddPair(c0 + last, c1 + last, size, narrow, wy + (narrow + wide), z, centre);
                continue;
            }

            for (var b = 0; b < columns; b += Lanes)
            {
                AddPair(c0 + b, c1 + b, size, rows, wy, z, wx.Load(b));
            }
        }

        return outside;
    }

    /// <summary>Adds to the same two grids the Gaussians that reach over the grid's edge, cell by cell.</summary>
    public static void DepositOutside(
        in Splats splats,
        ReadOnlySpan<float> amplitudes,
        ReadOnlySpan<float> depth,
        int size,
        Span<float> density,
        Span<float> depthWeighted)
    {
        CheckGrid(density.Length, size);
        CheckGrid(depthWeighted.Length, size);
        Span<float> weights = stackalloc float[2 * MaxBlocks * Lanes];
        KernelRef<float> wx = new(weights), wy = wx + (MaxBlocks * Lanes), g0 = new(density), g1 = new(depthWeighted);
        foreach (ref readonly var run in splats.Runs)
        {
            Check(run.Footprint, size);
            for (var j = run.First; j < run.End; j++)
            {
                var cut = new Window(splats, j, run.Footprint, size);
                if (cut.Inside)
                {
                    continue;
                }

                FillWeights(cut.FirstColumn - cut.X, cut.Columns, cut.InverseTwoVariance, 1, wx);
                FillWeights(cut.FirstRow - cut.Y, cut.Rows, cut.InverseTwoVariance, amplitudes[j] * splats.Norm[j], wy);
                DepositWrapped(cut, size, wx, wy, g0);
                FillWeights(cut.FirstRow - cut.Y, cut.Rows, cut.InverseTwoVariance, amplitudes[j] * splats.Norm[j] * depth[j], wy);
                DepositWrapped(cut, size, wx, wy, g1);
            }
        }
    }

    /// <summary>
    /// Mends grids of x f and y f, made of a grid f of all Gaussians, for those that reach over the grid's edge: there the cell's place jumps by the size.
    /// </summary>
    public static void AddWrappedMoments(in Splats splats, ReadOnlySpan<float> amplitudes, int size, Span<float> momentX, Span<float> momentY)
    {
        CheckGrid(momentX.Length, size);
        CheckGrid(momentY.Length, size);
        Span<float> weights = stackalloc float[4 * MaxBlocks * Lanes];
        const int length = MaxBlocks * Lanes;
        KernelRef<float> all = new(weights), wx = all, wy = all + length, jumpX = all + (2 * length), jumpY = all + (3 * length);
        KernelRef<float> gx = new(momentX), gy = new(momentY);
        foreach (ref readonly var run in splats.Runs)
        {
            Check(run.Footprint, size);
            for (var j = run.First; j < run.End; j++)
            {
                var cut = new Window(splats, j, run.Footprint, size);
                if (cut.Inside || cut.Misses(size))
                {
                    continue;
                }

                FillWeights(cut.FirstColumn - cut.X, cut.Columns, cut.InverseTwoVariance, 1, wx);
                FillWeights(cut.FirstRow - cut.Y, cut.Rows, cut.InverseTwoVariance, amplitudes[j] * splats.Norm[j], wy);
                for (var b = 0; b < cut.Columns; b++)
                {
                    jumpX[b] = wx[b] * (cut.FirstColumn + b - Wrap(cut.FirstColumn + b, size));
                }

                for (var b = 0; b < cut.Rows; b++)
                {
                    jumpY[b] = wy[b] * (cut.FirstRow + b - Wrap(cut.FirstRow + b, size));
                }

                DepositWrapped(cut, size, jumpX, wy, gx);
                DepositWrapped(cut, size, wx, jumpY, gy);
            }
        }
    }

    /// <summary>Whether Gaussian j lies inside the grid.</summary>
    public static bool IsInside(in Splats splats, int j, Footprint footprint, int size) => new Window(splats, j, footprint, size).Inside;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddPair(
        KernelRef<float> density, KernelRef<float> depthWeighted, int size, int rows, KernelRef<float> wy, Vector256<float> z, Vector256<float> x)
    {
        for (var row = 0; row < rows; row++, density += size, depthWeighted += size)
        {
            var w = Vector256.Create(wy[row]);
            density.Store(Vector256.MultiplyAddEstimate(w, x, density.Load()));
            depthWeighted.Store(Vector256.MultiplyAddEstimate(w * z, x, depthWeighted.Load()));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTwoPairs(
        KernelRef<float> density,
        KernelRef<float> depthWeighted,
        int size,
        int rows,
        KernelRef<float> wy,
        Vector256<float> z,
        Vector256<float> x0,
        Vector256<float> x1)
    {
        for (var row = 0; row < rows; row++, density += size, depthWeighted += size)
        {
            var w = Vector256.Create(wy[row]);
            var wz = w * z;
            density.Store(Vector256.MultiplyAddEstimate(w, x0, density.Load()));
            density.Store(Vector256.MultiplyAddEstimate(w, x1, density.Load(Lanes)), Lanes);
            depthWeighted.Store(Vector256.MultiplyAddEstimate(wz, x0, depthWeighted.Load()));
            depthWeighted.Store(Vector256.MultiplyAddEstimate(wz, x1, depthWeighted.Load(Lanes)), Lanes);
        }
    }
}
