using Gmm.Core;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>Reads half maps and masks, with the checks that keep a silly pair from giving a number.</summary>
internal static class MapInputs
{
    /// <summary>Mask voxels between these are its edge; a mask without any is binary.</summary>
    private const float EdgeFrom = 0.001f;

    /// <summary>Reads two half maps.</summary>
    /// <returns>The maps, and the first as its file has it, for its place in space.</returns>
    /// <exception cref="InvalidInputException">The same map twice, or maps of different box or pixel size.</exception>
    public static (HalfMap Half1, HalfMap Half2, MrcVolume Frame) ReadHalves(string a, string b)
    {
        if (Path.GetFullPath(a) == Path.GetFullPath(b))
        {
            throw new InvalidInputException("is given as both half maps; two independent ones are needed", b);
        }

        var frame = MrcFile.ReadVolume(a);
        var map = frame.ToDensityMap();
        var half1 = new HalfMap(map.Size, map.PixelSize, map.Voxels, 1);
        var half2 = MrcFile.ReadHalfMap(b, 2);
        RequireSameGrid(half1, half2, a, b);
        RequireVaried(half1, a);
        RequireVaried(half2, b);

        return half1.Voxels.AsSpan().SequenceEqual(half2.Voxels)
            ? throw new InvalidInputException($"has the same voxels as {a}; two independent half maps are needed", b)
            : (half1, half2, frame);
    }

    /// <summary>Reads a mask that belongs to a map, and warns if it has no soft edge.</summary>
    /// <exception cref="InvalidInputException">Not a mask, or one of another box or pixel size.</exception>
    public static SolventMask ReadMask(string path, DensityMap map, string mapPath, VerbCall call)
    {
        var warnings = new List<string>();
        var mask = ReadMask(path, map, mapPath, warnings);
        call.Warn(warnings);
        return mask;
    }

    /// <summary>Reads a mask that belongs to a map, and adds a warning if it has no soft edge.</summary>
    /// <exception cref="InvalidInputException">Not a mask, or one of another box or pixel size.</exception>
    public static SolventMask ReadMask(string path, DensityMap map, string mapPath, List<string> warnings)
    {
        var mask = MrcFile.ReadMask(path);
        RequireSameGrid(map, mask, mapPath, path);
        if (!mask.Voxels.AsSpan().ContainsAnyInRange(EdgeFrom, 1 - EdgeFrom))
        {
            warnings.Add($"{path}: the mask is binary; without a soft edge it correlates the masked maps at high frequency");
        }

        return mask;
    }

    /// <summary>Throws if a map is the same everywhere.</summary>
    public static void RequireVaried(DensityMap map, string path)
    {
        if (ImageChecks.IsConstant(map.Voxels))
        {
            throw new InvalidInputException("every voxel of the map has the same value", path);
        }
    }

    /// <summary>Throws unless two maps have the same box and pixel size.</summary>
    public static void RequireSameGrid(DensityMap a, DensityMap b, string nameA, string nameB)
    {
        if (a.Size != b.Size || Math.Abs(a.PixelSize - b.PixelSize) > 1e-3 * a.PixelSize)
        {
            throw new InvalidInputException(Texts.Line($"{b.Size} voxels of {b.PixelSize:g6} A, but {nameA} has {a.Size} of {a.PixelSize:g6} A"), nameB);
        }
    }
}
