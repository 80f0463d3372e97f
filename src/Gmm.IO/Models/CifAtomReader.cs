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
    private readonly int _x, _y, _z, _element, _insertion, _alternative, _occupancy, _bFactor, _model, _group;
    private readonly Choice _name, _residue, _chain, _number;
    private readonly AtomTable _table;
    private int _line;

    private CifAtomReader(string path, List<string> names, AtomTable table)
    {
        (_path, _names, _table) = (path, names, table);
        _cells = new string[names.Count];
        (_x, _y, _z) = (Needed("Cartn_x"), Needed("Cartn_y"), Needed("Cartn_z"));
        _element = Column("type_symbol");
        (_name, _residue, _chain, _number) = (Either("atom_id"), Either("comp_id"), Either("asym_id"), Either("seq_id"));
        (_insertion, _alternative) = (Column("pdbx_PDB_ins_code"), Column("label_alt_id"));
        (_occupancy, _bFactor, _model) = (Column("occupancy"), Column("B_iso_or_equiv"), Column("pdbx_PDB_model_num"));
        _group = Column("group_PDB");
    }

    public static AtomTable Read(Stream stream, string path)
    {
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        var table = new AtomTable();
        var tokens = new CifTokenizer(memory.GetBuffer().AsSpan(0, (int)memory.Length));
        var more = tokens.Next(out var token);
        while (more)
        {
            if (tokens.IsQuoted || !CifTokenizer.IsWord(token, "loop_"))
            {
                Note(table, ref tokens, ref token, ref more);
                continue;
            }

            var names = new List<string>();
            while ((more = tokens.Next(out token)) && !tokens.IsQuoted && token[0] == (byte)'_')
            {
                names.Add(Encoding.UTF8.GetString(token));
            }

            if (names.Count > 0 && names[0].StartsWith("_atom_site.", StringComparison.OrdinalIgnoreCase))
            {
                more = new CifAtomReader(path, names, table).ReadRows(ref tokens, ref token, more);
            }
            else if (names.Count > 0)
            {
                NoteCategory(table, names[0]);
            }
        }

        // Scores of a model are never of an experiment, whatever else the file says.
        table.IsExperimental &= table.Predictor is null;
        return table;
    }

    /// <summary>Goes on by a token, or by a pair of name and value, and keeps what it says about where the model comes from.</summary>
    private static void Note(AtomTable table, ref CifTokenizer tokens, ref ReadOnlySpan<byte> token, ref bool more)
    {
        if (tokens.IsQuoted || !(CifTokenizer.IsWord(token, "_exptl.method") || CifTokenizer.IsWord(token, "_ma_qa_metric")))
        {
            more = tokens.Next(out token);
            return;
        }

        var name = Encoding.UTF8.GetString(token);
        NoteCategory(table, name);
        more = tokens.Next(out token);
        if (more && name.Equals("_exptl.method", StringComparison.OrdinalIgnoreCase))
        {
            table.IsExperimental = token is not ([(byte)'?'] or [(byte)'.']) && !CifTokenizer.IsWord(token, "THEORETICAL");
        }
    }

    private static void NoteCategory(AtomTable table, string name)
    {
        if (name.StartsWith("_ma_qa_metric", StringComparison.OrdinalIgnoreCase))
        {
            table.Predictor = "_ma_qa_metric";
        }
        else if (name.StartsWith("_exptl.", StringComparison.OrdinalIgnoreCase))
        {
            table.IsExperimental = true;
        }
    }

    /// <summary>Reads the rows of the first model; those of others, and of a second loop, are counted.</summary>
    /// <returns>Whether a token follows.</returns>
    private bool ReadRows(ref CifTokenizer tokens, ref ReadOnlySpan<byte> token, bool more)
    {
        var first = _table.Atoms.Count == 0;
        string? model = null;
        var models = new HashSet<string>();
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
            models.Add(thisModel);
            if (first && thisModel == model)
            {
                _table.Atoms.Add(Parse());
            }
            else
            {
                _table.Skip(Cell(_chain));
            }
        }

        _table.Frames += models.Count - (first ? 1 : 0);
        return column == 0
            ? more
            : throw new InvalidInputException($"the last row has {column} values, the loop {_cells.Length} columns", _path, _line, "_atom_site");
    }

    private AtomRecord Parse()
    {
        if (IsFromLabel(_name) || IsFromLabel(_residue) || IsFromLabel(_chain) || IsFromLabel(_number))
        {
            _table.FromLabels++;
        }

        return new AtomRecord
        {
            X = Number(_x),
            Y = Number(_y),
            Z = Number(_z),
            Occupancy = (float)Number(_occupancy, 1),
            BFactor = (float)Number(_bFactor, 0),
            AtomicNumber = _element < 0 ? (byte)0 : Elements.AtomicNumber(_cells[_element]),
            Chain = Cell(_chain),
            ResidueNumber = ResidueNumber(),
            InsertionCode = _insertion < 0 ? string.Empty : _cells[_insertion],
            Residue = Cell(_residue),
            Name = Cell(_name),
            Alternative = _alternative < 0 ? string.Empty : _cells[_alternative],
            IsHetero = _group >= 0 && _cells[_group].Equals("HETATM", StringComparison.OrdinalIgnoreCase),
        };
    }

    /// <summary>The authors' value, or the label's where that is missing.</summary>
    private string Cell(Choice column) => column.Author >= 0 && _cells[column.Author].Length > 0 ? _cells[column.Author]
        : column.Label >= 0 ? _cells[column.Label] : string.Empty;

    private bool IsFromLabel(Choice column) => column.Author >= 0 && _cells[column.Author].Length == 0 && column.Label >= 0 && _cells[column.Label].Length > 0;

    private int ResidueNumber()
    {
        var text = Cell(_number);
        if (text.Length == 0)
        {
            _table.WithoutNumber++;
            return 0;
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidInputException(
                $"\"{text}\" is not a residue number", _path, _line,
                _names[_number.Author >= 0 && _cells[_number.Author].Length > 0 ? _number.Author : _number.Label]);
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
        return AtomRecord.Number(bracket > 0 ? text.AsSpan(0, bracket) : text, _path, _line, _names[column]);
    }

    private string Pooled(ReadOnlySpan<byte> token)
    {
        // Coordinates are all different; names are few.
        var text = Encoding.UTF8.GetString(token);
        return text.Length > 4 ? text : _pool.TryGetValue(text, out var known) ? known : _pool[text] = text;
    }

    private int Column(string name) => _names.FindIndex(n => n.Equals("_atom_site." + name, StringComparison.OrdinalIgnoreCase));

    private int Needed(string name) =>
        Column(name) is >= 0 and var column ? column : throw new InvalidInputException("the column is missing", _path, null, "_atom_site." + name);

    private Choice Either(string name)
    {
        var choice = new Choice(Column("auth_" + name), Column("label_" + name));
        return choice.Author >= 0 || choice.Label >= 0
            ? choice
            : throw new InvalidInputException("the column is missing", _path, null, "_atom_site.auth_" + name);
    }

    /// <summary>Columns of the authors' name for something and of the file's own; -1 where there is none.</summary>
    private readonly record struct Choice(int Author, int Label);
}
