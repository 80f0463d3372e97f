using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>
/// A map that poses are refined against in the first iterations of a refinement, in place of the half maps (<see cref="RefinementOptions"/>).
/// </summary>
public sealed record GivenReference
{
    /// <summary>
    /// Correlation with the particles' own map that a map in their frame has at least: at the limit of their resolution it is 0.5, and in another frame near 0.
    /// </summary>
    private const double LeastAgreement = 0.3;

    /// <summary>Where the own map shows no resolution, angstrom.</summary>
    private const double Coarse = 20;

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

    /// <summary>The file of the map, for messages; null for none.</summary>
    public string? Name { get; init; }

    /// <summary>Requires that the map shows what the particles' own does, which poses that are kept must be in the frame of.</summary>
    /// <exception cref="InvalidInputException">The two do not agree.</exception>
    internal void RequireFrame(DensityMap own, SolventMask mask, double? resolution, ComputeOptions compute)
    {
        var limit = Math.Max(Resolution, resolution ?? Coarse);
        var curve = FourierShellCorrelation.Between(own, Map, mask, compute);
        double sum = 0, weight = 0;
        for (var s = 1; s < curve.Count && curve.Frequency(s) * limit <= 1 + 1e-6; s++)
        {
            // By the number of coefficients: the first shells say where the molecule is, not how it lies.
            sum += (double)s * s * curve[s];
            weight += (double)s * s;
        }

        var agreement = sum / weight;
        if (weight > 0 && agreement < LeastAgreement)
        {
            throw new InvalidInputException(
                FormattableString.Invariant($"does not agree with the map of the particles at their poses (correlation {agreement:F2} to {limit:F1} A): ")
                    + "poses that are kept must be in its frame",
                Name);
        }
    }

    /// <summary>The map in the place of both half maps.</summary>
    internal HalfMapPair AsHalves(HalfMapPair maps)
    {
        HalfMap Half(int half) => new(Map.Size, Map.PixelSize, Map.Voxels.ToArray(), half);
        return maps with { Half1 = Half(1), Half2 = Half(2) };
    }
}
