using Gmm.Core;

namespace Gmm.Maps;

/// <summary>
/// Re-imposes a symmetry on a map of which one part was refined by itself: the part is turned onto all its places and averaged with the mask as its
/// weight; the consensus fills the rest (paper, Methods: the spike and the ABC transporter).
/// </summary>
/// <remarks>
/// With the focused map F, its mask m, the consensus C and the operators S: w = sum of m(S r), and the composite is
/// (sum of m(S r) F(S r) + max(0, 1 - w) C(r)) / max(1, w). Where one copy of the mask is 1 and no other reaches, it is the turned focused map; where none
/// reaches, it is the consensus; where soft edges meet, it is their weighted mean. Half maps are made each from its own half, never from the other.
/// Maps are read between voxels by a windowed sine of 12 voxels along each axis, in the mask only: good to 1e-3 up to 0.68 of Nyquist, and fading from there.
/// <example>
/// <code>
/// DensityMap composite = SymmetrizedComposite.Make(focusedHalf1, domainMask, SymmetryGroup.Parse("C3"), consensusHalf1, compute);
/// </code>
/// </example>
/// </remarks>
public static class SymmetrizedComposite
{
    /// <summary>Voxels on each side of a point that are read.</summary>
    private const int Reach = 6;

    /// <summary>Shape of the Kaiser window on the sine: the error is about equal in the passed band and outside it.</summary>
    private const double Beta = 6;

    /// <summary>A weight below this is none.</summary>
    private const double Least = 1e-4;

    /// <summary>Makes the composite of a focused map.</summary>
    /// <param name="focused">The map at the poses of one part.</param>
    /// <param name="mask">The part that those poses are right for, 0 to 1, of the same box.</param>
    /// <param name="symmetry">The group.</param>
    /// <param name="consensus">The map at the poses of the whole, with or without symmetry, of the same box.</param>
    /// <param name="compute">Threads; default options if null.</param>
    /// <param name="cancellationToken">Stops between planes.</param>
    /// <returns>The composite.</returns>
    /// <exception cref="InvalidInputException">Maps of different box or pixel size, or an empty mask.</exception>
    public static DensityMap Make(
        DensityMap focused,
        SolventMask mask,
        SymmetryGroup symmetry,
        DensityMap consensus,
        ComputeOptions? compute = null,
        CancellationToken cancellationToken = default) => Make([focused], [mask], symmetry, consensus, compute, cancellationToken);

    /// <summary>Makes the composite of several focused maps, each with its own mask; w is the sum over maps and operators.</summary>
    /// <param name="focused">The maps, each at the poses of one part.</param>
    /// <param name="masks">The part that each map's poses are right for, 0 to 1, of the same box.</param>
    /// <param name="symmetry">The group.</param>
    /// <param name="consensus">The map at the poses of the whole, with or without symmetry, of the same box.</param>
    /// <param name="compute">Threads; default options if null.</param>
    /// <param name="cancellationToken">Stops between planes.</param>
    /// <returns>The composite.</returns>
    /// <exception cref="InvalidInputException">Maps of different box or pixel size, or an empty mask.</exception>
    /// <exception cref="ArgumentException">Not one mask for each map.</exception>
    public static DensityMap Make(
        IReadOnlyList<DensityMap> focused,
        IReadOnlyList<SolventMask> masks,
        SymmetryGroup symmetry,
        DensityMap consensus,
        ComputeOptions? compute = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(focused);
        ArgumentNullException.ThrowIfNull(masks);
        ArgumentNullException.ThrowIfNull(consensus);
        Check(focused, masks, consensus);
        var n = consensus.Size;
        var result = new float[consensus.Voxels.Length];
        var parallel = (compute ?? new ComputeOptions()).StoppedBy(cancellationToken).Parallelism;
        Guarded.For(
            0,
            n,
            parallel,
            () => new double[3 * 2 * Reach],
            (z, _, taps) =>
            {
                for (var y = 0; y < n; y++)
                {
                    for (var x = 0; x < n; x++)
                    {
                        var i = (((z * n) + y) * n) + x;
                        result[i] = Voxel(focused, masks, symmetry, consensus, (x, y, z), taps);
                    }
                }

                return taps;
            },
            _ => { });
        return new DensityMap(n, consensus.PixelSize, result);
    }

    private static void Check(IReadOnlyList<DensityMap> focused, IReadOnlyList<SolventMask> masks, DensityMap consensus)
    {
        if (focused.Count != masks.Count)
        {
            throw new ArgumentException($"There are {focused.Count} maps and {masks.Count} masks.", nameof(masks));
        }

        for (var k = 0; k < masks.Count; k++)
        {
            MapChecks.SameGrid(focused[k], masks[k], "The map and its mask");
            MapChecks.SameGrid(focused[k], consensus, "The focused map and the consensus");
            if (!Array.Exists(masks[k].Voxels, v => v > 0.5f))
            {
                throw new InvalidInputException("The mask is empty: no voxel is over 0.5.");
            }
        }
    }

    private static float Voxel(
        IReadOnlyList<DensityMap> focused, IReadOnlyList<SolventMask> masks, SymmetryGroup symmetry, DensityMap consensus, (int X, int Y, int Z) at,
        double[] taps)
    {
        var (n, centre) = (consensus.Size, consensus.Size / 2);
        var i = (((at.Z * n) + at.Y) * n) + at.X;
        double sum = 0, weight = 0;
        for (var s = 0; s < symmetry.Order; s++)
        {
            var (x, y, z) = symmetry.Operators[s].Apply(at.X - centre, at.Y - centre, at.Z - centre);
            (x, y, z) = (x + centre, y + centre, z + centre);
            for (var k = 0; k < focused.Count; k++)
            {
                var w = Linear(masks[k], x, y, z);
                if (w > Least)
                {
                    // The first operator is the identity: no reading between voxels.
                    sum += w * (s == 0 ? focused[k].Voxels[i] : Between(focused[k], x, y, z, taps));
                    weight += w;
                }
            }
        }

        return (float)((sum + (Math.Max(0, 1 - weight) * consensus.Voxels[i])) / Math.Max(1, weight));
    }

    /// <summary>The mask between its voxels; 0 outside the box.</summary>
    private static double Linear(SolventMask mask, double x, double y, double z)
    {
        var n = mask.Size;
        int ix = (int)Math.Floor(x), iy = (int)Math.Floor(y), iz = (int)Math.Floor(z);
        var sum = 0.0;
        for (var corner = 0; corner < 8; corner++)
        {
            int cx = ix + (corner & 1), cy = iy + ((corner >> 1) & 1), cz = iz + (corner >> 2);
            if ((uint)cx < (uint)n && (uint)cy < (uint)n && (uint)cz < (uint)n)
            {
                sum += (1 - Math.Abs(x - cx)) * (1 - Math.Abs(y - cy)) * (1 - Math.Abs(z - cz)) * mask.Voxels[(((cz * n) + cy) * n) + cx];
            }
        }

        return sum;
    }

    /// <summary>The map between its voxels. Beyond the box it goes on as at its edge.</summary>
    private static double Between(DensityMap map, double x, double y, double z, double[] taps)
    {
        const int width = 2 * Reach;
        var n = map.Size;
        Span<double> kx = taps.AsSpan(0, width), ky = taps.AsSpan(width, width), kz = taps.AsSpan(2 * width, width);
        int ix = Fill(x, kx), iy = Fill(y, ky), iz = Fill(z, kz);
        var inside = ix >= 0 && ix + width <= n;
        var sum = 0.0;
        for (var dz = 0; dz < width; dz++)
        {
            var plane = Math.Clamp(iz + dz, 0, n - 1) * n;
            var ofPlane = 0.0;
            for (var dy = 0; dy < width; dy++)
            {
                var row = map.Voxels.AsSpan((plane + Math.Clamp(iy + dy, 0, n - 1)) * n, n);
                var ofRow = 0.0;
                for (var dx = 0; dx < width; dx++)
                {
                    ofRow += kx[dx] * row[inside ? ix + dx : Math.Clamp(ix + dx, 0, n - 1)];
                }

                ofPlane += ky[dy] * ofRow;
            }

            sum += kz[dz] * ofPlane;
        }

        return sum;
    }

    /// <summary>Weights of the voxels around a place, which add up to one; returns the first voxel.</summary>
    private static int Fill(double at, Span<double> weights)
    {
        var first = (int)Math.Floor(at) - Reach + 1;
        var total = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            var d = at - (first + i);
            var t = d / Reach;
            var sinc = Math.Abs(d) < 1e-9 ? 1 : Math.Sin(Math.PI * d) / (Math.PI * d);
            weights[i] = Math.Abs(t) >= 1 ? 0 : sinc * BesselI0(Beta * Math.Sqrt(1 - (t * t)));
            total += weights[i];
        }

        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] /= total;
        }

        return first;
    }

    private static double BesselI0(double x)
    {
        double sum = 1, term = 1, q = 0.25 * x * x;
        for (var k = 1; term > 1e-12 * sum; k++)
        {
            term *= q / ((double)k * k);
            sum += term;
        }

        return sum;
    }
}
