using Gmm.IO;

namespace Gmm.Maps;

/// <summary>Means of atoms' Q-scores over residues, chains and windows of residues.</summary>
internal static class QScoreSummary
{
    /// <summary>Takes the means.</summary>
    /// <param name="model">The model.</param>
    /// <param name="scores">The atoms' scores; NaN for none.</param>
    /// <param name="outside">Atoms outside the map.</param>
    /// <param name="window">Residues in a window, odd.</param>
    /// <returns>The whole result.</returns>
    public static QScoreResult Create(AtomicModel model, double[] scores, int outside, int window)
    {
        var residues = Enumerable.Range(0, model.Count)
            .GroupBy(i => (model.Chains[i], model.ResidueNumbers[i], model.InsertionCodes[i], model.ResidueNames[i]))
            .Select(g => Residue(model, g.Key, [.. g], scores))
            .ToArray();
        foreach (var chain in Enumerable.Range(0, residues.Length).Where(i => residues[i].IsPolymer).GroupBy(i => residues[i].Chain))
        {
            var members = chain.ToArray();
            for (var i = 0; i < members.Length; i++)
            {
                int from = Math.Max(0, i - (window / 2)), to = Math.Min(members.Length - 1, i + (window / 2));
                residues[members[i]] = residues[members[i]] with { WindowQ = Mean(members[from..(to + 1)].Select(m => residues[m].Q)).Mean };
            }
        }

        var chains = Enumerable.Range(0, model.Count).GroupBy(i => model.Chains[i]).Select(g =>
        {
            var (q, n) = Mean(g.Select(i => scores[i]));
            return new ChainQScore(g.Key, q, n);
        });
        var (all, count) = Mean(scores);
        return new QScoreResult(scores, residues, [.. chains], all, count, outside);
    }

    private static ResidueQScore Residue(AtomicModel model, (string Chain, int Number, string Code, string Name) key, int[] atoms, double[] scores)
    {
        var (q, n) = Mean(atoms.Select(i => scores[i]));
        return new ResidueQScore(key.Chain, key.Number, key.Code, key.Name, q, q, n, IsPolymer(model, atoms));
    }

    /// <summary>
    /// Amino acids have N, CA and C, as modified ones (HETATM) do; of nucleotides only those that the file has as ATOM count, because ATP and
    /// other ligands have a sugar too.
    /// </summary>
    private static bool IsPolymer(AtomicModel model, int[] atoms)
    {
        var names = atoms.Where(i => !model.IsHydrogen(i)).Select(i => model.AtomNames[i]).ToHashSet();
        return (names.Contains("CA") && (names.Contains("N") || names.Contains("C")))
            || (!model.IsHetero(atoms[0]) && (names.Contains("CA") || names.Contains("P") || names.Contains("C4'") || names.Contains("C4*")));
    }

    private static (double Mean, int Count) Mean(IEnumerable<double> values)
    {
        var (sum, n) = (0.0, 0);
        foreach (var v in values)
        {
            if (!double.IsNaN(v))
            {
                sum += v;
                n++;
            }
        }

        return (n > 0 ? sum / n : double.NaN, n);
    }
}
