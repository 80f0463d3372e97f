using System.Globalization;
using System.Text;

namespace Gmm.Core;

/// <summary>Text from files and command lines, made fit to be shown: names and cells may hold line breaks and control characters.</summary>
internal static class PlainText
{
    /// <summary>A text in one line, its control characters (those of terminals too) written as escapes.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The same text; a line break is "\n", an escape character "\x1b" and so on.</returns>
    public static string OneLine(string text)
    {
        if (!text.Any(IsUnfit))
        {
            return text;
        }

        var line = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            line.Append(!IsUnfit(c) ? c.ToString() : c switch
            {
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < (char)0x100 => "\\x" + ((int)c).ToString("x2", CultureInfo.InvariantCulture),
                _ => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
            });
        }

        return line.ToString();
    }

    /// <summary>Control characters of both blocks, and the line and paragraph separators and direction marks of Unicode that terminals obey.</summary>
    private static bool IsUnfit(char c) => char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
