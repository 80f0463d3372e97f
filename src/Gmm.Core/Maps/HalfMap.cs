namespace Gmm.Core;

/// <summary>A map reconstructed from the particle images of one half set, unfiltered and unmasked. Two of them make a gold-standard FSC.</summary>
public sealed class HalfMap : DensityMap
{
    /// <summary>Makes a half map on given voxels, which are kept, not copied.</summary>
    /// <param name="size">Voxels along each side.</param>
    /// <param name="pixelSize">Angstrom per voxel.</param>
    /// <param name="voxels">size^3 values, x fastest.</param>
    /// <param name="half">The half set, 1 or 2.</param>
    /// <exception cref="ArgumentException">The voxels do not fit the size, or the half is not 1 or 2.</exception>
    public HalfMap(int size, double pixelSize, float[] voxels, int half)
        : base(size, pixelSize, voxels)
    {
        if (half is not (1 or 2))
        {
            throw new ArgumentException("A half is 1 or 2.", nameof(half));
        }

        Half = half;
    }

    /// <summary>The half set, 1 or 2.</summary>
    public int Half { get; }
}
