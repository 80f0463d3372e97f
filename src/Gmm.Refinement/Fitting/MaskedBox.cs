using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// The part of a box that a mask leaves, in a smaller box around the same centre: beyond it the target is zero, so nothing of the map is lost and its transform
/// has fewer coefficients.
/// </summary>
internal static class MaskedBox
{
    /// <summary>A box that is not smaller than this part of the map's is not worth it.</summary>
    private const double WorthIt = 0.9;

    /// <summary>Voxels between the mask and the edge of the box.</summary>
    private const int Margin = 2;

    /// <summary>Cuts out what a mask leaves.</summary>
    /// <param name="map">The map.</param>
    /// <param name="mask">The mask; none, or one on other voxels, leaves the map as it is.</param>
    /// <returns>Map and mask in the smaller box, or those given.</returns>
    public static (DensityMap Map, SolventMask? Mask) Cut(DensityMap map, SolventMask? mask)
    {
        if (mask is null || mask.Size != map.Size)
        {
            return (map, mask);
        }

        var size = FftSizes.NextFastEven(2 * (Reach(mask) + Margin));
        return size > WorthIt * map.Size
            ? (map, mask)
            : (new DensityMap(size, map.PixelSize, Middle(map, size)), new SolventMask(size, mask.PixelSize, Middle(mask, size)));
    }

    /// <summary>Voxels from the centre, along an axis, to the farthest that the mask does not make zero.</summary>
    private static int Reach(SolventMask mask)
    {
        int n = mask.Size, centre = n / 2, reach = 0;
        for (var row = 0; row < n * n; row++)
        {
            var values = mask.Voxels.AsSpan(row * n, n);
            var first = values.IndexOfAnyExcept(0f);
            if (first >= 0)
            {
                var last = values.LastIndexOfAnyExcept(0f);
                int y = Math.Abs((row % n) - centre), z = Math.Abs((row / n) - centre);
                reach = Math.Max(reach, Math.Max(Math.Max(y, z), Math.Max(Math.Abs(first - centre), Math.Abs(last - centre))));
            }
        }

        return reach;
    }

    private static float[] Middle(DensityMap map, int size)
    {
        var voxels = new float[size * size * size];
        int n = map.Size, shift = (n / 2) - (size / 2);
        for (var row = 0; row < size * size; row++)
        {
            var from = (((((row / size) + shift) * n) + (row % size) + shift) * n) + shift;
            map.Voxels.AsSpan(from, size).CopyTo(voxels.AsSpan(row * size, size));
        }

        return voxels;
    }
}
