using System.Runtime.CompilerServices;
using System.Text;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>Finds the blocks, labels and rows of a STAR file; rows are only located and counted, not copied.</summary>
internal sealed class StarParser(byte[] text, string source)
{
    private readonly StarFile _file = new();
    private readonly List<string> _comments = [];
    private StarBlock? _block;
    private StarTable? _table;
    private bool _inRows;
    private int _line;

    public StarFile Parse()
    {
        RequireText();
        var position = text.Length - InputFile.WithoutMark(text).Length;
        while (position < text.Length)
        {
            _line++;
            var length = text.AsSpan(position).IndexOf((byte)'\n');
            length = length < 0 ? text.Length - position : length;
            var line = StarText.Trim(text.AsSpan(position, length));
            if (!line.IsEmpty)
            {
                TakeLine(line, position);
            }

            position += length + 1;
        }

        foreach (var comment in _comments)
        {
            _file.TrailingComments.Add(comment);
        }

        if (_file.Blocks.Count == 0)
        {
            throw new InvalidInputException("this is not a STAR file: it has no data_ block", source);
        }

        return _file;
    }

    /// <summary>No text has a zero byte: a file with one is of another kind, in another encoding, or has lost a piece.</summary>
    private void RequireText()
    {
        InputFile.RefuseUtf16(text, source);
        var zero = text.AsSpan().IndexOf((byte)0);
        if (zero >= 0)
        {
            throw new InvalidInputException(
                "there is a zero byte (NUL), which no text has: the file is damaged, or no STAR file", source, 1 + text.AsSpan(0, zero).Count((byte)'\n'));
        }
    }

    private void TakeLine(ReadOnlySpan<byte> line, int position)
    {
        if (line[0] == (byte)'#')
        {
            _comments.Add(Encoding.UTF8.GetString(line));
        }
        else if (StarText.StartsWith(line, "data_"u8) && !IsRow(line))
        {
            var end = line[5..].IndexOfAny((byte)' ', (byte)'\t');
            StartBlock(Encoding.UTF8.GetString(end < 0 ? line[5..] : line.Slice(5, end)), hasHeader: true);
        }
        else if (StarText.StartsWith(line, "loop_"u8) && StarText.Split(line, []) == 1)
        {
            StartLoop();
        }
        else if (line[0] == (byte)'_' && !IsRow(line))
        {
            TakeLabel(line);
        }
        else
        {
            TakeRow(line, position);
        }
    }

    /// <summary>A line in a loop that looks like a header or label but has just the right number of values.</summary>
    private bool IsRow(ReadOnlySpan<byte> line) =>
        _inRows && _table!.RawColumnCount > 2 && StarText.Split(line, []) == _table.RawColumnCount;

    private void StartBlock(string name, bool hasHeader)
    {
        _block = new StarBlock(name) { HasHeader = hasHeader, Source = source };
        foreach (var comment in _comments)
        {
            _block.Comments.Add(comment);
        }

        _comments.Clear();
        (_table, _inRows) = (null, false);
        _file.Add(_block);
    }

    private void StartLoop()
    {
        if (_block is null)
        {
            throw Error("loop_ stands before any data_ block");
        }

        if (_table is not null || _block.Pairs.Count > 0)
        {
            StartBlock(_block.Name, hasHeader: false);
        }

        _table = _block.Table = new StarTable(new StarRows(text), source);
        _inRows = false;
    }

    private void TakeLabel(ReadOnlySpan<byte> line)
    {
        if (_block is null)
        {
            throw Error("a label stands before any data_ block");
        }

        Span<TextRange> tokens = stackalloc TextRange[2];
        var count = StarText.Split(line, tokens);
        var label = Encoding.UTF8.GetString(line.Slice(tokens[0].Start + 1, tokens[0].Length - 1));
        if (_table is not null && !_inRows && count == 1)
        {
            AddLabel(label);
            return;
        }

        if (_table is not null && !_inRows)
        {
            throw Error($"the label {label} of a loop is followed by a value");
        }

        if (_table is not null)
        {
            StartBlock(_block.Name, hasHeader: false);
        }

        // A value of several words without quotes is kept as one text.
        var value = count switch
        {
            1 => string.Empty,
            2 => StarText.Decode(line.Slice(tokens[1].Start, tokens[1].Length)),
            _ => Encoding.UTF8.GetString(line[tokens[1].Start..]),
        };
        if (_block!.Contains(label))
        {
            throw Error($"the label {label} is there twice");
        }

        _block.AddPair(new StarPair(label, value, _line), count > 1 ? line[tokens[1].Start..].ToArray() : null);
    }

    private void AddLabel(string label)
    {
        try
        {
            _table!.AddLabel(label);
        }
        catch (ArgumentException e)
        {
            throw new InvalidInputException($"the label {label} of the loop cannot be used: {ErrorText.Problem(e)}", source, _line, innerException: e);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TakeRow(ReadOnlySpan<byte> line, int position)
    {
        if (_table is null)
        {
            throw Error(_block is null ? "this is not a STAR file: text stands before any data_ block" : "a value has no label");
        }

        var count = StarText.Split(line, []);
        if (count != _table.RawColumnCount)
        {
            throw Error($"the row has {count} values, the loop of data_{_block!.Name} {_table.RawColumnCount} columns");
        }

        while (StarText.IsSpace(text[position]))
        {
            position++;
        }

        _inRows = true;
        _table.AddRawRow(position, line.Length, _line);
    }

    private InvalidInputException Error(string problem) => new(problem, source, _line);
}
