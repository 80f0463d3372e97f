namespace Gmm.Core;

/// <summary>Two half maps, made from different particles.</summary>
/// <param name="Half1">Map of the particles of half 1.</param>
/// <param name="Half2">Map of the particles of half 2.</param>
/// <param name="Count1">Particles in half 1.</param>
/// <param name="Count2">Particles in half 2.</param>
public sealed record HalfMapPair(HalfMap Half1, HalfMap Half2, int Count1, int Count2)
{
    /// <summary>The mean of the two, voxel by voxel, as RELION's post-processing makes it; computed at each call.</summary>
    /// <returns>The map of all particles.</returns>
    public DensityMap Mean()
    {
        float[] a = Half1.Voxels, b = Half2.Voxels, mean = new float[Half1.Voxels.Length];
        for (var i = 0; i < mean.Length; i++)
        {
            mean[i] = 0.5f * (a[i] + b[i]);
        }

        return new DensityMap(Half1.Size, Half1.PixelSize, mean);
    }

    /// <summary>Two maps with the numbers of particles of their halves in a list.</summary>
    internal static HalfMapPair Of(HalfMap half1, HalfMap half2, IReadOnlyList<Particle> particles) =>
        new(half1, half2, particles.Count(p => p.Half == 1 && p.Weight > 0), particles.Count(p => p.Half == 2 && p.Weight > 0));
}
