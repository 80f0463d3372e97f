using System.Globalization;
using System.Text;

namespace Gmm.IO;

/// <summary>Words of command lines that are shown to be copied.</summary>
internal static class ShellWord
{
    /// <summary>One word for a POSIX shell; control characters, which a line cannot hold, in the form $'...' of bash, zsh and ksh.</summary>
    public static string Quote(string word)
    {
        static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/' or ':' or ',' or '@' or '%' or '+' or '=';
        if (word.Length > 0 && word.All(IsPlain))
        {
            return word;
        }

        if (!word.Any(char.IsControl))
        {
            return $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
        }

        var quoted = new StringBuilder("$'");
        foreach (var c in word)
        {
            quoted.Append(c switch
            {
                '\'' or '\\' => "\\" + c,
                '\n' => "\\n",
                _ when char.IsControl(c) => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
                _ => c.ToString(),
            });
        }

        return quoted.Append('\'').ToString();
    }
}
