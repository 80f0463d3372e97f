using System.Globalization;
using System.Text;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>
/// A loop of a STAR file: columns by label, cells as text. The rows stay as the bytes of the file and are split when they are asked
/// for, so a table of 400,000 particles takes little more memory than its file, and cells nobody changes are written as they were read.
/// </summary>
/// <remarks>Labels have no underscore and are case-sensitive. Reading is safe on many threads; changing is not.</remarks>
public sealed class StarTable
{
    private const int StackTokens = 128;
    private readonly List<Column> _columns = [];
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    private readonly StarRows _rows;

    /// <summary>Makes an empty table.</summary>
    /// <param name="labels">Labels of the columns, without underscore.</param>
    /// <exception cref="ArgumentException">A label twice, or one with a space.</exception>
    public StarTable(params IEnumerable<string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        _rows = new StarRows([]);
        foreach (var label in labels)
        {
            AddLabel(label);
        }
    }

    internal StarTable(StarRows rows, string? source) => (_rows, Source) = (rows, source);

    /// <summary>The file the table is from, for error messages.</summary>
    public string? Source { get; internal set; }

    /// <summary>Number of rows.</summary>
    public int RowCount => _rows.Count;

    /// <summary>Labels of the columns in order, without underscore.</summary>
    public IReadOnlyList<string> Labels => [.. _columns.Select(c => c.Label)];

    /// <summary>Number of columns that the stored rows have.</summary>
    internal int RawColumnCount { get; private set; }

    /// <summary>Position of a column.</summary>
    /// <param name="label">The label, without underscore.</param>
    /// <returns>The position, or -1 if there is none.</returns>
    public int IndexOf(string label) => _index.GetValueOrDefault(label, -1);

    /// <summary>Whether the table has a column.</summary>
    /// <param name="label">The label, without underscore.</param>
    /// <returns>True if it has.</returns>
    public bool Contains(string label) => IndexOf(label) >= 0;

    /// <summary>Line of a row in its file.</summary>
    /// <param name="row">Row, from 0.</param>
    /// <returns>The line (from 1), or the row's number (from 1) for a table not from a file.</returns>
    public int LineOf(int row)
    {
        CheckRow(row);
        return _rows.LineOf(row);
    }

    /// <summary>Says which line a row is from, of a table that was made of another kind of file.</summary>
    internal void SetLine(int row, int line)
    {
        CheckRow(row);
        _rows.SetLine(row, line);
    }

    /// <summary>A cell's text, without quotes.</summary>
    /// <param name="row">Row, from 0.</param>
    /// <param name="label">The label, without underscore.</param>
    /// <returns>The text.</returns>
    /// <exception cref="InvalidInputException">There is no such column.</exception>
    public string GetText(int row, string label)
    {
        CheckRow(row);
        var column = Find(label, row);
        return column.Values is { } values ? values[row] : StarText.Decode(_rows.Cell(row, column.Raw));
    }

    /// <summary>A cell as a finite number, in the invariant culture.</summary>
    /// <param name="row">Row, from 0.</param>
    /// <param name="label">The label, without underscore.</param>
    /// <returns>The number.</returns>
    /// <exception cref="InvalidInputException">There is no such column, or the text is not a finite number.</exception>
    public double GetDouble(int row, string label)
    {
        CheckRow(row);
        var column = Find(label, row);
        return column.Values is { } values
            ? ParseDouble(Encoding.UTF8.GetBytes(values[row]), row, label)
            : ParseDouble(_rows.Cell(row, column.Raw), row, label);
    }

    /// <summary>A cell as a whole number; "2.000000" counts as one.</summary>
    /// <param name="row">Row, from 0.</param>
    /// <param name="label">The label, without underscore.</param>
    /// <returns>The number.</returns>
    /// <exception cref="InvalidInputException">There is no such column, or the text is not a whole number.</exception>
    public int GetInteger(int row, string label)
    {
        CheckRow(row);
        var column = Find(label, row);
        return column.Values is { } values
            ? ParseInteger(Encoding.UTF8.GetBytes(values[row]), row, label)
            : ParseInteger(_rows.Cell(row, column.Raw), row, label);
    }

    /// <summary>A whole column's text, without quotes.</summary>
    /// <param name="label">The label, without underscore.</param>
    /// <returns>One text for each row.</returns>
    /// <exception cref="InvalidInputException">There is no such column.</exception>
    public string[] GetColumn(string label)
    {
        return [.. Texts(label)];
    }

    /// <summary>A whole column's text as it stands now, each made when it is asked for; what is set later does not change it.</summary>
    internal IReadOnlyList<string> Texts(string label)
    {
        var (rows, column) = (_rows, Find(label, null));
        return column.Values ?? new MappedList<string>(RowCount, row => StarText.Decode(rows.Cell(row, column.Raw)));
    }

    /// <summary>Replaces a column's cells, or adds a column at the end.</summary>
    /// <param name="label">The label, without underscore.</param>
    /// <param name="values">One text for each row; kept, not copied.</param>
    /// <exception cref="ArgumentException">Not one text for each row.</exception>
    public void SetColumn(string label, IReadOnlyList<string> values)
    {
        ArgumentNullException.ThrowIfNull(label);
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count != RowCount)
        {
            throw new ArgumentException($"The table has {RowCount} rows, the column {label} {values.Count}.", nameof(values));
        }

        CheckLabel(label);
        var i = IndexOf(label);
        if (i < 0)
        {
            AddColumn(new Column(label, -1, values));
        }
        else
        {
            _columns[i] = _columns[i] with { Values = values };
        }
    }

    /// <summary>Adds a row at the end.</summary>
    /// <param name="cells">One text for each column, in order.</param>
    /// <exception cref="ArgumentException">Not one text for each column, or a text that STAR cannot hold.</exception>
    /// <exception cref="InvalidOperationException">Columns were replaced or added before.</exception>
    public void AddRow(params ReadOnlySpan<string> cells)
    {
        if (_columns.Count != RawColumnCount || _columns.Exists(c => c.Values is not null))
        {
            throw new InvalidOperationException("Rows cannot be added once columns were set or taken out.");
        }

        if (cells.Length != _columns.Count)
        {
            throw new ArgumentException($"The table has {_columns.Count} columns, the row {cells.Length} cells.", nameof(cells));
        }

        var line = new StringBuilder();
        foreach (var cell in cells)
        {
            line.Append(line.Length > 0 ? " " : string.Empty).Append(StarText.Quote(cell));
        }

        _rows.Append(Encoding.UTF8.GetBytes(line.ToString()));
    }

    /// <summary>A copy that can be changed without changing this table; the rows' text is shared.</summary>
    /// <returns>The copy.</returns>
    public StarTable Clone()
    {
        var copy = new StarTable(_rows.Share(), Source) { RawColumnCount = RawColumnCount };
        _columns.ForEach(copy.AddColumn);
        return copy;
    }

    /// <summary>A copy with some of the rows; their text is shared.</summary>
    /// <param name="rows">The rows, in the order wanted.</param>
    /// <returns>The copy.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No such row.</exception>
    public StarTable Select(IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (var row in rows)
        {
            CheckRow(row);
        }

        int[] kept = [.. rows];
        var copy = new StarTable(_rows.Select(kept), Source) { RawColumnCount = RawColumnCount };
        _columns.ForEach(c => copy.AddColumn(c.Values is { } values ? c with { Values = new MappedList<string>(kept.Length, i => values[kept[i]]) } : c));
        return copy;
    }

    /// <summary>A copy without some of the columns; the rows' text is shared.</summary>
    internal StarTable Without(IReadOnlyCollection<string> labels)
    {
        var copy = new StarTable(_rows.Share(), Source) { RawColumnCount = RawColumnCount };
        _columns.Where(c => !labels.Contains(c.Label)).ToList().ForEach(copy.AddColumn);
        return copy;
    }

    /// <summary>A table in which each row stands several times, one after the other; the text is shared.</summary>
    internal StarTable RepeatRows(int times) => Select([.. Enumerable.Range(0, RowCount * times).Select(i => i / times)]);

    /// <summary>Adds a row that is in the bytes of the file.</summary>
    internal void AddRawRow(int start, int length, int line) => _rows.Add(start, length, line);

    internal void AddLabel(string label)
    {
        CheckLabel(label);
        if (Contains(label))
        {
            throw new ArgumentException($"The label {label} is there twice.", nameof(label));
        }

        AddColumn(new Column(label, RawColumnCount++, null));
    }

    private void AddColumn(Column column)
    {
        _index.Add(column.Label, _columns.Count);
        _columns.Add(column);
    }

    /// <summary>Where a column's value is in the stored rows: -1 if there is no such column, -2 if it was set and is in none.</summary>
    internal int RawIndexOf(string label) => IndexOf(label) is var i and >= 0 ? _columns[i].Values is null ? _columns[i].Raw : -2 : -1;

    /// <summary>The bytes of a row and where its values are; for readers that take many cells of each row.</summary>
    internal ReadOnlySpan<byte> SplitRow(int row, Span<TextRange> values)
    {
        var line = _rows[row];
        StarText.Split(line, values);
        return line;
    }

    internal double ParseDouble(ReadOnlySpan<byte> raw, int row, string label)
    {
        if (!NumberText.TryParse(StarText.Unquote(raw), out var value) || !double.IsFinite(value))
        {
            throw Error($"\"{StarText.Decode(raw)}\" is not a finite number", row, label);
        }

        return value;
    }

    /// <summary>A cell as a number that float32 holds.</summary>
    internal float GetSingle(int row, string label)
    {
        var value = (float)GetDouble(row, label);
        return float.IsFinite(value) ? value : throw Error($"\"{GetText(row, label)}\" is not a number of ordinary size", row, label);
    }

    internal int ParseInteger(ReadOnlySpan<byte> raw, int row, string label)
    {
        if (int.TryParse(StarText.Unquote(raw), NumberStyles.Integer, CultureInfo.InvariantCulture, out var integer))
        {
            return integer;
        }

        if (double.TryParse(StarText.Unquote(raw), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && Math.Abs(value) <= int.MaxValue && value == Math.Floor(value))
        {
            return (int)value;
        }

        throw Error($"\"{StarText.Decode(raw)}\" is not a whole number", row, label);
    }

    internal InvalidInputException Error(string problem, int? row, string label) =>
        new(problem, Source, row is { } r ? LineOf(r) : null, label);

    internal void WriteTo(Stream stream)
    {
        var header = new StringBuilder("loop_\n");
        for (var i = 0; i < _columns.Count; i++)
        {
            header.Append('_').Append(_columns[i].Label).Append(" #").Append((i + 1).ToString(CultureInfo.InvariantCulture)).Append('\n');
        }

        stream.Write(Encoding.UTF8.GetBytes(header.ToString()));
        var changed = _columns.Count != RawColumnCount || _columns.Exists(c => c.Values is not null);
        using var line = new MemoryStream();
        for (var row = 0; row < RowCount; row++)
        {
            if (changed)
            {
                line.SetLength(0);
                Compose(row, line);
                stream.Write(line.GetBuffer().AsSpan(0, (int)line.Length));
            }
            else
            {
                stream.Write(_rows[row]);
            }

            stream.WriteByte((byte)'\n');
        }

        stream.WriteByte((byte)'\n');
    }

    private static void CheckLabel(string label)
    {
        if (label.Length == 0 || label[0] == '#' || label.Any(char.IsWhiteSpace))
        {
            throw new ArgumentException($"\"{label}\" cannot be a label.", nameof(label));
        }
    }

    private void Compose(int row, MemoryStream line)
    {
        var tokens = RawColumnCount <= StackTokens ? stackalloc TextRange[RawColumnCount] : new TextRange[RawColumnCount];
        var raw = SplitRow(row, tokens);
        for (var i = 0; i < _columns.Count; i++)
        {
            if (i > 0)
            {
                line.WriteByte((byte)' ');
            }

            if (_columns[i].Values is { } values)
            {
                line.Write(Encoding.UTF8.GetBytes(StarText.Quote(values[row])));
            }
            else
            {
                var t = tokens[_columns[i].Raw];
                line.Write(raw.Slice(t.Start, t.Length));
            }
        }
    }

    private Column Find(string label, int? row)
    {
        var i = IndexOf(label);
        return i >= 0 ? _columns[i] : throw Error("there is no such column", row, label);
    }

    private void CheckRow(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, RowCount);
    }

    private sealed record Column(string Label, int Raw, IReadOnlyList<string>? Values);
}
