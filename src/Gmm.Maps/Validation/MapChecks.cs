using Gmm.Core;
using Gmm.IO;

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

    /// <summary>Reads a mask of a grid.</summary>
    /// <param name="path">The file.</param>
    /// <param name="size">Voxels along a side of the grid.</param>
    /// <param name="pixelSize">Its angstrom per voxel: the mask goes on with it, since the header has it as float32 only.</param>
    /// <param name="whose">Whose grid that is, with a verb, for the message: "the maps will have".</param>
    /// <returns>The mask.</returns>
    /// <exception cref="InvalidInputException">Not a mask, or one of another grid.</exception>
    public static SolventMask ReadMask(string path, int size, double pixelSize, string whose)
    {
        var mask = MrcFile.ReadMask(path);
        RequireGrid(mask, path, size, pixelSize, whose);
        return mask.PixelSize == pixelSize ? mask : new SolventMask(size, pixelSize, mask.Voxels);
    }

    /// <summary>Reads a mask of the maps that particles will give: those have the box and the pixel size of the first optics group.</summary>
    /// <param name="path">The file.</param>
    /// <param name="optics">The first optics group.</param>
    /// <returns>The mask, with the particles' pixel size.</returns>
    /// <exception cref="InvalidInputException">Not a mask, or one of another grid.</exception>
    public static SolventMask ReadMask(string path, OpticsGroup optics) => ReadMask(path, optics.ImageSize, optics.PixelSize, "the maps will have");

    /// <summary>Throws unless the map of a file has a box and a pixel size.</summary>
    /// <param name="map">The map.</param>
    /// <param name="path">Its file.</param>
    /// <param name="size">Voxels along a side.</param>
    /// <param name="pixelSize">Angstrom per voxel.</param>
    /// <param name="whose">Whose these are, with a verb, for the message.</param>
    /// <exception cref="InvalidInputException">It has others.</exception>
    public static void RequireGrid(DensityMap map, string path, int size, double pixelSize, string whose)
    {
        if (!IsOnGrid(map, size, pixelSize))
        {
            throw new InvalidInputException(
                FormattableString.Invariant($"{map.Size} voxels of {map.PixelSize:g6} A, but {whose} {size} of {pixelSize:g6} A"), path);
        }
    }

    private static bool SamePixels(double expected, double pixelSize) => Math.Abs(expected - pixelSize) <= PixelTolerance * expected;
}
