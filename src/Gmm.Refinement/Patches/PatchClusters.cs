using System.Globalization;
using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>Amplitude-weighted K-means (k-means++ seeds, several starts) over Gaussians; with a symmetry over the orbits of its centres.</summary>
internal sealed class PatchClusters
{
    private const int Starts = 8;
    private const int Rounds = 100;

    private readonly IReadOnlyList<GaussianModel> _models;
    private readonly PatchPartitionOptions _options;
    private readonly (double X, double Y, double Z)[] _points;
    private readonly double[] _weights;
    private readonly int[] _labels;

    private PatchClusters(IReadOnlyList<GaussianModel> models, PatchPartitionOptions options)
    {
        (_models, _options) = (models, options);
        _points = [.. models.SelectMany(m => Enumerable.Range(0, m.Count).Select(j => ((double)m.X[j], (double)m.Y[j], (double)m.Z[j])))];
        // Halves weigh the same, whatever the scale of their amplitudes; what is negative is no structure.
        _weights = [.. models.SelectMany(m => Shares(m))];
        _labels = new int[_points.Length];
        Centres = new (double, double, double)[options.Count];
    }

    /// <summary>The clusters' centres of mass; those of one orbit follow each other.</summary>
    public (double X, double Y, double Z)[] Centres { get; private set; }

    public static PatchClusters Find(IReadOnlyList<GaussianModel> models, PatchPartitionOptions options, int seed)
    {
        var clusters = new PatchClusters(models, options);
        var random = new Random(seed);
        var best = double.PositiveInfinity;
        (double, double, double)[]? bestCentres = null;
        for (var start = 0; start < Starts; start++)
        {
            clusters.Seed(random);
            var spread = clusters.Lloyd();
            if (spread < best && clusters.AllFilled())
            {
                (best, bestCentres) = (spread, [.. clusters.Centres]);
            }
        }

        if (bestCentres is null)
        {
            throw new InvalidInputException(string.Create(
                CultureInfo.InvariantCulture,
                $"The Gaussians cannot fill {options.Count} patches: some would have fewer than {options.LeastGaussians} in a half. Ask for fewer patches."));
        }

        clusters.Centres = Sorted(bestCentres, options.Symmetry.Order);
        clusters.Assign();
        return clusters;
    }

    /// <summary>Distance of the farthest member from the centre, the largest over the copies by the symmetry, angstrom.</summary>
    public double Radius(int cluster)
    {
        var order = _options.Symmetry.Order;
        double farthest = 0;
        for (var i = 0; i < _points.Length; i++)
        {
            if (_labels[i] / order == cluster / order)
            {
                farthest = Math.Max(farthest, Distance2(_points[i], Centres[_labels[i]]));
            }
        }

        return Math.Sqrt(farthest);
    }

    /// <summary>The Gaussians of a cluster, of all models, as one model with their mean amplitude.</summary>
    public GaussianModel Members(int cluster)
    {
        List<float> x = [], y = [], z = [], a = [], s = [];
        var i = 0;
        foreach (var m in _models)
        {
            for (var j = 0; j < m.Count; j++, i++)
            {
                if (_labels[i] == cluster)
                {
                    x.Add(m.X[j]);
                    y.Add(m.Y[j]);
                    z.Add(m.Z[j]);
                    a.Add(m.Amplitudes[j] / _models.Count);
                    s.Add(m.Widths[j]);
                }
            }
        }

        return new GaussianModel([.. x], [.. y], [.. z], [.. a], [.. s], _models[0].BoxSize, _models[0].PixelSize);
    }

    private static IEnumerable<double> Shares(GaussianModel model)
    {
        double total = 0;
        foreach (var a in model.Amplitudes)
        {
            total += Math.Max(0, a);
        }

        return total > 0 ? model.Amplitudes.ToArray().Select(a => Math.Max(0, a) / total) : Enumerable.Repeat(1.0 / model.Count, model.Count);
    }

    /// <summary>Orbits along z, then y, then x of their first centre, so that the order does not depend on the start that won.</summary>
    private static (double X, double Y, double Z)[] Sorted((double X, double Y, double Z)[] centres, int order) =>
        [.. centres.Chunk(order).OrderBy(c => c[0].Z).ThenBy(c => c[0].Y).ThenBy(c => c[0].X).SelectMany(c => c)];

    private static double Distance2((double X, double Y, double Z) a, (double X, double Y, double Z) b)
    {
        double x = a.X - b.X, y = a.Y - b.Y, z = a.Z - b.Z;
        return (x * x) + (y * y) + (z * z);
    }

    /// <summary>k-means++: each next orbit starts at a Gaussian drawn by weight times squared distance to the nearest centre so far.</summary>
    private void Seed(Random random)
    {
        var order = _options.Symmetry.Order;
        var cost = _weights.ToArray();
        for (var orbit = 0; orbit < Centres.Length / order; orbit++)
        {
            SetOrbit(orbit, _points[Draw(cost, random)]);
            for (var i = 0; i < cost.Length; i++)
            {
                var nearest = double.PositiveInfinity;
                for (var k = 0; k < (orbit + 1) * order; k++)
                {
                    nearest = Math.Min(nearest, Distance2(_points[i], Centres[k]));
                }

                cost[i] = _weights[i] * nearest;
            }
        }
    }

    private static int Draw(double[] cost, Random random)
    {
        var at = random.NextDouble() * cost.Sum();
        var i = 0;
        while (i < cost.Length - 1 && at >= cost[i])
        {
            at -= cost[i++];
        }

        return i;
    }

    private void SetOrbit(int orbit, (double X, double Y, double Z) centre)
    {
        var operators = _options.Symmetry.Operators;
        for (var g = 0; g < operators.Count; g++)
        {
            Centres[(orbit * operators.Count) + g] = operators[g].Apply(centre.X, centre.Y, centre.Z);
        }
    }

    /// <summary>Lloyd's rounds until no label changes; the weighted mean squared distance.</summary>
    private double Lloyd()
    {
        Array.Fill(_labels, -1);
        for (var round = 0; ; round++)
        {
            var (changed, spread) = Assign();
            if (!changed || round == Rounds)
            {
                return spread;
            }

            Update();
        }
    }

    private (bool Changed, double Spread) Assign()
    {
        var changed = false;
        double spread = 0;
        for (var i = 0; i < _points.Length; i++)
        {
            var (label, nearest) = (0, double.PositiveInfinity);
            for (var k = 0; k < Centres.Length; k++)
            {
                var d = Distance2(_points[i], Centres[k]);
                (label, nearest) = d < nearest ? (k, d) : (label, nearest);
            }

            changed |= label != _labels[i];
            _labels[i] = label;
            spread += _weights[i] * nearest;
        }

        return (changed, spread);
    }

    private void Update()
    {
        var operators = _options.Symmetry.Operators;
        var order = operators.Count;
        var back = operators.Select(o => o.Transpose()).ToArray();
        var sums = new double[Centres.Length / order, 4];
        for (var i = 0; i < _points.Length; i++)
        {
            // A member of a copy counts where the operator takes it back to.
            var (orbit, copy) = (_labels[i] / order, _labels[i] % order);
            var (x, y, z) = back[copy].Apply(_points[i].X, _points[i].Y, _points[i].Z);
            sums[orbit, 0] += _weights[i];
            sums[orbit, 1] += _weights[i] * x;
            sums[orbit, 2] += _weights[i] * y;
            sums[orbit, 3] += _weights[i] * z;
        }

        for (var orbit = 0; orbit < Centres.Length / order; orbit++)
        {
            if (sums[orbit, 0] > 0)
            {
                SetOrbit(orbit, (sums[orbit, 1] / sums[orbit, 0], sums[orbit, 2] / sums[orbit, 0], sums[orbit, 3] / sums[orbit, 0]));
            }
        }
    }

    private bool AllFilled()
    {
        var first = 0;
        foreach (var model in _models)
        {
            var count = new int[Centres.Length];
            for (var i = 0; i < model.Count; i++)
            {
                count[_labels[first + i]]++;
            }

            if (count.Min() < _options.LeastGaussians)
            {
                return false;
            }

            first += model.Count;
        }

        return true;
    }
}
