using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>The voxels of a map that hold structure: places in angstrom from the box centre, and their density as weights.</summary>
internal sealed class VoxelCloud
{
    private VoxelCloud(float[] x, float[] y, float[] z, float[] weight, double pixelSize, double threshold, long region)
    {
        (X, Y, Z, Weight, PixelSize, Threshold) = (x, y, z, weight, pixelSize, threshold);
        RegionVolume = region * Math.Pow(pixelSize, 3);
    }

    /// <summary>X of the voxels, angstrom from the box centre.</summary>
    public float[] X { get; }

    /// <summary>Y of the voxels.</summary>
    public float[] Y { get; }

    /// <summary>Z of the voxels.</summary>
    public float[] Z { get; }

    /// <summary>Density of the voxels, positive.</summary>
    public float[] Weight { get; }

    /// <summary>Angstrom per voxel.</summary>
    public double PixelSize { get; }

    /// <summary>The density above which voxels were taken.</summary>
    public double Threshold { get; }

    /// <summary>Number of voxels.</summary>
    public int Count => X.Length;

    /// <summary>Volume of the voxels, cubic angstrom.</summary>
    public double Volume => Count * Math.Pow(PixelSize, 3);

    /// <summary>Volume of the envelope, with its voxels of no density; without an envelope that of the voxels. Cubic angstrom.</summary>
    public double RegionVolume { get; }

    /// <summary>Takes the voxels above a threshold.</summary>
    /// <param name="map">The map.</param>
    /// <param name="threshold">
    /// Density; where not given, 4 standard deviations over the mean of the map's edge, the rule of the published program (EMAN2 e2gmm_refine_iter).
    /// </param>
    /// <param name="mask">A mask (its voxels over 0.5 are used), or none.</param>
    /// <returns>The cloud.</returns>
    /// <exception cref="InvalidInputException">Another size of mask, or fewer than 8 voxels above the threshold.</exception>
    public static VoxelCloud Above(DensityMap map, double? threshold = null, SolventMask? mask = null)
    {
        if (mask is not null && mask.Size != map.Size)
        {
            throw new InvalidInputException($"the mask has {mask.Size} voxels a side, the map {map.Size}");
        }

        return Select(map, threshold ?? FourDeviations(map), mask?.Voxels ?? [], 0.5, envelope: false);
    }

    /// <summary>
    /// Takes the voxels of positive density inside the molecule's envelope: where a copy of the map filtered to a low resolution is
    /// above Otsu's threshold. Unlike a threshold on the map itself it is the molecule's volume at any resolution and contrast.
    /// </summary>
    /// <param name="map">The map.</param>
    /// <param name="filtered">The filtered copy.</param>
    /// <returns>The cloud.</returns>
    /// <exception cref="InvalidInputException">Fewer than 8 voxels in the envelope.</exception>
    public static VoxelCloud InEnvelope(DensityMap map, DensityMap filtered)
    {
        if (filtered.Size != map.Size)
        {
            throw new InvalidInputException($"the filtered map has {filtered.Size} voxels a side, the map {map.Size}");
        }

        var limit = Otsu(filtered);
        return Select(map, 0, filtered.Voxels, limit, envelope: true);
    }

    private static VoxelCloud Select(DensityMap map, double threshold, ReadOnlySpan<float> region, double regionThreshold, bool envelope)
    {
        var (x, y, z, weight) = (new List<float>(), new List<float>(), new List<float>(), new List<float>());
        int n = map.Size, half = n / 2;
        long inside = 0;
        for (var i = 0; i < map.Voxels.Length; i++)
        {
            var v = map.Voxels[i];
            if (!region.IsEmpty && !(region[i] > regionThreshold))
            {
                continue;
            }

            inside++;
            if (v > threshold && v > 0)
            {
                x.Add((float)(((i % n) - half) * map.PixelSize));
                y.Add((float)(((i / n % n) - half) * map.PixelSize));
                z.Add((float)(((i / n / n) - half) * map.PixelSize));
                weight.Add(v);
            }
        }

        if (x.Count < 8)
        {
            throw new InvalidInputException($"only {x.Count} voxels of the map are above {threshold:g4}: no density to place Gaussians in");
        }

        return new VoxelCloud([.. x], [.. y], [.. z], [.. weight], map.PixelSize, threshold, envelope ? inside : x.Count);
    }

    private static double FourDeviations(DensityMap map)
    {
        double sum = 0, squares = 0, edge = 0;
        long edges = 0;
        var n = map.Size;
        for (var row = 0; row < n * n; row++)
        {
            var outer = row < n || row >= n * (n - 1) || row % n == 0 || row % n == n - 1;
            for (var x = 0; x < n; x++)
            {
                double v = map.Voxels[(row * n) + x];
                sum += v;
                squares += v * v;
                if (outer || x == 0 || x == n - 1)
                {
                    edge += v;
                    edges++;
                }
            }
        }

        var count = (double)map.Voxels.Length;
        return (edge / edges) + (4 * Math.Sqrt(Math.Max(0, (squares / count) - (sum * sum / count / count))));
    }

    /// <summary>Otsu's threshold (IEEE Trans. SMC 9, 62, 1979); negative density counts as 0.</summary>
    private static double Otsu(DensityMap map)
    {
        const int bins = 512;
        double max = System.Numerics.Tensors.TensorPrimitives.Max<float>(map.Voxels);
        var histogram = new double[bins];
        double total = map.Voxels.Length, moment = 0;
        foreach (var v in map.Voxels)
        {
            var bin = v > 0 ? Math.Min((int)(v / max * bins), bins - 1) : 0;
            histogram[bin]++;
            moment += bin;
        }

        double below = 0, belowMoment = 0, best = -1;
        var threshold = 0;
        for (var t = 0; t < bins - 1; t++)
        {
            below += histogram[t];
            belowMoment += histogram[t] * t;
            if (below == 0 || below == total)
            {
                continue;
            }

            var spread = Math.Pow((moment * below / total) - belowMoment, 2) / (below * (total - below));
            if (spread > best)
            {
                (best, threshold) = (spread, t + 1);
            }
        }

        return max * threshold / bins;
    }
}
