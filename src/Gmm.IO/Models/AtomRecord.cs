namespace Gmm.IO;

/// <summary>One atom as a file has it, before alternative locations are chosen.</summary>
internal readonly record struct AtomRecord
{
    public required double X { get; init; }

    public required double Y { get; init; }

    public required double Z { get; init; }

    public required float Occupancy { get; init; }

    public required float BFactor { get; init; }

    public required byte AtomicNumber { get; init; }

    public required string Chain { get; init; }

    public required int ResidueNumber { get; init; }

    public required string InsertionCode { get; init; }

    public required string Residue { get; init; }

    public required string Name { get; init; }

    /// <summary>Whether the file says HETATM: not of a standard polymer residue.</summary>
    public bool IsHetero { get; init; }

    /// <summary>Label of the alternative location; empty for none.</summary>
    public required string Alternative { get; init; }

    /// <summary>One location for each atom: that of the highest occupancy, of equal ones the first label. Order is kept.</summary>
    public static List<AtomRecord> ChooseAlternatives(IReadOnlyList<AtomRecord> atoms)
    {
        var chosen = new Dictionary<(string, int, string, string), int>();
        var result = new List<AtomRecord>(atoms.Count);
        foreach (var atom in atoms)
        {
            var key = (atom.Chain, atom.ResidueNumber, atom.InsertionCode, atom.Name);
            if (atom.Alternative.Length == 0)
            {
                result.Add(atom);
            }
            else if (!chosen.TryGetValue(key, out var i))
            {
                chosen.Add(key, result.Count);
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
}
