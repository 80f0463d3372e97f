using System.Globalization;

namespace Gmm.IO;

/// <summary>
/// The elements of atoms whose file has none, from their names. In a PDB file's four columns the first two hold the symbol, right-justified;
/// many programs do not keep to that, so the residue has a say: CA is the carbon of an amino acid and the calcium of a residue CA.
/// </summary>
/// <remarks>
/// Rules as far as gemmi has them (a digit first or second: one letter; four letters from H: hydrogen), and before them those that need the
/// residue, which gemmi reads as the columns say: backbone atoms make a residue an amino acid or a nucleotide whatever its name is.
/// </remarks>
internal static class ElementNames
{
    private const string Greek = "ABGDEZHX";

    private static readonly HashSet<string> AminoAcids =
    [
        "ALA", "ARG", "ASN", "ASP", "CYS", "GLN", "GLU", "GLY", "HIS", "ILE", "LEU", "LYS", "MET", "PHE", "PRO", "SER", "THR", "TRP", "TYR", "VAL",
        "ASX", "GLX", "UNK", "HSD", "HSE", "HSP", "HID", "HIE", "HIP", "CYX", "CYM", "ASH", "GLH", "LYN", "MSE", "SEC", "PYL", "SEP", "TPO", "PTR",
        "HYP", "MLY", "CSO",
    ];

    private static readonly HashSet<string> Nucleotides =
        ["A", "C", "G", "U", "I", "T", "DA", "DC", "DG", "DT", "DU", "DI", "ADE", "CYT", "GUA", "THY", "URA", "RA", "RC", "RG", "RU"];

    /// <summary>Ions as CHARMM and AMBER name them.</summary>
    private static readonly Dictionary<string, byte> Ions = new()
    {
        ["SOD"] = 11,
        ["CLA"] = 17,
        ["POT"] = 19,
        ["CAL"] = 20,
        ["CES"] = 55,
        ["LIT"] = 3,
        ["RUB"] = 37,
        ["BAR"] = 56,
        ["CAD"] = 48,
        ["CIO"] = 55,
    };

    /// <summary>Two letters that are hardly ever one letter and a mark, so they are read as an element without the columns' help.</summary>
    private static readonly HashSet<string> PlainPairs = ["CL", "BR", "FE", "CU", "SE", "SI", "PT", "IR"];

    private enum Kind
    {
        Ligand,
        Polymer,
        SingleAtom,
    }

    /// <summary>Sets the elements that are missing and says which were found.</summary>
    /// <param name="atoms">The atoms of a file, in its order; those with an atomic number stay as they are.</param>
    /// <param name="warnings">Gets a line if elements were missing.</param>
    public static void Fill(List<AtomRecord> atoms, List<string> warnings)
    {
        if (!atoms.Exists(a => a.AtomicNumber == 0))
        {
            return;
        }

        var kinds = Kinds(atoms);
        var aligned = KeepsColumns(atoms, kinds);
        var found = new Dictionary<byte, int>();
        for (var i = 0; i < atoms.Count; i++)
        {
            if (atoms[i].AtomicNumber > 0)
            {
                continue;
            }

            var element = Find(atoms[i], kinds[i], aligned);
            found[element] = found.GetValueOrDefault(element) + 1;
            atoms[i] = atoms[i] with { AtomicNumber = element };
        }

        var list = found.OrderByDescending(f => f.Value)
            .ThenBy(f => f.Key)
            .Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Value} {(f.Key == 0 ? "unknown" : Elements.Symbol(f.Key))}"));
        warnings.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"{found.Values.Sum()} of {atoms.Count} atoms have no element; it is taken from their names: {string.Join(", ", list)}"));
    }

    /// <summary>What each atom's residue is, by its name or by the atoms it has. Residues are runs of lines of one number and name.</summary>
    private static Kind[] Kinds(List<AtomRecord> atoms)
    {
        var kinds = new Kind[atoms.Count];
        for (int first = 0, end; first < atoms.Count; first = end)
        {
            var a = atoms[first];
            var names = new HashSet<string>();
            for (end = first; end < atoms.Count && Same(atoms[end], a); end++)
            {
                names.Add(atoms[end].Name.Replace('*', '\''));
            }

            bool Has(params ReadOnlySpan<string> all)
            {
                foreach (var name in all)
                {
                    if (!names.Contains(name))
                    {
                        return false;
                    }
                }

                return true;
            }

            var polymer = AminoAcids.Contains(a.Residue) || Nucleotides.Contains(a.Residue) || Has("N", "CA", "C") || Has("C1'", "C3'", "C4'");
            kinds.AsSpan(first, end - first).Fill(polymer ? Kind.Polymer : end - first == 1 ? Kind.SingleAtom : Kind.Ligand);
        }

        return kinds;
    }

    private static bool Same(AtomRecord a, AtomRecord b) =>
        a.ResidueNumber == b.ResidueNumber && a.Chain == b.Chain && a.Residue == b.Residue && a.InsertionCode == b.InsertionCode;

    /// <summary>
    /// Whether names stand where their symbols end in the second column. Names that need one letter and begin in the first tell that they do not:
    /// a polymer's CA, a lone C, a C2 of less than four letters.
    /// </summary>
    private static bool KeepsColumns(List<AtomRecord> atoms, Kind[] kinds)
    {
        for (var i = 0; i < atoms.Count; i++)
        {
            var name = atoms[i].Name;
            if (atoms[i].NameColumn < 0
                || (atoms[i].NameColumn == 0 && name.Length is > 0 and < 4 && Elements.AtomicNumber(name.AsSpan(0, 1)) > 0
                    && (name.Length == 1 || char.IsAsciiDigit(name[1]) || (kinds[i] == Kind.Polymer && name is "CA" or "CB"))))
            {
                return false;
            }
        }

        return true;
    }

    private static byte Find(AtomRecord atom, Kind kind, bool aligned)
    {
        var name = atom.Name.TrimStart([.. "0123456789'\"*"]);
        var digitFirst = name.Length < atom.Name.Length;
        if (name.Length == 0)
        {
            return 0;
        }

        var one = Elements.AtomicNumber(name.AsSpan(0, 1));
        var two = name.Length > 1 && char.IsAsciiLetter(name[1]) ? Elements.AtomicNumber(name.AsSpan(0, 2)) : (byte)0;
        var pair = name.Length > 1 ? name[..2].ToUpperInvariant() : string.Empty;
        return kind == Kind.SingleAtom ? OfSingleAtom(atom, name, pair, one, two, aligned)
            : two == 0 || digitFirst ? (one > 0 ? one : two)
            : kind == Kind.Polymer ? OfPolymer(atom, pair, one, two, aligned)
            : OfLigand(atom, pair, one, two, aligned);
    }

    /// <summary>An ion is called as its residue is, more or less: CA of CA, FE of FE2, CO of 3CO.</summary>
    private static byte OfSingleAtom(AtomRecord atom, string name, string pair, byte one, byte two, bool aligned)
    {
        var letters = string.Concat(name.Where(char.IsAsciiLetter)).ToUpperInvariant();
        return Ions.TryGetValue(letters, out var ion) && atom.Residue.StartsWith(letters, StringComparison.OrdinalIgnoreCase) ? ion
            : two > 0 && letters.Length == 2 && atom.Residue.Contains(pair, StringComparison.OrdinalIgnoreCase) ? two
            : two > 0 && ((aligned && atom.NameColumn == 0) || IsPlain(name, pair, one)) ? two
            : one > 0 ? one : two;
    }

    /// <summary>In an amino acid or a nucleotide C, N, O, S and H with the Greek letter of their place, and whatever begins with H or D.</summary>
    private static byte OfPolymer(AtomRecord atom, string pair, byte one, byte two, bool aligned) =>
        pair == "SE" && (atom.Residue is "MSE" or "SEC" || (aligned && atom.NameColumn == 0)) ? two
        : pair[0] is 'H' or 'D' || (pair[0] is 'C' or 'N' or 'O' or 'S' && Greek.Contains(pair[1], StringComparison.Ordinal)) ? one
        : OfPair(atom, pair, one, two, aligned);

    /// <summary>Of the elements that begin with H or D only mercury is found in ligands.</summary>
    private static byte OfLigand(AtomRecord atom, string pair, byte one, byte two, bool aligned) =>
        pair[0] is 'H' or 'D' ? (aligned && atom.NameColumn == 0 && atom.Name.Length < 4 && pair == "HG" ? two : one) : OfPair(atom, pair, one, two, aligned);

    /// <summary>One letter or two, as the columns say; names of four letters fill them, and then they say nothing.</summary>
    private static byte OfPair(AtomRecord atom, string pair, byte one, byte two, bool aligned) =>
        (aligned && atom.Name.Length < 4 ? atom.NameColumn == 0 : IsPlain(atom.Name, pair, one)) || one == 0 ? two : one;

    /// <summary>Whether two letters are an element on their face: the first alone is none, or the second is small (Ca), or the pair is a common one.</summary>
    private static bool IsPlain(string name, string pair, byte one) => one == 0 || char.IsAsciiLetterLower(name[1]) || PlainPairs.Contains(pair);
}
