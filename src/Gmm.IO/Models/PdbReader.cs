using System.Globalization;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>Reads the ATOM and HETATM lines of a PDB file (format 3.3), first frame only: up to ENDMDL, END or the next MODEL.</summary>
internal sealed class PdbReader
{
    private readonly string _path;
    private readonly AtomTable _table = new();
    private readonly Dictionary<string, string> _pool = [];
    private readonly List<int> _wideChains = [];
    private bool _complete;
    private bool _betweenFrames;

    private PdbReader(string path) => _path = path;

    public static AtomTable Read(Stream stream, string path)
    {
        var pdb = new PdbReader(path);
        var lines = new BoundedLines(stream, path);
        while (lines.Next() is { } text)
        {
            pdb.ReadLine(text, lines.Line);
        }

        PdbResidueNames.Widen(pdb._table.Atoms, pdb._wideChains);
        return pdb._table;
    }

    private static bool Is(string text, string record) => text.StartsWith(record, StringComparison.Ordinal);

    private void ReadLine(string text, int line)
    {
        if (Is(text, "ATOM  ") || Is(text, "HETATM"))
        {
            ReadAtom(text, line);
        }
        else if (Is(text, "ENDMDL") || Is(text, "MODEL ") || text.TrimEnd() is "END" or "MODEL")
        {
            _betweenFrames = true;
            _complete = _table.Atoms.Count > 0;
        }
        else if (Is(text, "EXPDTA"))
        {
            _table.IsExperimental |= !text.Contains("THEORETICAL MODEL", StringComparison.OrdinalIgnoreCase);
        }
        else if (Is(text, "REMARK   2 RESOLUTION") || Is(text, "REMARK   3"))
        {
            // Resolution or refinement: predictors write neither.
            _table.IsExperimental |= text.Length > 11;
        }
        else if (Is(text, "HEADER") || Is(text, "TITLE") || Is(text, "REMARK") || Is(text, "COMPND") || Is(text, "AUTHOR") || Is(text, "JRNL"))
        {
            _table.Predictor ??= PredictedModels.Word(text);
        }
    }

    private void ReadAtom(string text, int line)
    {
        if (!_complete)
        {
            _betweenFrames = false;
            _table.Atoms.Add(Parse(text, line));
            return;
        }

        _table.Frames += _betweenFrames ? 1 : 0;
        _betweenFrames = false;
        _table.Skip(Text(text, 21, 2));
    }

    private AtomRecord Parse(string text, int line)
    {
        if (text.Length < 54)
        {
            throw new InvalidInputException($"the atom's line ends before the coordinates do (column {text.Length})", _path, line, "x, y, z");
        }

        if (text[20] != ' ')
        {
            _wideChains.Add(_table.Atoms.Count);
        }

        var name = text.AsSpan(12, 4);
        return new AtomRecord
        {
            X = Number(text, line, "x", 31, 8),
            Y = Number(text, line, "y", 39, 8),
            Z = Number(text, line, "z", 47, 8),
            Occupancy = (float)Number(text, line, "occupancy", 55, 6, 1),
            BFactor = (float)Number(text, line, "B factor", 61, 6, 0),
            AtomicNumber = Elements.AtomicNumber(Text(text, 77, 2)),
            Chain = Text(text, 21, 2),
            ResidueNumber = ResidueNumber(Text(text, 23, 4), line),
            InsertionCode = Text(text, 27, 1),
            Residue = Text(text, 18, 3),
            Name = Text(text, 13, 4),
            NameColumn = name.Length - name.TrimStart().Length,
            Alternative = Text(text, 17, 1),
            IsHetero = Is(text, "HETATM"),
        };
    }

    /// <summary>The text of some columns (from 1) without blanks, one string for all that are equal.</summary>
    private string Text(string text, int column, int length)
    {
        var value = Cut(text, column, length).ToString();
        return _pool.TryGetValue(value, out var known) ? known : _pool[value] = value;
    }

    private static ReadOnlySpan<char> Cut(string text, int column, int length) =>
        column - 1 >= text.Length ? [] : text.AsSpan(column - 1, Math.Min(length, text.Length - column + 1)).Trim();

    private double Number(string text, int line, string field, int column, int length, double? missing = null)
    {
        var value = Cut(text, column, length);
        return value.IsEmpty && missing is { } m ? m : AtomRecord.Number(value, _path, line, field);
    }

    /// <summary>A residue number; above 9999 in hybrid-36 (letters first), as gemmi, phenix and others write it.</summary>
    private int ResidueNumber(string text, int line)
    {
        if (text.Length == 0)
        {
            _table.WithoutNumber++;
            return 0;
        }

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

        throw new InvalidInputException($"\"{text}\" is not a residue number", _path, line, "residue number");
    }
}
