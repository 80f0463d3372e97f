using System.Buffers;

namespace Gmm.IO;

/// <summary>
/// The rows of a table as text: where each lies in the bytes of its file, which the file's tables and their copies share until a row is added.
/// </summary>
internal sealed class StarRows
{
    private byte[] _text;
    private int _used;
    private bool _ownsText;
    private int[] _start = [];
    private int[] _length = [];
    private int[] _line = [];

    /// <summary>No rows yet.</summary>
    /// <param name="text">The bytes that rows will be in.</param>
    public StarRows(byte[] text) => _text = text;

    /// <summary>Number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>The text of a row.</summary>
    public ReadOnlySpan<byte> this[int row] => _text.AsSpan(_start[row], _length[row]);

    /// <summary>A cell's text, with its quotes.</summary>
    public ReadOnlySpan<byte> Cell(int row, int column)
    {
        var line = this[row];
        var value = StarText.ValueAt(line, column);
        return line.Slice(value.Start, value.Length);
    }

    /// <summary>The line of a row in its file, from 1; its number for a row that is from none.</summary>
    public int LineOf(int row) => _line[row] > 0 ? _line[row] : row + 1;

    /// <summary>Says which line a row is from.</summary>
    public void SetLine(int row, int line)
    {
        OwnText();
        _line[row] = line;
    }

    /// <summary>Adds a row that is in the bytes already.</summary>
    public void Add(int start, int length, int line)
    {
        if (Count == _start.Length)
        {
            var capacity = Math.Max(16, 2 * Count);
            Array.Resize(ref _start, capacity);
            Array.Resize(ref _length, capacity);
            Array.Resize(ref _line, capacity);
        }

        (_start[Count], _length[Count], _line[Count]) = (start, length, line);
        Count++;
    }

    /// <summary>Adds a row of its own text.</summary>
    public void Append(ReadOnlySpan<byte> row)
    {
        OwnText();
        if (_used + row.Length > _text.Length)
        {
            Array.Resize(ref _text, Math.Max(_used + row.Length, 2 * _text.Length));
        }

        row.CopyTo(_text.AsSpan(_used));
        Add(_used, row.Length, 0);
        _used += row.Length;
    }

    /// <summary>The same rows, in the same bytes.</summary>
    public StarRows Share() => new(_text) { Count = Count, _start = _start, _length = _length, _line = _line };

    /// <summary>Some of the rows, in the same bytes.</summary>
    public StarRows Select(IReadOnlyList<int> rows) => new(_text)
    {
        Count = rows.Count,
        _start = [.. rows.Select(r => _start[r])],
        _length = [.. rows.Select(r => _length[r])],
        _line = [.. rows.Select(LineOf)],
    };

    /// <summary>The bytes belong to the file's other tables too: the rows are copied before one is added to them.</summary>
    private void OwnText()
    {
        if (_ownsText)
        {
            return;
        }

        var buffer = new ArrayBufferWriter<byte>(Math.Max(256, _length.Take(Count).Sum()));
        var start = new int[Count];
        for (var row = 0; row < Count; row++)
        {
            start[row] = buffer.WrittenCount;
            buffer.Write(this[row]);
        }

        (_text, _used, _start) = (buffer.WrittenSpan.ToArray(), buffer.WrittenCount, start);
        _length = _length[..Count];
        _line = _line[..Count];
        _ownsText = true;
    }
}
