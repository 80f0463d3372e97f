using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// A map that poses are refined against in the first iterations of a refinement, in place of the half maps (<see cref="RefinementOptions"/>).
/// </summary>
public sealed record GivenReference
{
    /// <summary>Takes a map.</summary>
    /// <param name="map">The map, on the grid of the images, in their contrast: density positive.</param>
    /// <param name="resolution">The resolution that it is used to, angstrom.</param>
    /// <param name="iterations">In how many iterations, from the first.</param>
    /// <exception cref="ArgumentException">A resolution or a number of iterations that is not positive.</exception>
    public GivenReference(DensityMap map, double resolution, int iterations = 1)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(iterations);
        if (!(resolution > 0) || !double.IsFinite(resolution))
        {
            throw new ArgumentException($"A resolution must be positive, not {resolution}.", nameof(resolution));
        }

        (Map, Resolution, Iterations) = (map, resolution, iterations);
    }

    /// <summary>The map.</summary>
    public DensityMap Map { get; }

    /// <summary>The resolution that it is used to, angstrom.</summary>
    public double Resolution { get; }

    /// <summary>In how many iterations it is used, from the first.</summary>
    public int Iterations { get; }

    /// <summary>The map in the place of both half maps.</summary>
    internal HalfMapPair AsHalves(HalfMapPair maps)
    {
        HalfMap Half(int half) => new(Map.Size, Map.PixelSize, Map.Voxels.ToArray(), half);
        return maps with { Half1 = Half(1), Half2 = Half(2) };
    }
}
