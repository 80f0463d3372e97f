using Gmm.Core;
using Gmm.IO;

namespace Gmm.Fuzz;

/// <summary>What readers of MRC files are asked to do.</summary>
internal static class MapReaders
{
    public static void Volume(string path, Numbers numbers)
    {
        var volume = MrcFile.ReadVolume(path);
        numbers.Add("voxels", volume.Voxels);
        numbers.Add("pixel size", volume.PixelSize.X, volume.PixelSize.Y, volume.PixelSize.Z);
        numbers.Add("place", volume.FirstVoxel.X, volume.FirstVoxel.Y, volume.FirstVoxel.Z);
        numbers.Require(volume.Voxels.Length == (long)volume.Size.X * volume.Size.Y * volume.Size.Z, "another number of voxels than the size says");
    }

    public static void Cube(DensityMap map, Numbers numbers)
    {
        numbers.Add("voxels", map.Voxels);
        numbers.Add("pixel size", map.PixelSize, map.BoxLength);
        numbers.Require(map.PixelSize > 0 && map.Voxels.Length == (long)map.Size * map.Size * map.Size, "no cube");
    }

    /// <summary>Images of a stack are not checked for NaN here, but where particles are read.</summary>
    public static void Stack(string path, Numbers numbers)
    {
        using var stack = MrcStack.Open(path);
        var pixels = new float[stack.Width * stack.Height];
        for (var i = 0; i < Math.Min(3, stack.Count); i++)
        {
            stack.ReadImage(i, pixels);
        }

        stack.ReadImage(stack.Count - 1, pixels);
        numbers.Add("pixel size", stack.Header.PixelSize.X);
    }

    /// <summary>EMAN2's images and what their headers say.</summary>
    public static void EmanImages(string path, Numbers numbers)
    {
        using var stack = EmanStack.Open(path);
        var values = new float[stack.Size.Aggregate(1, (a, b) => a * b)];
        for (var i = 0; i < Math.Min(3, stack.Count); i++)
        {
            stack.ReadImage(i, values);
            _ = stack.Header(i).Text("EMAN.ctf");
        }

        numbers.Add("pixel", stack.PixelSize);
    }
}
