using Gmm.Core;

namespace Gmm.Maps;

/// <summary>Whether maps can be compared.</summary>
internal static class MapChecks
{
    /// <summary>Headers hold float32 lengths, so pixel sizes may differ in the last digits.</summary>
    private const double PixelTolerance = 1e-3;

    /// <summary>Whether a map has a box and a pixel size.</summary>
    /// <param name="map">The map.</param>
    /// <param name="size">Voxels along a side.</param>
    /// <param name="pixelSize">Angstrom per voxel.</param>
    public static bool IsOnGrid(DensityMap map, int size, double pixelSize) => map.Size == size && SamePixels(pixelSize, map.PixelSize);

    /// <summary>Throws unless two maps have the same box and pixel size.</summary>
    /// <param name="a">One map.</param>
    /// <param name="b">The other.</param>
    /// <param name="what">Subject of the message.</param>
    /// <exception cref="InvalidInputException">They differ.</exception>
    public static void SameGrid(DensityMap a, DensityMap b, string what)
    {
        if (a.Size != b.Size)
        {
            throw new InvalidInputException($"{what} differ in box: {a.Size} and {b.Size} voxels.");
        }

        if (!SamePixels(a.PixelSize, b.PixelSize))
        {
            throw new InvalidInputException($"{what} differ in pixel size: {a.PixelSize:G6} and {b.PixelSize:G6} angstrom.");
        }
    }

    private static bool SamePixels(double expected, double pixelSize) => Math.Abs(expected - pixelSize) <= PixelTolerance * expected;
}
