using System.Globalization;

namespace Gmm.IO;

/// <summary>
/// One location for each atom. Where a position has several residues (microheterogeneity), the one of the highest occupancy stays with all
/// its atoms and none of the others'. Of an atom's locations the one of the highest occupancy stays, of equal ones the first label.
/// </summary>
internal static class AlternativeLocations
{
    /// <summary>Chooses.</summary>
    /// <param name="atoms">All atoms, in the file's order.</param>
    /// <param name="warnings">Gets a line if positions have several residues.</param>
    /// <returns>The chosen ones, in order.</returns>
    public static List<AtomRecord> Choose(IReadOnlyList<AtomRecord> atoms, List<string> warnings)
    {
        var left = ResiduesLeftOut(atoms, warnings);
        var labelled = atoms.Where(a => a.Alternative.Length > 0).Select(a => (Key(a), a.Residue)).ToHashSet();
        var chosen = new Dictionary<AtomKey, int>();
        var result = new List<AtomRecord>(atoms.Count);
        foreach (var atom in atoms)
        {
            // An atom without label is one more location if another one of its name has a label; without any, equal names are different atoms.
            if (!labelled.Contains((Key(atom), atom.Residue)))
            {
                result.Add(atom);
            }
            else if (atom.Alternative.Length > 0 && left.Contains(Position(atom) with { Residue = atom.Residue }))
            {
                continue;
            }
            else if (!chosen.TryGetValue(Key(atom), out var i))
            {
                chosen.Add(Key(atom), result.Count);
                result.Add(atom);
            }
            else if (atom.Occupancy > result[i].Occupancy
                || (atom.Occupancy == result[i].Occupancy && string.CompareOrdinal(atom.Alternative, result[i].Alternative) < 0))
            {
                result[i] = atom;
            }
        }

        return result;
    }

    /// <summary>Labelled residues of positions that have several, without the best of each position.</summary>
    private static HashSet<ResidueKey> ResiduesLeftOut(IReadOnlyList<AtomRecord> atoms, List<string> warnings)
    {
        var left = new HashSet<ResidueKey>();
        string? first = null;
        var positions = 0;
        foreach (var position in atoms.Where(a => a.Alternative.Length > 0).GroupBy(Position))
        {
            var residues = position.GroupBy(a => a.Residue)
                .Select(r => (Name: r.Key, Occupancy: Occupancy(r), Label: r.Select(a => a.Alternative).Min(StringComparer.Ordinal)))
                .OrderByDescending(r => r.Occupancy)
                .ThenBy(r => r.Label, StringComparer.Ordinal)
                .ToArray();
            if (residues.Length < 2)
            {
                continue;
            }

            positions++;
            first ??= string.Create(
                CultureInfo.InvariantCulture,
                $"{position.Key.Chain}:{position.Key.Number}{position.Key.Code} is {residues[0].Name} (occupancy {residues[0].Occupancy:0.##}), not "
                    + $"{string.Join(" or ", residues.Skip(1).Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Name} ({r.Occupancy:0.##})")))}");
            left.UnionWith(residues.Skip(1).Select(r => position.Key with { Residue = r.Name }));
        }

        if (first is not null)
        {
            warnings.Add($"several residues at one position ({positions} of them): the one of the highest occupancy is taken; {first}");
        }

        return left;
    }

    /// <summary>A residue's share of its position: the locations of one of its atoms add up.</summary>
    private static float Occupancy(IEnumerable<AtomRecord> residue) => residue.GroupBy(a => a.Name).Max(g => g.Sum(a => a.Occupancy));

    private static AtomKey Key(AtomRecord a) => new(a.Chain, a.ResidueNumber, a.InsertionCode, a.Name);

    private static ResidueKey Position(AtomRecord a) => new(a.Chain, a.ResidueNumber, a.InsertionCode, string.Empty);

    private readonly record struct AtomKey(string Chain, int Number, string Code, string Name);

    private readonly record struct ResidueKey(string Chain, int Number, string Code, string Residue);
}
