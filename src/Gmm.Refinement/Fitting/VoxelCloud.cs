using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>The voxels of a map that hold structure: places in angstrom from the box centre, and their density as weights.</summary>
public sealed class VoxelCloud
{
    private VoxelCloud(float[] x, float[] y, float[] z, float[] weight, double pixelSize, double threshold)
    {
        (X, Y, Z, Weight, PixelSize, Threshold) = (x, y, z, weight, pixelSize, threshold);
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

    /// <summary>The threshold used.</summary>
    public double Threshold { get; }

    /// <summary>Number of voxels.</summary>
    public int Count => X.Length;

    /// <summary>Volume of the voxels, cubic angstrom.</summary>
    public double Volume => Count * Math.Pow(PixelSize, 3);

    /// <summary>Takes the voxels above a threshold.</summary>
    /// <param name="map">The map.</param>
    /// <param name="mask">A mask (its voxels over 0.5 are used), or none.</param>
    /// <param name="threshold">
    /// Density; where not given, 4 standard deviations over the mean of the map's edge, the rule of the published program
    /// (method.md 5.1), or Otsu's threshold of the region's positive density where that is lower: in a tight box the particle
    /// itself makes the deviation large.
    /// </param>
    /// <returns>The cloud.</returns>
    /// <exception cref="InvalidInputException">Another size of mask, or fewer than 8 voxels above the threshold.</exception>
    public static VoxelCloud Of(DensityMap map, SolventMask? mask = null, double? threshold = null)
    {
        if (mask is not null && mask.Size != map.Size)
        {
            throw new InvalidInputException($"the mask has {mask.Size} voxels a side, the map {map.Size}");
        }

        var inside = Region(map, mask);
        var limit = threshold ?? Math.Min(FourDeviations(map), Otsu(map, inside));
        var (x, y, z, weight) = (new List<float>(), new List<float>(), new List<float>(), new List<float>());
        int n = map.Size, half = n / 2;
        for (var i = 0; i < map.Voxels.Length; i++)
        {
            var v = map.Voxels[i];
            if (inside[i] && v > limit && v > 0)
            {
                x.Add((float)(((i % n) - half) * map.PixelSize));
                y.Add((float)(((i / n % n) - half) * map.PixelSize));
                z.Add((float)(((i / n / n) - half) * map.PixelSize));
                weight.Add(v);
            }
        }

        if (x.Count < 8)
        {
            throw new InvalidInputException($"only {x.Count} voxels of the map are above {limit:g4}: no density to place Gaussians in");
        }

        return new VoxelCloud([.. x], [.. y], [.. z], [.. weight], map.PixelSize, limit);
    }

    private static bool[] Region(DensityMap map, SolventMask? mask)
    {
        var inside = new bool[map.Voxels.Length];
        int n = map.Size, half = n / 2;
        for (var i = 0; i < inside.Length; i++)
        {
            int x = (i % n) - half, y = (i / n % n) - half, z = (i / n / n) - half;
            inside[i] = mask is null ? (x * x) + (y * y) + (z * z) <= half * half : mask.Voxels[i] > 0.5f;
        }

        return inside;
    }

    private static double FourDeviations(DensityMap map)
    {
        double sum = 0, squares = 0, edge = 0;
        long edges = 0;
        var n = map.Size;
        for (var i = 0; i < map.Voxels.Length; i++)
        {
            double v = map.Voxels[i];
            sum += v;
            squares += v * v;
            int x = i % n, y = i / n % n, z = i / n / n;
            if (x == 0 || y == 0 || z == 0 || x == n - 1 || y == n - 1 || z == n - 1)
            {
                edge += v;
                edges++;
            }
        }

        var count = (double)map.Voxels.Length;
        return (edge / edges) + (4 * Math.Sqrt(Math.Max(0, (squares / count) - (sum * sum / count / count))));
    }

    /// <summary>Otsu's threshold (IEEE Trans. SMC 9, 62, 1979) of the region's voxels.</summary>
    private static double Otsu(DensityMap map, bool[] inside)
    {
        const int bins = 512;
        double max = 0;
        for (var i = 0; i < inside.Length; i++)
        {
            max = inside[i] ? Math.Max(max, map.Voxels[i]) : max;
        }

        var histogram = new double[bins];
        double total = 0, moment = 0;
        for (var i = 0; i < inside.Length; i++)
        {
            if (inside[i])
            {
                var bin = Math.Clamp((int)(map.Voxels[i] / max * bins), 0, bins - 1);
                histogram[bin]++;
                total++;
                moment += bin;
            }
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
