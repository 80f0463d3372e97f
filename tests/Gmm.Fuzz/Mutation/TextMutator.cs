using System.Text;
using System.Text.RegularExpressions;

namespace Gmm.Fuzz;

/// <summary>
/// Damages text by its parts: numbers to extremes, fields and lines moved, doubled or
/// lost, words of the format where they do not belong; bytes now and then.
/// </summary>
/// <param name="words">Words of the format.</param>
internal sealed partial class TextMutator(params string[] words) : IMutator
{
    private static readonly ByteMutator Bytes = new();

    private static readonly string[] Numbers =
    [
        "0", "-0", "1", "-1", "2", "0.5", "1e300", "-1e300", "1e308", "1e309", "-1e400", "1e-320", "1e38", "3.5e38", "-1e39", "1e10", "1e6", "1e12",
        "nan", "NaN", "-nan", "inf", "-inf", "Infinity", "\u221E",
        "2147483647", "2147483648", "-2147483648", "-2147483649", "4294967296", "9223372036854775807", "9223372036854775808",
        "99999999999999999999999999", "0x10", "1,5", "1_000", "+5", "1e", "--1", ".", "-", "1.2.3",
        "\u0661\u0662", "1e+", "5(3)", "?", "*****", "1000000", "16777217", "0000000000000000000001",
    ];

    private static readonly string[] Pieces =
    [
        "\0", "\t", "\r", "\n", "\n\n", "\f", "\v", "\u001B[2J", "\a", "\"", "'", "\"\"", "''", " ' ", " \" ", "#", ";", "\n;\n", "@", "\u202E",
        "\u2028", "\u00A0", "\uFEFF", "\u00E9", "../", "/dev/null", "\\", "%s", "{0}",
    ];

    public byte[] Mutate(byte[] seed, Random random)
    {
        var text = Encoding.Latin1.GetString(seed);
        for (var times = 1 + (random.Next(4) * random.Next(2)); times > 0; times--)
        {
            text = Once(text, random);
        }

        if (random.Next(400) == 0)
        {
            text = Grow(text, random);
        }

        // Most text is a byte a character; what is not is written as UTF-8, so that both are met.
        var bytes = text.Any(c => c > 255) ? Encoding.UTF8.GetBytes(text) : Encoding.Latin1.GetBytes(text);
        return random.Next(12) == 0 ? Bytes.Mutate(bytes, random) : random.Next(40) == 0 ? Encode(text, random) : bytes;
    }

    /// <summary>The text as other systems write it: their line ends, a byte order mark, UTF-16.</summary>
    private static byte[] Encode(string text, Random random) => random.Next(5) switch
    {
        0 => Encoding.UTF8.GetBytes(text.Replace("\n", "\r\n", StringComparison.Ordinal)),
        1 => Encoding.UTF8.GetBytes(text.Replace('\n', '\r')),
        2 => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)],
        3 => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)],
        _ => Encoding.BigEndianUnicode.GetBytes(text),
    };

    /// <summary>A number that readers stumble over.</summary>
    public static string Number(Random random) => Numbers[random.Next(Numbers.Length)];

    [GeneratedRegex(@"(?<=[\s,:\[])[-+]?[0-9]*\.?[0-9]+([eE][-+]?[0-9]+)?(?=[\s,\]}@]|$)")]
    private static partial Regex NumberInText();

    private string Once(string text, Random random)
    {
        switch (random.Next(10))
        {
            case 0 or 1 or 2:
                return Replace(text, NumberInText().Matches(text), random, _ => Number(random));
            case 3:
                return Lines(text, random);
            case 4:
                return Fields(text, random);
            case 5:
                var piece = Pieces[random.Next(Pieces.Length)];
                return text.Insert(random.Next(text.Length + 1), string.Concat(Enumerable.Repeat(piece, random.Next(20) == 0 ? 3000 : 1)));
            case 6 when words.Length > 0:
                return text.Insert(
                    random.Next(text.Length + 1),
                    (random.Next(2) == 0 ? "\n" : " ") + words[random.Next(words.Length)] + (random.Next(2) == 0 ? "\n" : " "));
            case 7:
                return text[..random.Next(text.Length + 1)];
            case 8:
                return text.Insert(random.Next(text.Length + 1), new string((char)random.Next(32, 127), 1 << random.Next(16)));
            default:
                return Replace(
                    text, Word().Matches(text), random,
                    w => words.Length > 0 && random.Next(2) == 0 ? words[random.Next(words.Length)] : random.Next(2) == 0 ? string.Empty : w + w);
        }
    }

    [GeneratedRegex(@"\S+")]
    private static partial Regex Word();

    private static string Replace(string text, MatchCollection matches, Random random, Func<string, string> value)
    {
        if (matches.Count == 0)
        {
            return text;
        }

        var match = matches[random.Next(matches.Count)];
        return string.Concat(text.AsSpan(0, match.Index), value(match.Value), text.AsSpan(match.Index + match.Length));
    }

    /// <summary>A piece of the text many times: what takes time or memory out of proportion shows in large files only.</summary>
    private static string Grow(string text, Random random)
    {
        if (text.Length == 0)
        {
            return text;
        }

        var (start, length) = ByteMutator.Range(text.Length, random);
        var piece = random.Next(3) == 0 ? Pieces[random.Next(Pieces.Length)] + " x" : text.Substring(start, Math.Min(length, 200));
        return text.Insert(random.Next(text.Length + 1), string.Concat(Enumerable.Repeat(piece, 600_000 / piece.Length)));
    }

    private static string Lines(string text, Random random)
    {
        var lines = text.Split('\n').ToList();
        var (a, b) = (random.Next(lines.Count), random.Next(lines.Count));
        switch (random.Next(6))
        {
            case 5:
                // A loop without rows, a header without its end.
                lines.RemoveRange(Math.Min(a, b), Math.Abs(a - b));
                break;
            case 0:
                (lines[a], lines[b]) = (lines[b], lines[a]);
                break;
            case 1:
                lines.Insert(b, lines[a]);
                break;
            case 2:
                lines.RemoveAt(a);
                break;
            case 3:
                lines.InsertRange(a, Enumerable.Repeat(lines[a], 1 << random.Next(10)));
                break;
            default:
                lines[a] += " " + lines[b];
                break;
        }

        return string.Join('\n', lines);
    }

    private static string Fields(string text, Random random)
    {
        var lines = text.Split('\n');
        var line = random.Next(lines.Length);
        var fields = lines[line].Split(' ').ToList();
        var (a, b) = (random.Next(fields.Count), random.Next(fields.Count));
        if (random.Next(3) == 0)
        {
            fields.RemoveAt(a);
        }
        else
        {
            (fields[a], fields[b]) = (fields[b], fields[a]);
        }

        lines[line] = string.Join(' ', fields);
        return string.Join('\n', lines);
    }
}
