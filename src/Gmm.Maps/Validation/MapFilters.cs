using Gmm.Core;

namespace Gmm.Maps;

/// <summary>Filters of maps in Fourier space. A filtered half map is no longer a half map, so the result is a plain map.</summary>
public static class MapFilters
{
    /// <summary>Removes what is finer than a resolution, with a raised-cosine edge centred on it.</summary>
    /// <param name="map">The map.</param>
    /// <param name="resolution">Angstrom.</param>
    /// <param name="edgeShells">Width of the edge, Fourier voxels; 0 is a sharp cut.</param>
    /// <param name="compute">Threads; null for the defaults.</param>
    /// <returns>The filtered map.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A resolution that is not positive or a negative width.</exception>
    public static DensityMap LowPass(DensityMap map, double resolution, double edgeShells = 2, ComputeOptions? compute = null)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(resolution);
        ArgumentOutOfRangeException.ThrowIfNegative(edgeShells);
        return Apply(map, LowPassFactor(map.BoxLength, resolution, edgeShells), compute);
    }

    /// <summary>The factor of that filter at a radius in Fourier voxels.</summary>
    internal static Func<double, double> LowPassFactor(double boxLength, double resolution, double edgeShells)
    {
        var start = (boxLength / resolution) - (0.5 * edgeShells);
        return r => Edge(r - start, edgeShells);
    }

    /// <summary>Multiplies each shell by a factor, interpolated linearly between shells.</summary>
    /// <param name="map">The map.</param>
    /// <param name="factors">A factor for each shell from 0; beyond the last, zero.</param>
    /// <param name="compute">Threads; null for the defaults.</param>
    /// <returns>The filtered map.</returns>
    public static DensityMap ByShell(DensityMap map, IReadOnlyList<double> factors, ComputeOptions? compute = null)
    {
        ArgumentNullException.ThrowIfNull(map);
        return Apply(map, At, compute);

        double At(double r)
        {
            var s = (int)r;
            return s + 1 < factors.Count ? factors[s] + ((r - s) * (factors[s + 1] - factors[s]))
                : s < factors.Count && r - s < 0.5 ? factors[s] : 0;
        }
    }

    /// <summary>1 up to zero, then a raised cosine down to 0 over a width.</summary>
    internal static double Edge(double beyond, double width) =>
        beyond <= 0 ? 1 : beyond >= width ? 0 : 0.5 + (0.5 * Math.Cos(Math.PI * beyond / width));

    private static DensityMap Apply(DensityMap map, Func<double, double> factor, ComputeOptions? compute)
    {
        var s = MapSpectrum.Of(map.Voxels, map.Size, [], compute ?? new ComputeOptions());
        s.Scale(factor);
        return new DensityMap(map.Size, map.PixelSize, s.ToVoxels());
    }
}
