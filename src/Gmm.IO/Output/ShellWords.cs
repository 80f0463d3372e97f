using System.Globalization;
using System.Text;

namespace Gmm.IO;

/// <summary>The words of a command line that <see cref="ShellWord.Quote"/> made.</summary>
internal static class ShellWords
{
    /// <summary>Splits it, and takes the quotes off.</summary>
    /// <param name="line">The line.</param>
    public static IReadOnlyList<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        for (var i = 0; i < line.Length; i++)
        {
            switch (line[i])
            {
                case ' ':
                    words.Add(word.ToString());
                    word.Clear();
                    break;
                case '\\' when i + 1 < line.Length:
                    word.Append(line[++i]);
                    break;
                case '$' when i + 1 < line.Length && line[i + 1] == '\'':
                    i = Escaped(line, i + 2, word);
                    break;
                case '\'':
                    var end = line.IndexOf('\'', i + 1);
                    end = end < 0 ? line.Length : end;
                    word.Append(line, i + 1, end - i - 1);
                    i = end;
                    break;
                default:
                    word.Append(line[i]);
                    break;
            }
        }

        words.Add(word.ToString());
        return words;
    }

    /// <summary>Reads up to the quote that ends the form $'...'; returns its place.</summary>
    private static int Escaped(string line, int from, StringBuilder word)
    {
        var i = from;
        for (; i < line.Length && line[i] != '\''; i++)
        {
            if (line[i] != '\\' || i + 1 == line.Length)
            {
                word.Append(line[i]);
            }
            else if (line[++i] == 'u' && i + 4 < line.Length
                && int.TryParse(line.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var code))
            {
                word.Append((char)code);
                i += 4;
            }
            else
            {
                word.Append(line[i] == 'n' ? '\n' : line[i]);
            }
        }

        return i;
    }
}
