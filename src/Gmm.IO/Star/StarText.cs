using System.Text;

namespace Gmm.IO;

/// <summary>A piece of a line of a STAR file: where a value starts and how long it is, quotes included.</summary>
internal readonly record struct TextRange(int Start, int Length);

/// <summary>The lexical rules of STAR lines: values between spaces or tabs, quoted values, comments.</summary>
/// <remarks>
/// As in STAR and CIF, a quoted value ends at the same quote followed by a space or the line's end, and an unquoted # after a space
/// starts a comment. A value that starts with a quote and never ends is taken as it is.
/// </remarks>
internal static class StarText
{
    /// <summary>Splits a line into values.</summary>
    /// <returns>The number of values; those beyond the span are counted but not stored.</returns>
    public static int Split(ReadOnlySpan<byte> line, Span<TextRange> values)
    {
        int count = 0, i = 0;
        while (true)
        {
            while (i < line.Length && IsSpace(line[i]))
            {
                i++;
            }

            if (i == line.Length || line[i] == (byte)'#')
            {
                return count;
            }

            var end = EndOfValue(line, i);
            if (count < values.Length)
            {
                values[count] = new TextRange(i, end - i);
            }

            count++;
            i = end;
        }
    }

    /// <summary>The bytes of a value without its quotes.</summary>
    public static ReadOnlySpan<byte> Unquote(ReadOnlySpan<byte> raw) =>
        raw.Length >= 2 && raw[0] is (byte)'"' or (byte)'\'' && raw[^1] == raw[0] ? raw[1..^1] : raw;

    /// <summary>The text of a value without its quotes.</summary>
    public static string Decode(ReadOnlySpan<byte> raw) => Encoding.UTF8.GetString(Unquote(raw));

    /// <summary>A value as it must stand in a file: quoted where the rules need it.</summary>
    /// <exception cref="ArgumentException">The text has a line break, or both kinds of quotes before spaces, and cannot be written.</exception>
    public static string Quote(string text)
    {
        if (text.AsSpan().IndexOfAny('\n', '\r') >= 0)
        {
            throw new ArgumentException("A STAR value cannot hold a line break.", nameof(text));
        }

        if (!NeedsQuotes(text))
        {
            return text;
        }

        if (!EndsEarly(text, '"'))
        {
            return $"\"{text}\"";
        }

        return !EndsEarly(text, '\'')
            ? $"'{text}'"
            : throw new ArgumentException("A STAR value cannot hold both kinds of quotes followed by spaces.", nameof(text));
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

    private static int EndOfValue(ReadOnlySpan<byte> line, int start)
    {
        var quote = line[start];
        if (quote is (byte)'"' or (byte)'\'')
        {
            for (var j = start + 1; j < line.Length; j++)
            {
                if (line[j] == quote && (j + 1 == line.Length || IsSpace(line[j + 1])))
                {
                    return j + 1;
                }
            }
        }

        var length = line[start..].IndexOfAny((byte)' ', (byte)'\t', (byte)'\r');
        return length < 0 ? line.Length : start + length;
    }

    private static bool NeedsQuotes(string text) =>
        text.Length == 0
        || text[0] is '"' or '\'' or '#' or '_'
        || text.AsSpan().IndexOfAny(' ', '\t') >= 0
        || text.StartsWith("data_", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("loop_", StringComparison.OrdinalIgnoreCase);

    private static bool EndsEarly(string text, char quote)
    {
        for (var i = 0; i + 1 < text.Length; i++)
        {
            if (text[i] == quote && text[i + 1] is ' ' or '\t')
            {
                return true;
            }
        }

        return false;
    }
}
