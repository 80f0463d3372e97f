using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Gmm.IO;

/// <summary>A piece of a line of a STAR file: where a value starts and how long it is, quotes included.</summary>
internal readonly record struct TextRange(int Start, int Length);

/// <summary>The lexical rules of STAR lines: values between spaces or tabs, quoted values, comments.</summary>
/// <remarks>
/// As in STAR and CIF, a quoted value ends at the same quote followed by a space or the line's end, and an unquoted # after a space
/// starts a comment. A value that starts with a quote and never ends is taken as it is. As in RELION, which reads no text fields of several
/// lines, a bell character before a quote says that the value does not end there.
/// </remarks>
internal static class StarText
{
    private const byte Bell = 7;

    /// <summary>Splits a line into values.</summary>
    /// <returns>The number of values; those beyond the span are counted but not stored.</returns>
    public static int Split(ReadOnlySpan<byte> line, Span<TextRange> values)
    {
        // Most lines have values and spaces alone.
        if (line.IndexOfAny((byte)'"', (byte)'\'', (byte)'#') < 0)
        {
            return SplitPlain(line, values);
        }

        var scanner = new Scanner(line);
        var count = 0;
        for (; scanner.Next(out var value); count++)
        {
            if (count < values.Length)
            {
                values[count] = value;
            }
        }

        return count;
    }

    /// <summary>
    /// The same for a line without quotes and comments: 16 bytes at once, a bit of a mask for each (lane i is byte i), in which values begin and end where
    /// a bit differs from the one before; the bytes of the last, short block are copied to one that is filled up with spaces.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int SplitPlain(ReadOnlySpan<byte> line, Span<TextRange> values)
    {
        var (count, start, wasSpace) = (0, 0, 1u);
        scoped Span<byte> rest = stackalloc byte[Vector128<byte>.Count];
        for (var at = 0; at <= line.Length; at += Vector128<byte>.Count)
        {
            var block = line[at..];
            if (block.Length < Vector128<byte>.Count)
            {
                rest.Fill((byte)' ');
                block.CopyTo(rest);
            }

            var bytes = Vector128.Create(block.Length < Vector128<byte>.Count ? rest : block);
            var space = (Vector128.Equals(bytes, Vector128.Create((byte)' ')) | Vector128.Equals(bytes, Vector128.Create((byte)'\t'))
                | Vector128.Equals(bytes, Vector128.Create((byte)'\r'))).ExtractMostSignificantBits();
            for (var edges = (space ^ ((space << 1) | wasSpace)) & 0xFFFF; edges != 0; edges &= edges - 1)
            {
                var place = at + BitOperations.TrailingZeroCount(edges);
                if ((space >> (place - at) & 1) == 0)
                {
                    start = place;
                }
                else
                {
                    if (count < values.Length)
                    {
                        values[count] = new TextRange(start, place - start);
                    }

                    count++;
                }
            }

            wasSpace = space >> (Vector128<byte>.Count - 1);
        }

        return count;
    }

    /// <summary>One value of a line; empty at the line's start if there are not as many.</summary>
    public static TextRange ValueAt(ReadOnlySpan<byte> line, int index)
    {
        var scanner = new Scanner(line);
        for (var i = 0; scanner.Next(out var value); i++)
        {
            if (i == index)
            {
                return value;
            }
        }

        return default;
    }

    /// <summary>The bytes of a value without its quotes.</summary>
    public static ReadOnlySpan<byte> Unquote(ReadOnlySpan<byte> raw) =>
        raw.Length >= 2 && raw[0] is (byte)'"' or (byte)'\'' && raw[^1] == raw[0] ? raw[1..^1] : raw;

    /// <summary>The text of a value without its quotes.</summary>
    public static string Decode(ReadOnlySpan<byte> raw)
    {
        var inner = Unquote(raw);
        var text = Encoding.UTF8.GetString(inner);
        return inner.Length == raw.Length || !inner.Contains(Bell) ? text : text.Replace($"\a{(char)raw[0]}", $"{(char)raw[0]}", StringComparison.Ordinal);
    }

    /// <summary>A value as it must stand in a file: quoted where the rules need it.</summary>
    /// <exception cref="ArgumentException">
    /// The text has a line break or a zero byte, or several words and a bell character at its end, and cannot be written.
    /// </exception>
    public static string Quote(string text)
    {
        if (text.AsSpan().IndexOfAny('\n', '\r', '\0') >= 0)
        {
            throw new ArgumentException("A STAR value cannot hold a line break or a zero byte.", nameof(text));
        }

        if (!NeedsQuotes(text))
        {
            return text;
        }

        if (!EndsEarly(text, '"'))
        {
            return $"\"{text}\"";
        }

        return !EndsEarly(text, '\'') ? $"'{text}'"
            : !text.EndsWith('\a') ? $"\"{text.Replace("\"", "\a\"", StringComparison.Ordinal)}\""
            : throw new ArgumentException("A STAR value of several words cannot end with a bell character.", nameof(text));
    }

    /// <summary>Whether a byte separates values.</summary>
    public static bool IsSpace(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r';

    /// <summary>A line without spaces at its ends.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> line)
    {
        int a = 0, b = line.Length;
        while (a < b && IsSpace(line[a]))
        {
            a++;
        }

        while (b > a && IsSpace(line[b - 1]))
        {
            b--;
        }

        return line[a..b];
    }

    /// <summary>Whether a line starts with a word, in any case.</summary>
    public static bool StartsWith(ReadOnlySpan<byte> line, ReadOnlySpan<byte> lowerCaseWord) =>
        line.Length >= lowerCaseWord.Length && Ascii.EqualsIgnoreCase(line[..lowerCaseWord.Length], lowerCaseWord);

    private static bool NeedsQuotes(string text) =>
        text.Length == 0
        || text[0] is '"' or '\'' or '#' or '_'
        || text.AsSpan().IndexOfAny(' ', '\t') >= 0
        || text.StartsWith("data_", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("loop_", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a text between these quotes would be read as another: it ends at a quote in it, or a bell in it speaks of a quote.</summary>
    private static bool EndsEarly(string text, char quote)
    {
        for (var i = 0; i + 1 < text.Length; i++)
        {
            if ((text[i] == quote && text[i + 1] is ' ' or '\t') || (text[i] == '\a' && text[i + 1] == quote))
            {
                return true;
            }
        }

        return text.EndsWith('\a');
    }

    /// <summary>Finds the values of a line one after the other, in a time that grows with the line's length and no faster.</summary>
    private ref struct Scanner(ReadOnlySpan<byte> line)
    {
        private readonly ReadOnlySpan<byte> _line = line;
        private int _position;

        // A quote that was not found from some place on is not there from a later place on either.
        private bool _noDouble, _noSingle;

        public bool Next(out TextRange value)
        {
            while (_position < _line.Length && IsSpace(_line[_position]))
            {
                _position++;
            }

            value = new TextRange(_position, 0);
            if (_position == _line.Length || _line[_position] == (byte)'#')
            {
                return false;
            }

            _position = End(_line[_position]);
            value = value with { Length = _position - value.Start };
            return true;
        }

        private int End(byte first)
        {
            if (first == (byte)'"' ? !_noDouble : first == (byte)'\'' && !_noSingle)
            {
                for (var j = _position + 1; j < _line.Length; j++)
                {
                    if (_line[j] == first && (j + 1 == _line.Length || IsSpace(_line[j + 1])) && (_line[j - 1] != Bell || j == _position + 1))
                    {
                        return j + 1;
                    }
                }

                (_noDouble, _noSingle) = (_noDouble || first == (byte)'"', _noSingle || first == (byte)'\'');
            }

            var length = _line[_position..].IndexOfAny((byte)' ', (byte)'\t', (byte)'\r');
            return length < 0 ? _line.Length : _position + length;
        }
    }
}
