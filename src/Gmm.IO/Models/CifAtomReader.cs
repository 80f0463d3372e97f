using System.Globalization;
using System.Text;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>Reads the _atom_site loop of an mmCIF file, columns in any order, first model only.</summary>
internal sealed class CifAtomReader
{
    private readonly string _path;
    private readonly Dictionary<string, string> _pool = [];
    private readonly List<string> _names;
    private readonly string[] _cells;
    private readonly int _x, _y, _z, _element, _name, _residue, _chain, _number, _insertion, _alternative, _occupancy, _bFactor, _model, _group;
    private int _line;

    private CifAtomReader(string path, List<string> names)
    {
        (_path, _names) = (path, names);
        _cells = new string[names.Count];
        (_x, _y, _z) = (Needed("Cartn_x"), Needed("Cartn_y"), Needed("Cartn_z"));
        _element = Column("type_symbol");
        _name = Needed("auth_atom_id", "label_atom_id");
        _residue = Needed("auth_comp_id", "label_comp_id");
        _chain = Needed("auth_asym_id", "label_asym_id");
        _number = Needed("auth_seq_id", "label_seq_id");
        (_insertion, _alternative) = (Column("pdbx_PDB_ins_code"), Column("label_alt_id"));
        (_occupancy, _bFactor, _model) = (Column("occupancy"), Column("B_iso_or_equiv"), Column("pdbx_PDB_model_num"));
        _group = Column("group_PDB");
    }

    public static List<AtomRecord> Read(Stream stream, string path)
    {
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        var tokens = new CifTokenizer(memory.GetBuffer().AsSpan(0, (int)memory.Length));
        var more = tokens.Next(out var token);
        while (more)
        {
            if (tokens.IsQuoted || !CifTokenizer.IsWord(token, "loop_"))
            {
                more = tokens.Next(out token);
                continue;
            }

            var names = new List<string>();
            while ((more = tokens.Next(out token)) && !tokens.IsQuoted && token[0] == (byte)'_')
            {
                names.Add(Encoding.UTF8.GetString(token));
            }

            if (names.Count > 0 && names[0].StartsWith("_atom_site.", StringComparison.OrdinalIgnoreCase))
            {
                return new CifAtomReader(path, names).ReadRows(ref tokens, token, more);
            }
        }

        return [];
    }

    private List<AtomRecord> ReadRows(ref CifTokenizer tokens, ReadOnlySpan<byte> token, bool more)
    {
        var atoms = new List<AtomRecord>();
        string? model = null;
        var column = 0;
        for (; more && !tokens.IsName(token); more = tokens.Next(out token))
        {
            _line = column == 0 ? tokens.Line : _line;
            // Only . and ? without quotes mean "no value".
            _cells[column++] = !tokens.IsQuoted && token is [(byte)'.'] or [(byte)'?'] ? string.Empty : Pooled(token);
            if (column < _cells.Length)
            {
                continue;
            }

            column = 0;
            var thisModel = _model < 0 ? string.Empty : _cells[_model];
            model ??= thisModel;
            if (thisModel == model)
            {
                atoms.Add(Parse());
            }
        }

        return column == 0 ? atoms : throw new InvalidInputException($"the last row has {column} values, the loop {_cells.Length} columns", _path, _line, "_atom_site");
    }

    private AtomRecord Parse()
    {
        var residue = _cells[_residue];
        var element = _element < 0 ? (byte)0 : Elements.AtomicNumber(_cells[_element]);
        return new AtomRecord
        {
            X = Number(_x),
            Y = Number(_y),
            Z = Number(_z),
            Occupancy = (float)Number(_occupancy, 1),
            BFactor = (float)Number(_bFactor, 0),
            AtomicNumber = element > 0 ? element : Elements.FromAtomName((" " + _cells[_name]).PadRight(4), residue),
            Chain = _cells[_chain],
            ResidueNumber = (int)Number(_number, 0),
            InsertionCode = _insertion < 0 ? string.Empty : _cells[_insertion],
            Residue = residue,
            Name = _cells[_name],
            Alternative = _alternative < 0 ? string.Empty : _cells[_alternative],
            IsHetero = _group >= 0 && _cells[_group].Equals("HETATM", StringComparison.OrdinalIgnoreCase),
        };
    }

    private double Number(int column, double? missing = null)
    {
        if (missing is { } m && (column < 0 || _cells[column].Length == 0))
        {
            return m;
        }

        var text = _cells[column];

        // A standard uncertainty in brackets may follow a number: 1.234(5).
        var bracket = text.IndexOf('(', StringComparison.Ordinal);
        return double.TryParse(bracket > 0 ? text.AsSpan(0, bracket) : text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw new InvalidInputException($"\"{text}\" is not a number", _path, _line, _names[column]);
    }

    private string Pooled(ReadOnlySpan<byte> token)
    {
        // Coordinates are all different; names are few.
        var text = Encoding.UTF8.GetString(token);
        return text.Length > 4 ? text : _pool.TryGetValue(text, out var known) ? known : _pool[text] = text;
    }

    private int Column(string name) => _names.FindIndex(n => n.Equals("_atom_site." + name, StringComparison.OrdinalIgnoreCase));

    private int Needed(params ReadOnlySpan<string> anyOf)
    {
        foreach (var name in anyOf)
        {
            if (Column(name) is >= 0 and var column)
            {
                return column;
            }
        }

        throw new InvalidInputException("the column is missing", _path, null, "_atom_site." + anyOf[0]);
    }
}
