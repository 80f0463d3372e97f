using System.Globalization;
using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>Amplitude-weighted <see cref="KMeans"/> over Gaussians, the tightest of several starts; with a symmetry over the orbits of its centres.</summary>
internal sealed class PatchClusters
{
    private const int Starts = 8;
    private const int Rounds = 100;

    private readonly IReadOnlyList<GaussianModel> _models;
    private readonly PatchPartitionOptions _options;
    private readonly double[] _points;
    private readonly KMeans _means;

    private PatchClusters(IReadOnlyList<GaussianModel> models, PatchPartitionOptions options)
    {
        (_models, _options) = (models, options);
        _points = [.. models.SelectMany(m => Enumerable.Range(0, m.Count).SelectMany(j => new double[] { m.X[j], m.Y[j], m.Z[j] }))];
        // Halves weigh the same, whatever the scale of their amplitudes; what is negative is no structure.
        _means = new KMeans(3, _points, [.. models.SelectMany(Shares)], options.Symmetry.Operators);
    }

    /// <summary>The clusters' centres of mass; those of one orbit follow each other.</summary>
    public (double X, double Y, double Z)[] Centres => [.. _means.Centres.Chunk(3).Select(c => (c[0], c[1], c[2]))];

    public static PatchClusters Find(IReadOnlyList<GaussianModel> models, PatchPartitionOptions options, int seed)
    {
        var clusters = new PatchClusters(models, options);
        var means = clusters._means;
        var random = new Random(seed);
        var best = double.PositiveInfinity;
        double[]? centres = null;
        for (var start = 0; start < Starts; start++)
        {
            if (means.StartSpread(options.Count, random.NextDouble) < options.Count)
            {
                continue;
            }

            means.Run(Rounds);
            if (means.Spread < best && clusters.AllFilled())
            {
                (best, centres) = (means.Spread, means.Centres);
            }
        }

        if (centres is null)
        {
            throw new InvalidInputException(string.Create(
                CultureInfo.InvariantCulture,
                $"The Gaussians cannot fill {options.Count} patches: some would have fewer than {options.LeastGaussians} in a half. Ask for fewer patches."));
        }

        // Orbits along z, then y, then x of their first centre, so that the order does not depend on the start that won.
        means.Centres = [.. centres.Chunk(3 * options.Symmetry.Order).OrderBy(c => c[2]).ThenBy(c => c[1]).ThenBy(c => c[0]).SelectMany(c => c)];
        means.Assign();
        return clusters;
    }

    /// <summary>Distance of the farthest member from the centre, the largest over the copies by the symmetry, angstrom.</summary>
    public double Radius(int cluster)
    {
        var order = _options.Symmetry.Order;
        double farthest = 0;
        for (var i = 0; i < _means.Labels.Length; i++)
        {
            var label = _means.Labels[i];
            if (label / order == cluster / order)
            {
                farthest = Math.Max(farthest, KMeans.Nearest(_means.Centres.AsSpan(3 * label, 3), _points.AsSpan(3 * i, 3)).Distance2);
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
                if (_means.Labels[i] == cluster)
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

    private bool AllFilled()
    {
        var first = 0;
        foreach (var model in _models)
        {
            if (_means.Sizes(first, model.Count).Min() < _options.LeastGaussians)
            {
                return false;
            }

            first += model.Count;
        }

        return true;
    }
}
