using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>Soft masks around clusters of Gaussians, ending where the solvent mask does.</summary>
internal sealed class PatchMasks(SolventMask solvent, PatchPartitionOptions options, ComputeOptions compute)
{
    /// <summary>Resolution at which a tight mask's cluster is rendered, angstrom, and in voxels if that is coarser.</summary>
    private const double TightResolution = 12;
    private const double TightVoxels = 5;

    /// <summary>Part of the peak density at which a tight mask begins, as for solvent masks.</summary>
    private const double TightLevel = 0.15;

    private readonly double _edge = options.SoftEdge ?? Math.Max(8, 4 * solvent.PixelSize);

    /// <summary>A sphere with a soft edge, wherever its centre is.</summary>
    public SolventMask Sphere((double X, double Y, double Z) centre, double radius)
    {
        int n = solvent.Size, half = n / 2;
        var pixel = solvent.PixelSize;
        var voxels = new float[n * n * n];
        Guarded.For(0, n, compute.Parallelism, z =>
        {
            for (int y = 0, i = z * n * n; y < n; y++)
            {
                for (var x = 0; x < n; x++, i++)
                {
                    double dx = ((x - half) * pixel) - centre.X, dy = ((y - half) * pixel) - centre.Y, dz = ((z - half) * pixel) - centre.Z;
                    voxels[i] = (float)MapFilters.Edge(Math.Sqrt((dx * dx) + (dy * dy) + (dz * dz)) - radius, _edge);
                }
            }
        });
        return SolventMasks.Intersect(new SolventMask(n, pixel, voxels), solvent);
    }

    /// <summary>The cluster rendered, low-passed, thresholded, extended by two voxels, with a soft edge.</summary>
    public SolventMask Tight(GaussianModel cluster)
    {
        var resolution = Math.Max(TightResolution, TightVoxels * solvent.PixelSize);
        var map = MapFilters.LowPass(RenderedMap.Of(cluster, 0.8 * resolution, compute, 1e-3), resolution, 2, compute);
        var sorted = map.Voxels.ToArray();
        Array.Sort(sorted);
        // The densest two thousandths tell the peak, not one voxel.
        var positive = sorted.Length - Math.Max(1, Array.FindIndex(sorted, v => v > 0));
        var peak = sorted[^Math.Max(1, positive / 500)];
        return SolventMasks.Intersect(
            SolventMasks.FromDensity(map, TightLevel * peak, Math.Max(4, 2 * solvent.PixelSize), _edge, compute), solvent);
    }
}
