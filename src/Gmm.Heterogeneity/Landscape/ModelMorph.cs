using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Heterogeneity;

/// <summary>
/// Carries the displacements of Gaussians over to other points, such as atoms: each point moves by the mean of the Gaussians near it, with weights
/// amplitude x exp(-d^2 / (2 reach^2)), normalised.
/// </summary>
/// <remarks>
/// A point with no Gaussian within three reaches moves as its nearest Gaussian does, and is counted: see <see cref="FarCount"/>.
/// <example>
/// <code>
/// var morph = new ModelMorph(model, x, y, z);
/// autoencoder.Decoder.Decode(latent, deformation);
/// var (dx, dy, dz) = morph.Apply(deformation);
/// </code>
/// </example>
/// </remarks>
public sealed class ModelMorph
{
    /// <summary>Reaches beyond which a Gaussian has no say: exp(-4.5) = 0.01.</summary>
    private const double Cut = 3;

    private readonly int[] _start;
    private readonly int[] _gaussian;
    private readonly float[] _weight;
    private readonly bool[] _far;
    private readonly int _count;

    /// <summary>Finds the Gaussians of each point.</summary>
    /// <param name="neutral">The neutral model.</param>
    /// <param name="x">X of the points, angstrom from the box centre.</param>
    /// <param name="y">Y.</param>
    /// <param name="z">Z.</param>
    /// <param name="reach">
    /// Standard deviation of the weights, angstrom; null takes one and a half times the Gaussians' median distance to their nearest neighbour.
    /// </param>
    /// <exception cref="ArgumentException">Not as many x, y and z, or a reach that is not positive.</exception>
    public ModelMorph(GaussianModel neutral, ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<double> z, double? reach = null)
    {
        ArgumentNullException.ThrowIfNull(neutral);
        if (y.Length != x.Length || z.Length != x.Length || reach is not null and not > 0)
        {
            throw new ArgumentException("Points need as many x, y and z, and a positive reach.", nameof(reach));
        }

        Reach = reach ?? DefaultReach(neutral);
        _count = neutral.Count;
        _start = new int[x.Length + 1];
        _far = new bool[x.Length];
        var gaussians = new List<int>();
        var weights = new List<float>();
        for (var i = 0; i < x.Length; i++)
        {
            Find(neutral, x[i], y[i], z[i], i, gaussians, weights);
            _start[i + 1] = gaussians.Count;
        }

        (_gaussian, _weight) = ([.. gaussians], [.. weights]);
    }

    /// <summary>Standard deviation of the weights, angstrom.</summary>
    public double Reach { get; }

    /// <summary>Points with no Gaussian within three reaches.</summary>
    public int FarCount => _far.Count(f => f);

    /// <summary>Whether a point has no Gaussian within three reaches.</summary>
    /// <param name="index">Point, from 0.</param>
    /// <returns>True if it has none.</returns>
    public bool IsFar(int index) => _far[index];

    /// <summary>The displacement of each point.</summary>
    /// <param name="deformation">The Gaussians' displacements.</param>
    /// <returns>What is added to x, y and z of each point, angstrom.</returns>
    /// <exception cref="ArgumentException">Another number of Gaussians.</exception>
    public (double[] X, double[] Y, double[] Z) Apply(ModelDeformation deformation)
    {
        ArgumentNullException.ThrowIfNull(deformation);
        if (deformation.Count != _count)
        {
            throw new ArgumentException($"The model has {_count} Gaussians, the deformation {deformation.Count}.", nameof(deformation));
        }

        var n = _far.Length;
        var result = (X: new double[n], Y: new double[n], Z: new double[n]);
        for (var i = 0; i < n; i++)
        {
            for (var k = _start[i]; k < _start[i + 1]; k++)
            {
                var (j, w) = (_gaussian[k], _weight[k]);
                result.X[i] += w * deformation.X[j];
                result.Y[i] += w * deformation.Y[j];
                result.Z[i] += w * deformation.Z[j];
            }
        }

        return result;
    }

    /// <summary>One and a half times the median distance of a Gaussian to its nearest neighbour.</summary>
    private static double DefaultReach(GaussianModel model)
    {
        if (model.Count < 2)
        {
            return Math.Max(1, model.Widths[0]);
        }

        var places = new Seeds(model.Count);
        model.X.CopyTo(places.X);
        model.Y.CopyTo(places.Y);
        model.Z.CopyTo(places.Z);
        var distances = KMeansSeeder.NeighbourDistances(places);
        Array.Sort(distances);
        return Math.Max(1, 1.5 * distances[distances.Length / 2]);
    }

    private void Find(GaussianModel model, double x, double y, double z, int point, List<int> gaussians, List<float> weights)
    {
        var first = gaussians.Count;
        var (limit, nearest, best) = (Cut * Cut * Reach * Reach, 0, double.PositiveInfinity);
        double total = 0;
        for (var j = 0; j < model.Count; j++)
        {
            double dx = model.X[j] - x, dy = model.Y[j] - y, dz = model.Z[j] - z, d2 = (dx * dx) + (dy * dy) + (dz * dz);
            if (d2 < best)
            {
                (best, nearest) = (d2, j);
            }

            if (d2 < limit && model.Amplitudes[j] > 0)
            {
                var w = model.Amplitudes[j] * Math.Exp(-0.5 * d2 / (Reach * Reach));
                gaussians.Add(j);
                weights.Add((float)w);
                total += w;
            }
        }

        _far[point] = gaussians.Count == first;
        if (_far[point])
        {
            gaussians.Add(nearest);
            weights.Add(1);
            return;
        }

        for (var k = first; k < weights.Count; k++)
        {
            weights[k] = (float)(weights[k] / total);
        }
    }
}
