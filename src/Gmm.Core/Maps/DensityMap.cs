using System.Numerics.Tensors;

namespace Gmm.Core;

/// <summary>
/// A cubic map: density on voxels. Its projection by RELION's rule is the plain sum along z, so the discrete transform of that
/// image is the central slice of the map's own.
/// </summary>
/// <remarks>
/// Voxel (x, y, z) is at index (z * Size + y) * Size + x, and at (x - Size/2, y - Size/2, z - Size/2) * PixelSize angstrom from
/// the box centre (integer division). The subtypes say what a map is, because only a <see cref="HalfMap"/> may enter a
/// gold-standard FSC.
/// </remarks>
public class DensityMap
{
    /// <summary>Makes a map on given voxels, which are kept, not copied.</summary>
    /// <param name="size">Voxels along each side.</param>
    /// <param name="pixelSize">Angstrom per voxel.</param>
    /// <param name="voxels">size^3 values, x fastest.</param>
    /// <exception cref="ArgumentException">The number of voxels is not size^3, or the size or pixel size is not positive.</exception>
    public DensityMap(int size, double pixelSize, float[] voxels)
    {
        ArgumentNullException.ThrowIfNull(voxels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        if (!(pixelSize > 0))
        {
            throw new ArgumentException("The pixel size must be positive.", nameof(pixelSize));
        }

        if (voxels.Length != (long)size * size * size)
        {
            throw new ArgumentException($"A map of side {size} has {(long)size * size * size} voxels, not {voxels.Length}.", nameof(voxels));
        }

        Size = size;
        PixelSize = pixelSize;
        Voxels = voxels;
    }

    /// <summary>Voxels along each side.</summary>
    public int Size { get; }

    /// <summary>Angstrom per voxel.</summary>
    public double PixelSize { get; }

    /// <summary>Length of a side, angstrom.</summary>
    public double BoxLength => Size * PixelSize;

    /// <summary>The values, x fastest, then y, then z.</summary>
    public float[] Voxels { get; }

    /// <summary>The voxels as a tensor [z, y, x], without a copy.</summary>
    /// <returns>A view of <see cref="Voxels"/>.</returns>
    public ReadOnlyTensorSpan<float> AsTensorSpan() => new(Voxels, [Size, Size, Size]);
}
