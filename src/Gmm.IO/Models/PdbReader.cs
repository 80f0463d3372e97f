using System.Globalization;
using System.Text;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>Reads the ATOM and HETATM lines of a PDB file (format 3.3), first model only.</summary>
internal static class PdbReader
{
    public static List<AtomRecord> Read(Stream stream, string path)
    {
        var atoms = new List<AtomRecord>();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var pool = new Dictionary<string, string>();
        for (var line = 1; reader.ReadLine() is { } text; line++)
        {
            if (text.StartsWith("ENDMDL", StringComparison.Ordinal))
            {
                break;
            }

            if (text.StartsWith("ATOM  ", StringComparison.Ordinal) || text.StartsWith("HETATM", StringComparison.Ordinal))
            {
                atoms.Add(Parse(text, path, line, pool));
            }
        }

        return atoms;
    }

    private static AtomRecord Parse(string text, string path, int line, Dictionary<string, string> pool)
    {
        if (text.Length < 54)
        {
            throw new InvalidInputException($"the atom's line ends before the coordinates do (column {text.Length})", path, line, "x, y, z");
        }

        string Text(int column, int length)
        {
            var value = column - 1 >= text.Length ? string.Empty : text.AsSpan(column - 1, Math.Min(length, text.Length - column + 1)).Trim().ToString();
            return pool.TryGetValue(value, out var known) ? known : pool[value] = value;
        }

        double Number(string field, int column, int length, double? missing = null)
        {
            var value = Text(column, length);
            return value.Length == 0 && missing is { } m ? m
                : double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number
                : throw new InvalidInputException($"\"{value}\" is not a number", path, line, field);
        }

        var residue = Text(18, 3);
        var symbol = Text(77, 2);
        var element = Elements.AtomicNumber(symbol);
        return new AtomRecord
        {
            X = Number("x", 31, 8),
            Y = Number("y", 39, 8),
            Z = Number("z", 47, 8),
            Occupancy = (float)Number("occupancy", 55, 6, 1),
            BFactor = (float)Number("B factor", 61, 6, 0),
            AtomicNumber = element > 0 ? element : Elements.FromAtomName(text.AsSpan(12, 4), residue),
            Chain = Text(22, 1),
            ResidueNumber = ResidueNumber(Text(23, 4), path, line),
            InsertionCode = Text(27, 1),
            Residue = residue,
            Name = Text(13, 4),
            Alternative = Text(17, 1),
            IsHetero = text.StartsWith("HETATM", StringComparison.Ordinal),
        };
    }

    /// <summary>A residue number; above 9999 in hybrid-36 (letters first), as gemmi, phenix and others write it.</summary>
    private static int ResidueNumber(string text, string path, int line)
    {
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        if (text.Length == 4 && text.All(char.IsAsciiLetterOrDigit) && char.IsAsciiLetter(text[0]))
        {
            var value = text.Aggregate(0, (v, c) => (v * 36) + (char.IsAsciiDigit(c) ? c - '0' : char.ToUpperInvariant(c) - 'A' + 10));
            const int first = 10 * 36 * 36 * 36;
            return value - first + 10000 + (char.IsAsciiLetterLower(text[0]) ? 26 * 36 * 36 * 36 : 0);
        }

        throw new InvalidInputException($"\"{text}\" is not a residue number", path, line, "residue number");
    }
}
