using System.Text;

namespace Gmm.IO;

/// <summary>Cuts a CIF file into values and names by the CIF 1.1 syntax: quotes, text fields between semicolons, comments.</summary>
internal ref struct CifTokenizer(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private int _position;

    /// <summary>Line (from 1) of the token last read.</summary>
    public int Line { get; private set; } = 1;

    /// <summary>Whether the token last read was quoted or a text field, and so is a value whatever it looks like.</summary>
    public bool IsQuoted { get; private set; }

    /// <summary>Reads the next token; false at the end.</summary>
    public bool Next(out ReadOnlySpan<byte> token)
    {
        SkipSpace();
        token = default;
        IsQuoted = false;
        if (_position >= _text.Length)
        {
            return false;
        }

        var c = _text[_position];
        if (c == (byte)';' && (_position == 0 || _text[_position - 1] == (byte)'\n'))
        {
            token = TextField();
        }
        else if (c is (byte)'\'' or (byte)'"')
        {
            token = Quoted(c);
        }
        else
        {
            var start = _position;
            while (_position < _text.Length && !IsSpace(_text[_position]))
            {
                _position++;
            }

            token = _text[start.._position];
        }

        return true;
    }

    /// <summary>Whether a token is a name, or a word that starts something new.</summary>
    public readonly bool IsName(ReadOnlySpan<byte> token) =>
        !IsQuoted && token.Length > 0 && (token[0] == (byte)'_' || IsWord(token, "loop_") || IsWord(token, "data_") || IsWord(token, "save_"));

    /// <summary>Whether a token starts with a reserved word, in any case.</summary>
    public static bool IsWord(ReadOnlySpan<byte> token, string word) =>
        token.Length >= word.Length && Ascii.EqualsIgnoreCase(token[..word.Length], word);

    private static bool IsSpace(byte c) => c is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    private void SkipSpace()
    {
        while (_position < _text.Length)
        {
            var c = _text[_position];
            if (c == (byte)'#')
            {
                var end = _text[_position..].IndexOf((byte)'\n');
                _position = end < 0 ? _text.Length : _position + end;
            }
            else if (IsSpace(c))
            {
                Line += c == (byte)'\n' ? 1 : 0;
                _position++;
            }
            else
            {
                return;
            }
        }
    }

    private ReadOnlySpan<byte> TextField()
    {
        IsQuoted = true;
        var start = ++_position;
        var length = _text[start..].IndexOf("\n;"u8);
        var field = length < 0 ? _text[start..] : _text.Slice(start, length);
        Line += field.Count((byte)'\n') + (length < 0 ? 0 : 1);
        _position = Math.Min(_text.Length, start + field.Length + 2);
        return field;
    }

    private ReadOnlySpan<byte> Quoted(byte quote)
    {
        IsQuoted = true;
        var start = ++_position;
        while (_position < _text.Length && _text[_position] != (byte)'\n')
        {
            if (_text[_position] == quote && (_position + 1 == _text.Length || IsSpace(_text[_position + 1])))
            {
                return _text[start.._position++];
            }

            _position++;
        }

        return _text[start.._position];
    }
}
