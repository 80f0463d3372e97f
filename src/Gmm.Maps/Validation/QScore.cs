using Gmm.Core;
using Gmm.IO;

namespace Gmm.Maps;

/// <summary>
/// Q-scores: how well each atom of a model is resolved in a map (Pintilie et al., Nat. Methods 17 (2020) 328-334), by the rules of
/// the authors' program MapQ.
/// </summary>
/// <remarks>
/// Around each atom the map is read on spheres to 2 angstrom, at points that no other atom is nearer to, and correlated about the mean with
/// a Gaussian of 0.6 angstrom. 1 is an atom that looks as at 1.54 angstrom, 0 is no relation. Hydrogens neither have a score nor
/// take points. The map is read in its own frame (<see cref="MrcVolume.FirstVoxel"/>) by trilinear interpolation, whatever its box.
/// </remarks>
public static class QScore
{
    private const int AtomsPerBlock = 64;

    /// <summary>Scores a model in a map.</summary>
    /// <param name="map">The map, of any box.</param>
    /// <param name="model">The model, in the map's frame.</param>
    /// <param name="options">The numbers of the score; MapQ's if not given.</param>
    /// <param name="compute">Threads; they do not change a bit of the result.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The scores. See <see cref="QScoreResult.AtomsOutside"/> before trusting the mean of a cropped map.</returns>
    /// <exception cref="InvalidInputException">
    /// The map's voxel size is unknown, it holds NaN or is constant; the model has no atom but hydrogens, or more than half of it lies outside the map.
    /// </exception>
    public static QScoreResult Calculate(
        MrcVolume map, AtomicModel model, QScoreOptions? options = null, ComputeOptions? compute = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(model);
        options ??= new QScoreOptions();
        compute ??= new ComputeOptions();
        options.Validate();
        compute.Validate();
        var sampler = new VolumeSampler(map);
        var heavy = Enumerable.Range(0, model.Count).Where(i => !model.IsHydrogen(i)).ToArray();
        if (heavy.Length == 0)
        {
            throw new InvalidInputException("the model has no atoms to score (hydrogens have no Q-score)");
        }

        double[] x = [.. heavy.Select(i => model.X[i])], y = [.. heavy.Select(i => model.Y[i])], z = [.. heavy.Select(i => model.Z[i])];
        RequireInside(map, sampler, x, y, z);
        var cells = new AtomCells(x, y, z, AtomQScorer.Reach(options));
        var spheres = AtomQScorer.Spheres(options);
        var scores = new double[model.Count];
        Array.Fill(scores, double.NaN);
        var parallel = compute.StoppedBy(cancellationToken).Parallelism;
        Guarded.For(
            0, (heavy.Length + AtomsPerBlock - 1) / AtomsPerBlock, parallel,
            () => new AtomQScorer(sampler, cells, (x, y, z), spheres, options),
            (block, _, scorer) =>
            {
                for (var i = block * AtomsPerBlock; i < Math.Min(heavy.Length, (block + 1) * AtomsPerBlock); i++)
                {
                    scores[heavy[i]] = scorer.Score(i);
                }

                return scorer;
            },
            _ => { });
        return QScoreSummary.Create(model, scores, heavy.Count(i => double.IsNaN(scores[i])), options.Window);
    }

    private static void RequireInside(MrcVolume map, VolumeSampler sampler, double[] x, double[] y, double[] z)
    {
        var outside = 0;
        for (var i = 0; i < x.Length; i++)
        {
            outside += double.IsNaN(sampler.At(x[i], y[i], z[i])) ? 1 : 0;
        }

        if (2 * outside > x.Length)
        {
            var f = map.FirstVoxel;
            throw new InvalidInputException(
                FormattableString.Invariant($"{outside} of {x.Length} atoms lie outside the map: the model is not in the map's frame (the map begins ")
                    + FormattableString.Invariant($"at {f.X:F1}, {f.Y:F1}, {f.Z:F1} A, the atoms at {x.Min():F1}, {y.Min():F1}, {z.Min():F1} A)"),
                map.Source);
        }
    }
}
