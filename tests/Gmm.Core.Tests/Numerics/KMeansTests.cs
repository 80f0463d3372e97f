using FsCheck;
using FsCheck.Xunit;
using Gmm.Testing;

namespace Gmm.Core.Tests;

public class KMeansTests
{
    [Property]
    public bool Every_point_is_with_its_nearest_centre_and_every_centre_is_the_mean_of_its_points(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        int d = random.Next(1, 5), n = random.Next(5, 60), k = random.Next(1, 5);
        double[] points = Values(random, n * d), weights = [.. Enumerable.Range(0, n).Select(_ => 0.1 + random.NextDouble())];
        var means = new KMeans(d, points, weights);
        if (means.StartSpread(k, random.NextDouble) != k)
        {
            return false;
        }

        means.Run(1000);
        double spread = 0;
        for (var i = 0; i < n; i++)
        {
            var distances = Enumerable.Range(0, k).Select(c => Distance2(points, i, means.Centres, c, d)).ToArray();
            if (means.Labels[i] != Array.IndexOf(distances, distances.Min()))
            {
                return false;
            }

            spread += weights[i] * distances.Min();
        }

        var centred = Enumerable.Range(0, k).All(c =>
        {
            int[] members = [.. Enumerable.Range(0, n).Where(i => means.Labels[i] == c)];
            return members.Length == 0 || Enumerable.Range(0, d).All(a =>
                Math.Abs((members.Sum(i => weights[i] * points[(i * d) + a]) / members.Sum(i => weights[i])) - means.Centres[(c * d) + a]) < 1e-12);
        });
        return centred && Math.Abs(spread - means.Spread) < 1e-10 && means.Sizes(0, n).Sum() == n;
    }

    [Fact]
    public void The_tightest_of_many_starts_is_the_best_of_all_divisions()
    {
        // Twelve points in two clusters: all 2^11 divisions are tried.
        var random = new Random(5);
        double[] points = Values(random, 24);
        var best = Enumerable.Range(0, 1 << 11).Min(mask => Enumerable.Range(0, 2).Sum(side =>
        {
            int[] members = [.. Enumerable.Range(0, 12).Where(i => ((mask >> i) & 1) == side)];
            return members.Length == 0 ? 0 : Enumerable.Range(0, 2).Sum(a =>
            {
                var mean = members.Average(i => points[(2 * i) + a]);
                return members.Sum(i => Math.Pow(points[(2 * i) + a] - mean, 2));
            });
        }));
        var means = new KMeans(2, points);
        var found = Enumerable.Range(0, 50).Min(_ =>
        {
            means.StartSpread(2, random.NextDouble);
            means.Run(100);
            return means.Spread;
        });
        Assert.Equal(best, found, 1e-12);
    }

    [Fact]
    public void Centres_with_a_symmetry_are_orbits_of_the_means_of_what_is_turned_back()
    {
        var random = new Random(6);
        var operators = SymmetryGroup.Parse("C3").Operators;
        var seeds = Values(random, 90);
        double[] points = [.. Enumerable.Range(0, 30).SelectMany(i => operators.SelectMany(o => Turned(o, seeds.AsSpan(3 * i, 3))))];
        var means = new KMeans(3, points, null, operators);
        Assert.Equal(6, means.StartSpread(6, random.NextDouble));
        means.Run(100);
        for (var orbit = 0; orbit < 2; orbit++)
        {
            var sum = new double[3];
            var members = 0;
            for (var i = 0; i < 90; i++)
            {
                if (means.Labels[i] / 3 == orbit)
                {
                    var back = Turned(operators[means.Labels[i] % 3].Transpose(), points.AsSpan(3 * i, 3));
                    sum = [.. sum.Zip(back, (a, b) => a + b)];
                    members++;
                }
            }

            for (var g = 0; g < 3; g++)
            {
                var expected = Turned(operators[g], sum.Select(s => s / members).ToArray());
                Assert.All(Enumerable.Range(0, 3), a => Assert.Equal(expected[a], means.Centres[(9 * orbit) + (3 * g) + a], 1e-12));
            }
        }
    }

    [Fact]
    public void Starts_are_different_points_as_far_as_there_are_any()
    {
        var means = new KMeans(1, [2, 2, 7, 2, 7]);
        Assert.Equal(2, means.StartSpread(3, () => 0.99));
        Assert.Equal([2.0, 7], means.Centres[..2].Order());

        // From 0 the farthest is 10, then 4.
        var far = new KMeans(1, [0, 1, 4, 10, 9]);
        far.StartFarthest(3, 0);
        Assert.Equal([0.0, 10, 4], far.Centres);
    }

    [Fact]
    public void A_cluster_that_has_no_points_keeps_its_centre()
    {
        var means = new KMeans(1, [0, 1, 2]) { Centres = [1, 50] };
        means.Run(10);
        Assert.Equal([1.0, 50], means.Centres);
        Assert.Equal([3, 0], means.Sizes(0, 3));
        Assert.Equal(2, means.Spread, 1e-12);
    }

    private static double[] Turned(Rotation o, ReadOnlySpan<double> p)
    {
        var (x, y, z) = o.Apply(p[0], p[1], p[2]);
        return [x, y, z];
    }

    private static double[] Values(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => Draw.Normal(random))];

    private static double Distance2(double[] points, int i, double[] centres, int c, int d) =>
        Enumerable.Range(0, d).Sum(a => Math.Pow(points[(i * d) + a] - centres[(c * d) + a], 2));
}
