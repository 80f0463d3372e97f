namespace Gmm.Core;

/// <summary>A soft mask, 1 inside and 0 outside, on the voxels of the maps it belongs to.</summary>
public sealed class SolventMask : DensityMap
{
    /// <summary>Makes a mask on given voxels, which are kept, not copied.</summary>
    /// <param name="size">Voxels along each side.</param>
    /// <param name="pixelSize">Angstrom per voxel.</param>
    /// <param name="voxels">size^3 values from 0 to 1, x fastest.</param>
    /// <exception cref="ArgumentException">The voxels do not fit the size, are outside [0, 1], or all 0.</exception>
    public SolventMask(int size, double pixelSize, float[] voxels)
        : base(size, pixelSize, voxels)
    {
        ArgumentNullException.ThrowIfNull(voxels);
        float max = 0;
        foreach (var v in voxels)
        {
            if (!(v >= -1e-3f && v <= 1.001f))
            {
                throw new ArgumentException($"A mask has values from 0 to 1, not {v}.", nameof(voxels));
            }

            max = Math.Max(max, v);
        }

        if (max <= 0)
        {
            throw new ArgumentException("The mask is empty: every value is 0.", nameof(voxels));
        }
    }
}
