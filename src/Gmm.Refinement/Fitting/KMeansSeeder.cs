using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>Density-weighted K-means over the voxels of a map: the places where Gaussians start (paper, Methods).</summary>
/// <remarks>
/// <para>The first centres are a stratified sample: voxels are put in the order of a space-filling (Morton) curve and picked at equal steps
/// of cumulated density, which spreads them evenly, so that a few Lloyd rounds are enough. The nearest centre is looked up in
/// a grid of cells: the cost is about 50 distances a voxel and round, whatever N. Results do not depend on the number of threads.</para>
/// <example><code>
/// var cloud = VoxelCloud.Above(halfMap);
/// Seeds seeds = KMeansSeeder.Seed(cloud, count: 8000);
/// </code></example>
/// </remarks>
internal static class KMeansSeeder
{
    /// <summary>Finds N centres.</summary>
    /// <param name="cloud">The voxels.</param>
    /// <param name="count">N, 1 to the number of voxels.</param>
    /// <param name="options">Threads and seed; all processors and seed 1 by default.</param>
    /// <param name="rounds">Lloyd rounds.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The centres, with the density that each one is nearest to.</returns>
    /// <exception cref="InvalidInputException">More centres than voxels.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static Seeds Seed(VoxelCloud cloud, int count, ComputeOptions? options = null, int rounds = 8, CancellationToken cancellationToken = default)
    {
        options = (options ?? new ComputeOptions()).StoppedBy(cancellationToken);
        options.Validate();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        if (count > cloud.Count)
        {
            throw new InvalidInputException($"{count} Gaussians are more than the {cloud.Count} voxels above the threshold {cloud.Threshold:g4}");
        }

        var seeds = Stratified(cloud, count, options.Seed);
        var labels = new int[cloud.Count];
        var distances = new float[cloud.Count];
        Array.Fill(labels, -1);
        for (var round = 0; ; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Assign(cloud, seeds, labels, distances, options.Parallelism);
            var empty = Update(cloud, seeds, labels, move: round < rounds);
            if (round >= rounds)
            {
                return seeds;
            }

            Reseed(cloud, seeds, empty, distances);
        }
    }

    /// <summary>Distance of each centre to its nearest neighbour, angstrom.</summary>
    /// <param name="seeds">The centres, two at least.</param>
    /// <returns>The distances.</returns>
    public static float[] NeighbourDistances(Seeds seeds)
    {
        var spacing = Spacing(seeds.X, seeds.Y, seeds.Z);
        var grid = new CentreGrid(seeds.X, seeds.Y, seeds.Z, spacing);
        var distances = new float[seeds.Count];
        for (var j = 0; j < distances.Length; j++)
        {
            distances[j] = MathF.Sqrt(grid.Nearest(seeds.X[j], seeds.Y[j], seeds.Z[j], without: j).Distance2);
        }

        return distances;
    }

    private static double Spacing(float[] x, float[] y, float[] z) =>
        Math.Max(1e-3, 0.5 * Math.Cbrt((double)(x.Max() - x.Min() + 1) * (y.Max() - y.Min() + 1) * (z.Max() - z.Min() + 1) / x.Length));

    private static Seeds Stratified(VoxelCloud cloud, int count, int seed)
    {
        var keys = new ulong[cloud.Count];
        var order = new int[cloud.Count];
        float lowX = cloud.X.Min(), lowY = cloud.Y.Min(), lowZ = cloud.Z.Min();
        for (var i = 0; i < keys.Length; i++)
        {
            ulong Step(float v, float low) => Spread((ulong)Math.Max(0, Math.Round((v - low) / cloud.PixelSize)));
            keys[i] = Step(cloud.X[i], lowX) | (Step(cloud.Y[i], lowY) << 1) | (Step(cloud.Z[i], lowZ) << 2);
            order[i] = i;
        }

        Array.Sort(keys, order);
        double total = 0;
        foreach (var w in cloud.Weight)
        {
            total += w;
        }

        // Where one voxel holds more than a step, the sample would take it twice; the next one is taken instead.
        var seeds = new Seeds(count);
        var random = new Random(seed);
        double sum = 0;
        var at = 0;
        for (var j = 0; j < count; j++)
        {
            var wanted = total * (j + random.NextDouble()) / count;
            while (at < order.Length - (count - j) && sum + cloud.Weight[order[at]] < wanted)
            {
                sum += cloud.Weight[order[at++]];
            }

            var i = order[at];
            sum += cloud.Weight[order[at++]];
            (seeds.X[j], seeds.Y[j], seeds.Z[j]) = (cloud.X[i], cloud.Y[i], cloud.Z[i]);
        }

        return seeds;
    }

    /// <summary>Puts two zero bits between the bits of a number below 2^21.</summary>
    private static ulong Spread(ulong v)
    {
        v &= 0x1fffff;
        v = (v | (v << 32)) & 0x1f00000000ffff;
        v = (v | (v << 16)) & 0x1f0000ff0000ff;
        v = (v | (v << 8)) & 0x100f00f00f00f00f;
        v = (v | (v << 4)) & 0x10c30c30c30c30c3;
        return (v | (v << 2)) & 0x1249249249249249;
    }

    private static void Assign(VoxelCloud cloud, Seeds seeds, int[] labels, float[] distances, ParallelOptions parallel)
    {
        var spacing = 0.9 * Math.Cbrt(cloud.Volume / seeds.Count);
        var grid = new CentreGrid(seeds.X, seeds.Y, seeds.Z, spacing);
        const int chunk = 4096;
        Guarded.For(0, (cloud.Count + chunk - 1) / chunk, parallel, c =>
        {
            for (var i = c * chunk; i < Math.Min(cloud.Count, (c + 1) * chunk); i++)
            {
                var bound = float.PositiveInfinity;
                if (labels[i] is >= 0 and var old)
                {
                    float dx = seeds.X[old] - cloud.X[i], dy = seeds.Y[old] - cloud.Y[i], dz = seeds.Z[old] - cloud.Z[i];
                    bound = (dx * dx) + (dy * dy) + (dz * dz);
                }

                (labels[i], distances[i]) = grid.Nearest(cloud.X[i], cloud.Y[i], cloud.Z[i], bound);
            }
        });
    }

    private static List<int> Update(VoxelCloud cloud, Seeds seeds, int[] labels, bool move)
    {
        var sums = new double[4 * seeds.Count];
        for (var i = 0; i < labels.Length; i++)
        {
            var o = 4 * labels[i];
            double w = cloud.Weight[i];
            sums[o] += w;
            sums[o + 1] += w * cloud.X[i];
            sums[o + 2] += w * cloud.Y[i];
            sums[o + 3] += w * cloud.Z[i];
        }

        var empty = new List<int>();
        for (var j = 0; j < seeds.Count; j++)
        {
            var w = sums[4 * j];
            seeds.Density[j] = (float)w;
            if (w <= 0)
            {
                empty.Add(j);
            }
            else if (move)
            {
                seeds.X[j] = (float)(sums[(4 * j) + 1] / w);
                seeds.Y[j] = (float)(sums[(4 * j) + 2] / w);
                seeds.Z[j] = (float)(sums[(4 * j) + 3] / w);
            }
        }

        return empty;
    }

    private static void Reseed(VoxelCloud cloud, Seeds seeds, List<int> empty, float[] distances)
    {
        if (empty.Count == 0)
        {
            return;
        }

        // The voxels that cost most: far from every centre, with much density.
        var cost = new float[cloud.Count];
        var order = new int[cloud.Count];
        for (var i = 0; i < cost.Length; i++)
        {
            cost[i] = -cloud.Weight[i] * distances[i];
            order[i] = i;
        }

        Array.Sort(cost, order);
        for (var e = 0; e < empty.Count; e++)
        {
            var (j, i) = (empty[e], order[e]);
            (seeds.X[j], seeds.Y[j], seeds.Z[j]) = (cloud.X[i], cloud.Y[i], cloud.Z[i]);
        }
    }
}
