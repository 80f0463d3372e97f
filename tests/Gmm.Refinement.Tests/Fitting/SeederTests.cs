using FsCheck;
using FsCheck.Xunit;
using Gmm.Core;

namespace Gmm.Refinement.Tests;

public class SeederTests
{
    [Property]
    public bool The_nearest_point_is_that_of_a_search_over_all(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var n = random.Next(1, 200);
        float[] x = Points(random, n), y = Points(random, n), z = Points(random, n);
        var grid = new CentreGrid(x, y, z, 0.5 + (5 * random.NextDouble()));
        for (var t = 0; t < 20; t++)
        {
            float px = 80 * (random.NextSingle() - 0.5f), py = 80 * (random.NextSingle() - 0.5f), pz = 80 * (random.NextSingle() - 0.5f);
            var expected = Enumerable.Range(0, n).MinBy(j => Distance2(x[j], y[j], z[j], px, py, pz));
            var (found, d2) = grid.Nearest(px, py, pz);
            if (found != expected || Math.Abs(d2 - Distance2(x[found], y[found], z[found], px, py, pz)) > 1e-3)
            {
                return false;
            }
        }

        return true;
    }

    [Fact]
    public void K_means_finds_separate_blobs()
    {
        // 27 blobs 16 angstrom apart: each must get its centre.
        var (x, y, z) = (new float[27], new float[27], new float[27]);
        for (var b = 0; b < 27; b++)
        {
            (x[b], y[b], z[b]) = (((b % 3) - 1) * 16f, ((b / 3 % 3) - 1) * 16f, ((b / 9) - 1) * 16f);
        }

        var ones = Enumerable.Repeat(1f, 27).ToArray();
        var map = RenderedMap.Of(new GaussianModel(x, y, z, ones, [.. ones.Select(_ => 2.5f)], 36, 2));
        var seeds = KMeansSeeder.Seed(VoxelCloud.Above(map), 27);
        for (var b = 0; b < 27; b++)
        {
            var nearest = Enumerable.Range(0, 27).Min(j => Distance2(seeds.X[j], seeds.Y[j], seeds.Z[j], x[b], y[b], z[b]));
            Assert.True(nearest < 0.2 * 0.2, $"blob {b}: {Math.Sqrt(nearest)} angstrom");
        }

        Assert.All(seeds.Density, d => Assert.Equal(seeds.Density[0], d, 0.05 * seeds.Density[0]));
    }

    [Fact]
    public void Centres_spread_evenly_over_a_uniform_volume()
    {
        // Dense packing has all neighbours at the distance d of N = sqrt(2) V / d^3, which no points can beat; random points have 0.49 of it.
        var cloud = VoxelCloud.Above(Uniform(40), 0.5);
        var distances = KMeansSeeder.NeighbourDistances(KMeansSeeder.Seed(cloud, 500));
        var packed = Math.Cbrt(Math.Sqrt(2) * cloud.Volume / 500);
        Assert.InRange(distances.Average(), 0.75 * packed, packed);
        Assert.True(distances.Min() > 0.45 * packed);
        Assert.Equal(500, GaussianCountEstimator.Estimate(cloud, packed));
    }

    [Fact]
    public void The_envelope_is_the_volume_of_the_molecule()
    {
        // 900 atoms fill a flattened ball of 4/3 pi 30 30 15 = 56,500 cubic angstrom, and half a resolution more all around.
        var model = FitTestData.Molecule(900, 30, 8);
        var cloud = VoxelCloud.InEnvelope(RenderedMap.Of(model, 5), RenderedMap.Of(model, 12));
        Assert.InRange(cloud.RegionVolume, 50_000, 75_000);
        Assert.True(cloud.Volume <= cloud.RegionVolume);
    }

    [Fact]
    public void The_weighted_squared_distance_is_near_that_of_plain_lloyd_rounds()
    {
        var map = FitTestData.Noisy(RenderedMap.Of(FitTestData.Molecule(300, 25, 1)), 0.02, 2);
        var cloud = VoxelCloud.Above(map, 0.1);
        var ours = Cost(cloud, KMeansSeeder.Seed(cloud, 60));
        var lloyd = Enumerable.Range(1, 3).Min(seed => Cost(cloud, Lloyd(cloud, 60, 30, seed)));
        Assert.True(ours < 1.05 * lloyd, $"{ours} against {lloyd}");
    }

    [Fact]
    public void Seeds_do_not_depend_on_the_number_of_threads()
    {
        var cloud = VoxelCloud.Above(FitTestData.Noisy(Uniform(32), 0.3, 1), 0.5);
        var one = KMeansSeeder.Seed(cloud, 700, new ComputeOptions { Threads = 1, Seed = 4 });
        var many = KMeansSeeder.Seed(cloud, 700, new ComputeOptions { Threads = 5, Seed = 4 });
        Assert.Equal([.. one.X, .. one.Y, .. one.Z, .. one.Density], new List<float>([.. many.X, .. many.Y, .. many.Z, .. many.Density]));
        var other = KMeansSeeder.Seed(cloud, 700, new ComputeOptions { Threads = 1, Seed = 5 });
        Assert.NotEqual(one.X, other.X);
    }

    [Fact]
    public void As_many_centres_as_voxels_take_one_each_and_more_are_refused()
    {
        var cloud = VoxelCloud.Above(Uniform(8), 0.5);
        var seeds = KMeansSeeder.Seed(cloud, cloud.Count, rounds: 2);
        Assert.Equal(cloud.Count, Enumerable.Range(0, seeds.Count).Select(j => (seeds.X[j], seeds.Y[j], seeds.Z[j])).Distinct().Count());
        Assert.Throws<InvalidInputException>(() => KMeansSeeder.Seed(cloud, cloud.Count + 1));
    }

    [Fact]
    public void A_map_without_density_is_refused_with_a_reason()
    {
        var error = Assert.Throws<InvalidInputException>(() => VoxelCloud.Above(new DensityMap(8, 1, new float[512])));
        Assert.Contains("no density", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Four_deviations_over_the_edge_is_the_default_threshold()
    {
        var voxels = new float[1000];
        Array.Fill(voxels, 2f);
        for (var i = 0; i < 10; i++)
        {
            voxels[444 + i] = 12;
        }

        // Ten voxels of 12 (two on the faces of the box) among 1000: sd 10 sqrt(0.01 * 0.99); edge mean a little over 2.
        var cloud = VoxelCloud.Above(new DensityMap(10, 1, voxels));
        var faces = Enumerable.Range(444, 10).Count(i => i % 10 is 0 or 9 || i / 10 % 10 is 0 or 9);
        Assert.Equal(2 + (10.0 * faces / 488) + (40 * Math.Sqrt(0.01 * 0.99)), cloud.Threshold, 1e-6);
        Assert.Equal(10, cloud.Count);
    }

    [Fact]
    public void Atoms_are_displaced_by_the_resolution_and_differently_in_each_half()
    {
        float[] x = new float[20000], y = new float[20000], z = new float[20000];
        Array.Fill(x, 7f);
        var half1 = AtomicSeeder.Seed(x, y, z, 4, half: 1);
        var half2 = AtomicSeeder.Seed(x, y, z, 4, half: 2);
        var rms = Math.Sqrt(Enumerable.Range(0, 20000).Average(j => (double)Distance2(half1.X[j], half1.Y[j], half1.Z[j], 7, 0, 0)));
        Assert.Equal(4, rms, 0.05);
        Assert.Equal(4 / Math.Sqrt(3), Math.Sqrt(half1.Z.Average(v => (double)v * v)), 0.05);
        var correlation = Enumerable.Range(0, 20000).Average(j => half1.Y[j] * half2.Y[j]) / (16.0 / 3);
        Assert.True(Math.Abs(correlation) < 0.04, $"{correlation}");
        Assert.Equal(half1.X, AtomicSeeder.Seed(x, y, z, 4, half: 1).X);
        Assert.Equal(30000, AtomicSeeder.Seed(x, y, z, 4, count: 30000).Count);
        Assert.Throws<InvalidInputException>(() => AtomicSeeder.Seed([], [], [], 4));
    }

    private static DensityMap Uniform(int size)
    {
        var voxels = new float[size * size * size];
        for (var i = 0; i < voxels.Length; i++)
        {
            int x = (i % size) - (size / 2), y = (i / size % size) - (size / 2), z = (i / size / size) - (size / 2);
            voxels[i] = (x * x) + (y * y) + (z * z) < size * size / 5 ? 1 : 0;
        }

        return new DensityMap(size, 1.5, voxels);
    }

    private static double Cost(VoxelCloud cloud, Seeds seeds)
    {
        double cost = 0;
        for (var i = 0; i < cloud.Count; i++)
        {
            cost += cloud.Weight[i] * Enumerable.Range(0, seeds.Count)
                .Min(j => Distance2(seeds.X[j], seeds.Y[j], seeds.Z[j], cloud.X[i], cloud.Y[i], cloud.Z[i]));
        }

        return cost;
    }

    /// <summary>Textbook K-means from random voxels.</summary>
    private static Seeds Lloyd(VoxelCloud cloud, int count, int rounds, int seed)
    {
        var random = new Random(seed);
        var seeds = new Seeds(count);
        for (var j = 0; j < count; j++)
        {
            var i = random.Next(cloud.Count);
            (seeds.X[j], seeds.Y[j], seeds.Z[j]) = (cloud.X[i], cloud.Y[i], cloud.Z[i]);
        }

        for (var round = 0; round < rounds; round++)
        {
            var sums = new double[4, count];
            for (var i = 0; i < cloud.Count; i++)
            {
                var j = Enumerable.Range(0, count).MinBy(c => Distance2(seeds.X[c], seeds.Y[c], seeds.Z[c], cloud.X[i], cloud.Y[i], cloud.Z[i]));
                double w = cloud.Weight[i];
                sums[0, j] += w;
                sums[1, j] += w * cloud.X[i];
                sums[2, j] += w * cloud.Y[i];
                sums[3, j] += w * cloud.Z[i];
            }

            for (var j = 0; j < count; j++)
            {
                if (sums[0, j] > 0)
                {
                    (seeds.X[j], seeds.Y[j], seeds.Z[j]) = (
                        (float)(sums[1, j] / sums[0, j]), (float)(sums[2, j] / sums[0, j]), (float)(sums[3, j] / sums[0, j]));
                }
            }
        }

        return seeds;
    }

    private static float Distance2(float x, float y, float z, float px, float py, float pz) =>
        ((x - px) * (x - px)) + ((y - py) * (y - py)) + ((z - pz) * (z - pz));

    private static float[] Points(Random random, int n) => [.. Enumerable.Range(0, n).Select(_ => 60 * (random.NextSingle() - 0.5f))];
}
