using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Cli;

/// <summary>Reads half maps and masks, with the checks that keep a silly pair from giving a number.</summary>
internal static class MapInputs
{
    /// <summary>Mask voxels between these are its edge; a mask without any is binary.</summary>
    private const float EdgeFrom = 0.001f;

    /// <summary>
    /// Correlation of all voxels over which two maps are one, scaled or stored with less precision; independent halves of any data stay below.
    /// </summary>
    private const double OneMap = 1 - 1e-6;

    /// <summary>Reads two half maps.</summary>
    /// <returns>The maps, and the first as its file has it, for its place in space.</returns>
    /// <exception cref="InvalidInputException">The same map twice, or maps of different box or pixel size.</exception>
    public static (HalfMap Half1, HalfMap Half2, MrcVolume Frame) ReadHalves(string a, string b)
    {
        if (FilePaths.AreSame(a, b))
        {
            throw new InvalidInputException("is given as both half maps; two independent ones are needed", b);
        }

        var frame = MrcFile.ReadVolume(a);
        var map = frame.ToDensityMap();
        var half1 = new HalfMap(map.Size, map.PixelSize, map.Voxels, 1);
        var half2 = MrcFile.ReadHalfMap(b, 2);
        MapChecks.RequireGrid(half2, b, half1.Size, half1.PixelSize, $"{a} has");
        RequireVaried(half1, a);
        RequireVaried(half2, b);

        return Sameness(half1, half2, a, b) is { } same
            ? throw new InvalidInputException($"{same}; two independent half maps are needed", b)
            : (half1, half2, frame);
    }

    /// <summary>Why two maps are one: the file (links followed), the voxels, or the voxels but for their scale; null if they are two.</summary>
    public static string? Sameness(DensityMap map1, DensityMap map2, string a, string b) =>
        FilePaths.AreSame(a, b) ? $"is the same file as {a}"
        : map1.Voxels.AsSpan().SequenceEqual(map2.Voxels) ? $"has the same voxels as {a}"
        : Correlation(map1.Voxels, map2.Voxels) > OneMap ? $"is {a} on another scale of values"
        : null;

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
        var mask = MapChecks.ReadMask(path, map.Size, map.PixelSize, $"{mapPath} has");
        if (!mask.Voxels.AsSpan().ContainsAnyInRange(EdgeFrom, 1 - EdgeFrom))
        {
            warnings.Add($"{path}: the mask is binary; without a soft edge it correlates the masked maps at high frequency");
        }

        return mask;
    }

    /// <summary>The mask that half maps give, or a sphere with a warning where they give none.</summary>
    public static SolventMask MakeMask(HalfMap half1, HalfMap half2, ComputeOptions compute, List<string> warnings)
    {
        var (mask, warning) = SolventMasks.Automatic(half1, half2, compute);
        warnings.AddRange(warning is null ? [] : [warning]);
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

    /// <summary>Whether a map is a mask by its values: from 0 to 1, one voxel in a thousand or more of either exactly.</summary>
    public static bool IsMask(DensityMap map) =>
        !map.Voxels.ContainsAnyExceptInRange(0f, 1f) && Math.Min(map.Voxels.Count(0f), map.Voxels.Count(1f)) > map.Voxels.Length / 1000;

    private static double Correlation(float[] a, float[] b)
    {
        double meanA = 0, meanB = 0, aa = 0, ab = 0, bb = 0;
        for (var i = 0; i < a.Length; i++)
        {
            (meanA, meanB) = (meanA + a[i], meanB + b[i]);
        }

        (meanA, meanB) = (meanA / a.Length, meanB / a.Length);
        for (var i = 0; i < a.Length; i++)
        {
            double x = a[i] - meanA, y = b[i] - meanB;
            (aa, ab, bb) = (aa + (x * x), ab + (x * y), bb + (y * y));
        }

        return ab / Math.Sqrt(aa * bb);
    }
}
