namespace Gmm.Core;

/// <summary>A map rendered from a model (Gaussians or atoms). It can be compared with a map, but never enters a gold-standard FSC.</summary>
/// <param name="size">Voxels along each side.</param>
/// <param name="pixelSize">Angstrom per voxel.</param>
/// <param name="voxels">size^3 values, x fastest; kept, not copied.</param>
public sealed class RenderedMap(int size, double pixelSize, float[] voxels) : DensityMap(size, pixelSize, voxels)
{
}
