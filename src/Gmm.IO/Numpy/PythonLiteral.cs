using System.Globalization;
using System.Text;

namespace Gmm.IO;

/// <summary>
/// Reads the Python literals that the header of an NPY file is made of: texts, whole numbers, True, False, None, and tuples, lists and dictionaries of
/// them. Nothing is executed.
/// </summary>
internal ref struct PythonLiteral(ReadOnlySpan<char> text)
{
    private const int Deepest = 16;
    private readonly ReadOnlySpan<char> _text = text;
    private int _position;

    /// <summary>Reads a literal that is the whole text.</summary>
    /// <returns>A string, long, bool, null, a list of objects (a tuple too) or a dictionary by texts.</returns>
    /// <exception cref="FormatException">It is none.</exception>
    public static object? Parse(ReadOnlySpan<char> text)
    {
        var reader = new PythonLiteral(text);
        var value = reader.Value(0);
        reader.Skip();
        return reader._position == text.Length ? value : throw reader.Wrong("the end");
    }

    /// <summary>A text as a literal.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("'");
        foreach (var c in text)
        {
            quoted.Append(c switch
            {
                '\'' or '\\' => $"\\{c}",
                < ' ' or > '~' => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
        }

        return quoted.Append('\'').ToString();
    }

    private object? Value(int depth)
    {
        if (depth > Deepest)
        {
            throw new FormatException("it is nested too deeply");
        }

        Skip();
        var c = Peek();
        return c switch
        {
            '(' => List(')', depth),
            '[' => List(']', depth),
            '{' => Dictionary(depth),
            '\'' or '"' => Text(),
            '-' or (>= '0' and <= '9') => Number(),
            _ => Word(),
        };
    }

    private List<object?> List(char end, int depth)
    {
        var list = new List<object?>();
        _position++;
        for (Skip(); Peek() != end; Skip())
        {
            list.Add(Value(depth + 1));
            Skip();
            if (Peek() == ',')
            {
                _position++;
            }
            else if (Peek() != end)
            {
                throw Wrong($"',' or '{end}'");
            }
        }

        _position++;
        return list;
    }

    private Dictionary<string, object?> Dictionary(int depth)
    {
        var dictionary = new Dictionary<string, object?>(StringComparer.Ordinal);
        _position++;
        for (Skip(); Peek() != '}'; Skip())
        {
            var key = Text();
            Skip();
            if (Peek() != ':')
            {
                throw Wrong("':'");
            }

            _position++;
            if (!dictionary.TryAdd(key, Value(depth + 1)))
            {
                throw new FormatException($"\"{key}\" is there twice");
            }

            Skip();
            if (Peek() == ',')
            {
                _position++;
            }
            else if (Peek() != '}')
            {
                throw Wrong("',' or '}'");
            }
        }

        _position++;
        return dictionary;
    }

    private string Text()
    {
        var quote = Peek();
        if (quote is not ('\'' or '"'))
        {
            throw Wrong("a text");
        }

        var value = new StringBuilder();
        for (_position++; Peek() != quote; _position++)
        {
            value.Append(Peek() == '\\' ? Escaped() : Peek());
        }

        _position++;
        return value.ToString();
    }

    private char Escaped()
    {
        _position++;
        var digits = Peek() switch { 'x' => 2, 'u' => 4, _ => 0 };
        if (digits == 0)
        {
            return Peek() is '\\' or '\'' or '"' ? Peek() : throw Wrong("an escaped letter");
        }

        if (_position + digits >= _text.Length
            || !ushort.TryParse(_text.Slice(_position + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            throw Wrong("the number of a letter");
        }

        _position += digits;
        return (char)code;
    }

    private long Number()
    {
        var start = _position;
        while (_position < _text.Length && _text[_position] is '-' or (>= '0' and <= '9'))
        {
            _position++;
        }

        var number = long.TryParse(_text[start.._position], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Wrong("a whole number");
        // Python 2 wrote an L behind long numbers.
        if (_position < _text.Length && _text[_position] == 'L')
        {
            _position++;
        }

        return number;
    }

    private object? Word()
    {
        foreach (var (word, value) in new (string, object?)[] { ("True", true), ("False", false), ("None", null) })
        {
            if (_text[_position..].StartsWith(word, StringComparison.Ordinal))
            {
                _position += word.Length;
                return value;
            }
        }

        throw Wrong("a value");
    }

    private void Skip()
    {
        while (_position < _text.Length && char.IsWhiteSpace(_text[_position]))
        {
            _position++;
        }
    }

    private readonly char Peek() => _position < _text.Length ? _text[_position] : throw Wrong("more");

    private readonly FormatException Wrong(string expected) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{expected} is expected at its byte {_position + 1}"));
}
