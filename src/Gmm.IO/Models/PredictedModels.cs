using System.Globalization;

namespace Gmm.IO;

/// <summary>
/// Tells models whose B-factor column holds a predictor's confidence (pLDDT and the like). High confidence there reads as strong motion, so
/// that a map of such a model would be sharp where it is least sure; the values are not used.
/// </summary>
/// <remarks>
/// The file mostly says it: mmCIF by <c>_ma_qa_metric</c>, PDB by its title or remarks. Where it says nothing, and nothing of an experiment
/// either, the values do: one for each residue, 0 to 100 (or to 1), that rises with the number of neighbours. Confidence is high inside a
/// fold and low in its loops and ends; B factors are the other way round.
/// </remarks>
internal static class PredictedModels
{
    /// <summary>Fewest residues from whose values something can be told.</summary>
    private const int FewestResidues = 40;

    /// <summary>
    /// Rank correlation with the number of neighbours from which values are a confidence. Of 50 structures from experiments in the test data of
    /// five packages none with as many residues has more than 0.08, nearly all are below -0.3; the two predicted ones have 0.33 and 0.85.
    /// </summary>
    private const double LeastCorrelation = 0.2;

    /// <summary>Neighbours are alpha carbons within this distance, angstrom, as the usual contact number has it.</summary>
    private const double NeighbourDistance = 13;

    private static readonly string[] Words = ["ALPHAFOLD", "COLABFOLD", "ESMFOLD", "ROSETTAFOLD", "OPENFOLD", "OMEGAFOLD", "PLDDT", "PREDICTED LDDT"];

    /// <summary>The word in a line of text that names a predictor or its score; null if there is none.</summary>
    public static string? Word(string line) => Array.Find(Words, w => line.Contains(w, StringComparison.OrdinalIgnoreCase));

    /// <summary>Sets B factors that are a confidence to 0 and says so.</summary>
    /// <param name="atoms">The atoms.</param>
    /// <param name="table">What the file says.</param>
    /// <param name="warnings">Gets a line if they were.</param>
    public static void RemoveConfidences(List<AtomRecord> atoms, AtomTable table, List<string> warnings)
    {
        if (table.IsExperimental || !atoms.Exists(a => a.BFactor != 0))
        {
            return;
        }

        var reason = table.Predictor is { } predictor && atoms.TrueForAll(a => a.BFactor is >= 0 and <= 100) ? $"the file names {predictor}"
            : Pattern(atoms) is { } correlation
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"one value for each residue, which rises with its number of neighbours (rank correlation {correlation:F2}) where B factors fall")
            : null;
        if (reason is null)
        {
            return;
        }

        warnings.Add($"the B factors are a predictor's confidence, not B factors ({reason}); 0 is taken for all of them");
        for (var i = 0; i < atoms.Count; i++)
        {
            atoms[i] = atoms[i] with { BFactor = 0 };
        }
    }

    /// <summary>The rank correlation of the residues' values with their numbers of neighbours, if the values look like a confidence.</summary>
    private static double? Pattern(List<AtomRecord> atoms)
    {
        var residues = atoms.GroupBy(a => (a.Chain, a.ResidueNumber, a.InsertionCode, a.Residue)).ToArray();
        var centres = residues.Select(
            r => (Value: r.First().BFactor, One: r.All(a => a.BFactor == r.First().BFactor), Centre: r.Where(a => a.Name == "CA").ToArray()))
            .Where(r => r.Centre.Length > 0).ToArray();
        if (centres.Length < FewestResidues || centres.Count(c => c.One) < 0.98 * centres.Length
            || atoms.Exists(a => !(a.BFactor is >= 0 and <= 100)) || centres.Select(c => c.Value).Distinct().Count() < Math.Min(20, centres.Length / 2))
        {
            return null;
        }

        var values = Array.ConvertAll(centres, c => (double)c.Value);
        var correlation = RankCorrelation(values, Neighbours(Array.ConvertAll(centres, c => c.Centre[0])));
        return correlation >= LeastCorrelation ? correlation : null;
    }

    /// <summary>How many of some atoms lie near each, by cells as wide as the distance.</summary>
    private static double[] Neighbours(AtomRecord[] atoms)
    {
        static (int, int, int) Cell(AtomRecord a, int x, int y, int z) =>
            ((int)Math.Floor(a.X / NeighbourDistance) + x, (int)Math.Floor(a.Y / NeighbourDistance) + y, (int)Math.Floor(a.Z / NeighbourDistance) + z);
        var cells = atoms.ToLookup(a => Cell(a, 0, 0, 0));
        return Array.ConvertAll(atoms, a =>
        {
            var count = 0.0;
            for (var i = 0; i < 27; i++)
            {
                count += cells[Cell(a, (i % 3) - 1, (i / 3 % 3) - 1, (i / 9) - 1)]
                    .Count(b => Square(a.X - b.X) + Square(a.Y - b.Y) + Square(a.Z - b.Z) < NeighbourDistance * NeighbourDistance);
            }

            return count;
        });
    }

    private static double Square(double value) => value * value;

    /// <summary>Spearman's coefficient; ties share their mean rank.</summary>
    private static double RankCorrelation(double[] a, double[] b)
    {
        double[] x = Ranks(a), y = Ranks(b);
        double mean = (a.Length - 1) / 2.0, xy = 0, xx = 0, yy = 0;
        for (var i = 0; i < a.Length; i++)
        {
            (xy, xx, yy) = (xy + ((x[i] - mean) * (y[i] - mean)), xx + Square(x[i] - mean), yy + Square(y[i] - mean));
        }

        return xx > 0 && yy > 0 ? xy / Math.Sqrt(xx * yy) : 0;
    }

    private static double[] Ranks(double[] values)
    {
        var order = Enumerable.Range(0, values.Length).OrderBy(i => values[i]).ToArray();
        var ranks = new double[values.Length];
        for (int first = 0, end; first < order.Length; first = end)
        {
            for (end = first; end < order.Length && values[order[end]] == values[order[first]]; end++)
            {
            }

            for (var k = first; k < end; k++)
            {
                ranks[order[k]] = (first + end - 1) / 2.0;
            }
        }

        return ranks;
    }
}
