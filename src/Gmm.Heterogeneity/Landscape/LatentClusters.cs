using Gmm.Core;
using Gmm.IO;

namespace Gmm.Heterogeneity;

/// <summary>K-means clusters of points, such as the latent points of one half or their component scores. The same seed gives the same clusters.</summary>
public sealed class LatentClusters
{
    private const int Stream = 71;
    private const int Restarts = 10;
    private const int MostRounds = 200;

    private LatentClusters(int[] labels, double[][] centres, double spread) => (Labels, Centres, Spread) = (labels, centres, spread);

    /// <summary>Cluster of each point, from 0; clusters are in the order of their first centre coordinate.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>Mean of each cluster's points.</summary>
    public IReadOnlyList<double[]> Centres { get; }

    /// <summary>Mean squared distance of a point from its centre.</summary>
    public double Spread { get; }

    /// <summary>Number of points of each cluster.</summary>
    public IReadOnlyList<int> Sizes => [.. Enumerable.Range(0, Centres.Count).Select(c => Labels.Count(l => l == c))];

    /// <summary>Finds clusters: ten starts by K-means++, Lloyd's rounds to the end, the tightest kept.</summary>
    /// <param name="points">The points, all of one dimension.</param>
    /// <param name="count">Number of clusters, 1 to the number of different points.</param>
    /// <param name="seed">Seed.</param>
    /// <returns>The clusters, none of them empty.</returns>
    /// <exception cref="InvalidInputException">More clusters than different points.</exception>
    public static LatentClusters Find(IReadOnlyList<double[]> points, int count, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        LatentClusters? best = null;
        for (var start = 0; start < Restarts; start++)
        {
            var found = Lloyd(points, Start(points, count, new SeededGenerator(seed, Stream, start)));
            best = best is null || found.Spread < best.Spread ? found : best;
        }

        return best!.Sorted();
    }

    /// <summary>The nearest centre of a point.</summary>
    /// <param name="point">The point.</param>
    /// <returns>Cluster, from 0.</returns>
    public int Nearest(double[] point) => Nearest(Centres, point).Cluster;

    /// <summary>The same clusters with the numbers of those of another half whose centres they are nearest to; for display only.</summary>
    /// <param name="other">As many clusters.</param>
    /// <returns>The clusters, renumbered.</returns>
    /// <exception cref="ArgumentException">Another number of clusters.</exception>
    public LatentClusters NumberedLike(LatentClusters other)
    {
        if (other.Centres.Count != Centres.Count)
        {
            throw new ArgumentException($"{Centres.Count} clusters cannot be numbered like {other.Centres.Count}.", nameof(other));
        }

        // The closest pair first, then the closest of the rest.
        var order = new int[Centres.Count];
        var pairs = Enumerable.Range(0, Centres.Count).SelectMany(a => Enumerable.Range(0, Centres.Count).Select(b => (a, b))).OrderBy(p => Distance(other.Centres[p.a], Centres[p.b])).ToList();
        while (pairs.Count > 0)
        {
            var (a, b) = pairs[0];
            order[a] = b;
            pairs.RemoveAll(p => p.a == a || p.b == b);
        }

        return Renumbered(order);
    }

    /// <summary>The same clusters under other numbers.</summary>
    internal LatentClusters Renumbered(IReadOnlyList<int> order)
    {
        var place = new int[order.Count];
        for (var c = 0; c < place.Length; c++)
        {
            place[order[c]] = c;
        }

        return new LatentClusters([.. Labels.Select(l => place[l])], [.. order.Select(c => Centres[c])], Spread);
    }

    /// <summary>K-means++: each further centre is drawn with a chance that grows with the squared distance to those there.</summary>
    private static double[][] Start(IReadOnlyList<double[]> points, int count, SeededGenerator random)
    {
        var centres = new List<double[]> { points.Count > 0 ? points[random.Below(points.Count)] : throw new InvalidInputException("there are no points to cluster", "latent points") };
        var distance = points.Select(p => Distance(p, centres[0])).ToArray();
        while (centres.Count < count)
        {
            var total = distance.Sum();
            if (!(total > 0))
            {
                throw new InvalidInputException($"there are only {centres.Count} different points for {count} clusters", "latent points");
            }

            var (left, pick) = (total * random.Uniform(), 0);
            while (pick < distance.Length - 1 && (left -= distance[pick]) >= 0)
            {
                pick++;
            }

            // Rounding may end on a point that is a centre already.
            pick = distance[pick] > 0 ? pick : Array.IndexOf(distance, distance.Max());
            centres.Add(points[pick]);
            for (var i = 0; i < distance.Length; i++)
            {
                distance[i] = Math.Min(distance[i], Distance(points[i], centres[^1]));
            }
        }

        return [.. centres];
    }

    private static LatentClusters Lloyd(IReadOnlyList<double[]> points, double[][] centres)
    {
        var labels = new int[points.Count];
        Array.Fill(labels, -1);
        double spread = 0;
        for (var round = 0; round < MostRounds; round++)
        {
            var changed = false;
            spread = 0;
            var sums = centres.Select(c => new double[c.Length]).ToArray();
            var sizes = new int[centres.Length];
            for (var i = 0; i < labels.Length; i++)
            {
                var (cluster, distance) = Nearest(centres, points[i]);
                changed |= cluster != labels[i];
                labels[i] = cluster;
                spread += distance / labels.Length;
                sizes[cluster]++;
                for (var k = 0; k < sums[cluster].Length; k++)
                {
                    sums[cluster][k] += points[i][k];
                }
            }

            // A cluster that lost its points keeps its centre, which is a point or the mean of some: it wins them back or is the nearest of none.
            centres = [.. centres.Select((c, k) => sizes[k] > 0 ? [.. sums[k].Select(s => s / sizes[k])] : c)];
            if (!changed)
            {
                break;
            }
        }

        return new LatentClusters(labels, centres, Array.Exists(Enumerable.Range(0, centres.Length).ToArray(), c => Array.IndexOf(labels, c) < 0) ? double.MaxValue : spread);
    }

    private static (int Cluster, double Distance) Nearest(IReadOnlyList<double[]> centres, double[] point)
    {
        var (best, least) = (0, double.PositiveInfinity);
        for (var c = 0; c < centres.Count; c++)
        {
            var distance = Distance(point, centres[c]);
            if (distance < least)
            {
                (best, least) = (c, distance);
            }
        }

        return (best, least);
    }

    private static double Distance(double[] a, double[] b)
    {
        double sum = 0;
        for (var k = 0; k < a.Length; k++)
        {
            sum += (a[k] - b[k]) * (a[k] - b[k]);
        }

        return sum;
    }

    private LatentClusters Sorted() => Renumbered([.. Enumerable.Range(0, Centres.Count).OrderBy(c => Centres[c][0]).ThenBy(c => c)]);
}
