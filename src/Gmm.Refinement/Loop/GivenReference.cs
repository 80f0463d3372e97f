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

    /// <summary>By how much more a mirror image agrees with the particles' own map where the map is taken for one of the other hand.</summary>
    private const double ClearlyMore = 0.15;

    /// <summary>
    /// Whether a mirror image of the map, in its place, agrees with the particles' own map at their poses and the map itself does not. Images tell no hand, but
    /// poses and a map do of each other.
    /// </summary>
    /// <returns>What is wrong, in a sentence; null for nothing.</returns>
    internal string? HandWarning(DensityMap own, SolventMask mask, double? resolution, ComputeOptions compute)
    {
        var limit = Limit(resolution);
        var (agreement, mirrored) = (Agreement(own, Map, mask, limit, compute), Mirrored(own, mask, limit, compute));
        return mirrored > Math.Max(agreement + ClearlyMore, LeastAgreement)
            ? $"{Name ?? "the reference"}: its mirror image agrees with the map of the particles at their poses better than it does "
                + FormattableString.Invariant($"(correlation {mirrored:F2} and {agreement:F2} to {limit:F1} A): it seems to be of the other hand than the ")
                + "poses; mirror it, or take poses of its hand"
            : null;
    }

    /// <summary>Requires that the map shows what the particles' own does, which poses that are kept must be in the frame of.</summary>
    /// <exception cref="InvalidInputException">The two do not agree.</exception>
    internal void RequireFrame(DensityMap own, SolventMask mask, double? resolution, ComputeOptions compute)
    {
        var limit = Limit(resolution);
        var agreement = Agreement(own, Map, mask, limit, compute);
        if (agreement < LeastAgreement)
        {
            var mirrored = Mirrored(own, mask, limit, compute);
            throw new InvalidInputException(
                FormattableString.Invariant($"does not agree with the map of the particles at their poses (correlation {agreement:F2} to {limit:F1} A): ")
                    + "poses that are kept must be in its frame"
                    + (mirrored > LeastAgreement
                        ? FormattableString.Invariant($"; its mirror image does ({mirrored:F2}): it is of the other hand")
                        : string.Empty),
                Name);
        }
    }

    private double Limit(double? resolution) => Math.Max(Resolution, resolution ?? Coarse);

    /// <summary>Correlation of two maps to a resolution; NaN where that is no shell.</summary>
    private static double Agreement(DensityMap own, DensityMap map, SolventMask mask, double limit, ComputeOptions compute)
    {
        var curve = FourierShellCorrelation.Between(own, map, mask, compute);
        double sum = 0, weight = 0;
        for (var s = 1; s < curve.Count && curve.Frequency(s) * limit <= 1 + 1e-6; s++)
        {
            // By the number of coefficients: the first shells say where the molecule is, not how it lies.
            sum += (double)s * s * curve[s];
            weight += (double)s * s;
        }

        return sum / weight;
    }

    /// <summary>The best agreement of a map that is mirrored in its place: along an axis, as programs do it, or through the centre.</summary>
    private double Mirrored(DensityMap own, SolventMask mask, double limit, ComputeOptions compute) =>
        new[] { (true, false, false), (false, true, false), (false, false, true), (true, true, true) }
            .Max(m => Agreement(own, Flip(Map, m.Item1, m.Item2, m.Item3), mask, limit, compute));

    /// <summary>A map mirrored about its centre voxel along some of its axes.</summary>
    private static DensityMap Flip(DensityMap map, bool x, bool y, bool z)
    {
        var n = map.Size;
        var flipped = new float[map.Voxels.Length];
        int Of(int i, bool flip) => flip ? (n - i) % n : i;
        for (var k = 0; k < n; k++)
        {
            for (var j = 0; j < n; j++)
            {
                int row = ((k * n) + j) * n, from = ((Of(k, z) * n) + Of(j, y)) * n;
                for (var i = 0; i < n; i++)
                {
                    flipped[row + i] = map.Voxels[from + Of(i, x)];
                }
            }
        }

        return new DensityMap(n, map.PixelSize, flipped);
    }

    /// <summary>The map in the place of a half map.</summary>
    internal HalfMap AsHalf() => new(Map.Size, Map.PixelSize, Map.Voxels.ToArray(), 1);
}
