using FsCheck;
using FsCheck.Xunit;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Heterogeneity.Tests;

/// <summary>Components, trajectories, clusters and the match of halves, on latent points and decoders that are made here.</summary>
public class LandscapeTests
{
    private static readonly GaussianModel Body = MadeDecoder.Ball(200, 30, (0, 0, 0), 215, 21);

    [Fact]
    public void Components_are_those_of_the_motion_whatever_the_latent_space_is_stretched_to()
    {
        // Latent coordinate 1 varies much and moves little; coordinate 2 the other way.
        var decoder = Shifts([(0.1, 0, 0), (0, 5, 0)]);
        var points = Normal(400, 3, [4.0, 1.0]);
        var components = LatentComponents.Of(points, LatentComponents.MetricOf(decoder, points));
        double Variance(int k) => points.Average(p => Math.Pow(p[k] - points.Average(q => (double)q[k]), 2));
        Assert.Equal(25 * Variance(1), components.Variances[0], 0.3);
        Assert.Equal(0.01 * Variance(0), components.Variances[1], 0.02);
        Assert.InRange(components.Shares[0], 0.985, 1);
        Assert.Equal(1, components.Shares.Sum(), 1e-12);

        // A score is the root mean square movement from the mean point, in angstrom.
        var there = components.Point([7.0]);
        ModelDeformation a = new(Body.Count), b = new(Body.Count);
        decoder.Decode(there, a);
        decoder.Decode(components.Point([]), b);
        Assert.Equal(7, Math.Sqrt(Enumerable.Range(0, Body.Count).Average(j => Math.Pow(a.X[j] - b.X[j], 2) + Math.Pow(a.Y[j] - b.Y[j], 2))), 1e-3);
    }

    [Property]
    public bool Scores_and_points_are_each_others_inverse(DoNotSize<int> seed)
    {
        var random = new SeededGenerator(seed.Item, 1, 0);
        var points = Enumerable.Range(0, 30).Select(_ => new[] { (float)random.Normal(), (float)random.Normal(), (float)random.Normal() }).ToArray();
        var metric = new double[9];
        for (var v = 0; v < 4; v++)
        {
            double[] column = [random.Normal(), random.Normal(), random.Normal()];
            for (var k = 0; k < 9; k++)
            {
                metric[k] += column[k / 3] * column[k % 3];
            }
        }

        var components = LatentComponents.Of(points, metric);
        var back = components.Point(components.Scores(points[5]));
        var scores = points.Select(p => components.Scores(p)).ToArray();
        var uncorrelated = Math.Abs(scores.Average(s => s[0] * s[1])) < 1e-6 * (1 + components.Variances[0]);
        return back.Zip(points[5]).All(p => Math.Abs(p.First - p.Second) < 1e-3) && uncorrelated
            && Math.Abs(scores.Average(s => s[2] * s[2]) - components.Variances[2]) < 1e-6;
    }

    [Fact]
    public void Half_two_is_put_in_order_and_given_signs_by_its_motion()
    {
        var other = MadeDecoder.Ball(180, 30, (0, 0, 0), 215, 22);
        var first = Half(Body, Shifts([(3, 0, 0), (0, 2.5, 0), (0, 0, 1)]), 1, [1, 1, 1]);

        // The same motions in another order, two with the sign turned, and other sizes.
        var second = Half(other, Shifts([(0, 0, -1.5), (0, -2.4, 0), (2.2, 0, 0)], other), 2, [1, 1, 1]).MatchedTo(first);
        Assert.All(second.Matches, m => Assert.InRange(m, 0.95, 1));
        for (var k = 0; k < 3; k++)
        {
            var scores = new double[3];
            scores[k] = 1;
            ModelDeformation a = first.Decode(first.Components.Point(scores)), b = second.Decode(second.Components.Point(scores));
            ModelDeformation a0 = first.Decode(first.Components.Point([])), b0 = second.Decode(second.Components.Point([]));
            double[] x = [a.X[0] - a0.X[0], a.Y[0] - a0.Y[0], a.Z[0] - a0.Z[0]], y = [b.X[0] - b0.X[0], b.Y[0] - b0.Y[0], b.Z[0] - b0.Z[0]];
            Assert.InRange(x.Zip(y).Sum(p => p.First * p.Second), 0.8, 1.1);
        }
    }

    [Fact]
    public void A_row_follows_a_bent_cloud_unless_it_is_told_to_be_straight()
    {
        var random = new SeededGenerator(5, 2, 0);
        var points = Enumerable.Range(0, 2000).Select(_ =>
        {
            var t = (4 * random.Uniform()) - 2;
            return new[] { (float)(2 * t), (float)((t * t) + (0.1 * random.Normal())) };
        }).ToArray();
        var components = LatentComponents.Of(points);
        var row = LatentTrajectory.Along(components, points, 0, 9);
        Assert.All(row, p => Assert.InRange(p[1] - (p[0] * p[0] / 4), -0.45, 0.45));
        var straight = LatentTrajectory.Along(components, points, 0, 9, straight: true);
        Assert.True(Math.Abs(straight[4][1] - (straight[4][0] * straight[4][0] / 4)) > 0.8);

        // Ends at the quantiles of the scores, evenly spaced.
        var scores = points.Select(p => components.Scores(p)[0]).Order().ToArray();
        var at = row.Select(p => components.Scores(p)[0]).ToArray();
        Assert.Equal(scores[20], at[0], 0.02);
        Assert.Equal(scores[1979], at[^1], 0.02);
        Assert.All(Enumerable.Range(1, 8), i => Assert.Equal((at[^1] - at[0]) / 8, at[i] - at[i - 1], 1e-4));
    }

    [Fact]
    public void A_circle_reaches_the_quantiles_and_points_come_from_a_file()
    {
        var points = Normal(500, 7, [2.0, 1.0]);
        var components = LatentComponents.Of(points);
        var circle = LatentTrajectory.Circle(components, points, 0, 1, 4).Select(p => components.Scores(p)).ToArray();
        var highest = points.Select(p => components.Scores(p)[0]).Order().ElementAt(494);
        Assert.Equal(highest, circle[0][0], 1e-4);
        Assert.Equal(circle[0][1], circle[2][1], 1e-4);

        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "# two points\n1.5 -2\n\n0,3 # here\n");
            Assert.Equal([[1.5f, -2], [0, 3]], LatentTrajectory.Read(file, 2));
            Assert.Contains("row 2", Assert.Throws<InvalidInputException>(() => LatentTrajectory.Read(file, 3)).Message, StringComparison.Ordinal);
            File.WriteAllText(file, "1 x\n");
            Assert.Contains("\"x\"", Assert.Throws<InvalidInputException>(() => LatentTrajectory.Read(file, 2)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }

        Assert.Contains(
            "no component 3", Assert.Throws<InvalidInputException>(() => LatentTrajectory.Along(components, points, 2, 4)).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => LatentTrajectory.Circle(components, points, 1, 1, 4));
    }

    [Fact]
    public void Clusters_are_found_whole_and_the_same_with_the_same_seed()
    {
        var random = new SeededGenerator(8, 3, 0);
        (double X, double Y)[] centres = [(-5, 0), (0, 4), (6, -1)];
        var points = Enumerable.Range(0, 600).Select(i => new[] { centres[i % 3].X + random.Normal(), centres[i % 3].Y + random.Normal() }).ToArray();
        var found = LatentClusters.Find(points, 3, 1);
        Assert.Equal(600, found.Sizes.Sum());
        Assert.InRange(Enumerable.Range(0, 600).Count(i => found.Labels[i] == i % 3), 590, 600);
        Assert.Equal(found.Labels, LatentClusters.Find(points, 3, 1).Labels);
        Assert.All(Enumerable.Range(0, 600), i => Assert.Equal(found.Labels[i], found.Nearest(points[i])));

        // The other half has the same three in mirror image, so its own order is the other way round.
        var mirrored = LatentClusters.Find([.. points.Select(p => new[] { p[0] + 0.5, p[1] - 0.5 })], 3, 2);
        var turned = LatentClusters.Find([.. points.Select(p => new[] { p[1], p[0] })], 3, 2);
        Assert.Equal(found.Labels, mirrored.NumberedLike(found).Labels);
        Assert.Equal(3, turned.NumberedLike(found).Labels.Distinct().Count());
        Assert.Contains("only 1", Assert.Throws<InvalidInputException>(() => LatentClusters.Find([[1.0], [1.0]], 2, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_nearest_particles_are_those_between_which_least_moves()
    {
        var half = Half(Body, Shifts([(0.1, 0, 0), (0, 5, 0), (0, 0, 0.2)]), 1, [1, 1, 1]);
        var place = half.Scores[17];
        var near = half.NearestTo(place, 10);
        Assert.Equal(17, near[0]);
        double Far(int i) => half.Scores[i].Zip(place).Sum(p => Math.Pow(p.First - p.Second, 2));
        Assert.True(near.Max(Far) <= Enumerable.Range(0, half.Scores.Count).Except(near).Min(Far));
        Assert.Equal(half.Scores.Count, half.NearestTo(place, 100_000).Length);
    }

    private static float[][] Normal(int count, int seed, double[] deviations)
    {
        var random = new SeededGenerator(seed, 9, 0);
        return [.. Enumerable.Range(0, count).Select(_ => deviations.Select(d => (float)(d * random.Normal())).ToArray())];
    }

    /// <summary>A decoder whose coordinates each shift the whole, in proportion.</summary>
    private static MadeDecoder Shifts((double X, double Y, double Z)[] shifts, GaussianModel? model = null) => new(
        model ?? Body, shifts.Length,
        (z, _) => (z.Zip(shifts, (a, s) => a * s.X).Sum(), z.Zip(shifts, (a, s) => a * s.Y).Sum(), z.Zip(shifts, (a, s) => a * s.Z).Sum()));

    private static HalfLandscape Half(GaussianModel model, IDeformationDecoder decoder, int half, double[] deviations)
    {
        var points = Normal(300, 30 + half, deviations);
        var table = new LatentTable([.. points.Select((_, i) => $"{i}")], [.. points.Select(_ => half)], points, points);
        return HalfLandscape.Of(model, decoder, [.. Enumerable.Repeat(1f, model.Count)], table, half);
    }
}
