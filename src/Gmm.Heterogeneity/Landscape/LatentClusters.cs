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
        ArgumentNullException.ThrowIfNull(points);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        if (points.Count == 0)
        {
            throw new InvalidInputException("there are no points to cluster", "latent points");
        }

        var dimension = points[0].Length;
        var means = new KMeans(dimension, [.. points.SelectMany(p => p)]);
        LatentClusters? best = null;
        for (var start = 0; start < Restarts; start++)
        {
            var random = new SeededGenerator(seed, Stream, start);
            if (means.StartSpread(count, () => random.Uniform()) is var found && found < count)
            {
                throw new InvalidInputException($"there are only {found} different points for {count} clusters", "latent points");
            }

            means.Run(MostRounds);
            var spread = means.Sizes(0, points.Count).Min() > 0 ? means.Spread / points.Count : double.MaxValue;
            best = best is null || spread < best.Spread ? new LatentClusters([.. means.Labels], [.. means.Centres.Chunk(dimension)], spread) : best;
        }

        return best!.Sorted();
    }

    /// <summary>The nearest centre of a point.</summary>
    /// <param name="point">The point.</param>
    /// <returns>Cluster, from 0.</returns>
    public int Nearest(double[] point) => KMeans.Nearest([.. Centres.SelectMany(c => c)], point).Cluster;

    /// <summary>The same clusters with the numbers of those of another half whose centres they are nearest to; for display only.</summary>
    /// <param name="other">As many clusters.</param>
    /// <returns>The clusters, renumbered.</returns>
    /// <exception cref="ArgumentException">Another number of clusters.</exception>
    public LatentClusters NumberedLike(LatentClusters other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Centres.Count != Centres.Count)
        {
            throw new ArgumentException($"{Centres.Count} clusters cannot be numbered like {other.Centres.Count}.", nameof(other));
        }

        // The closest pair first, then the closest of the rest.
        var order = new int[Centres.Count];
        var pairs = Enumerable.Range(0, Centres.Count)
            .SelectMany(a => Enumerable.Range(0, Centres.Count).Select(b => (a, b)))
            .OrderBy(p => Distance(other.Centres[p.a], Centres[p.b]))
            .ToList();
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
