using System.CommandLine;
using System.Globalization;
using System.Text;

namespace Gmm.Cli;

/// <summary>Command lines as a shell reads them, to be copied.</summary>
internal static class ShellCommand
{
    /// <summary>The call again, with its arguments quoted.</summary>
    public static string Of(IEnumerable<string> args) => string.Join(' ', args.Prepend("gmm").Select(Quote));

    /// <summary>The call that goes on with an interrupted one.</summary>
    /// <param name="args">The arguments of the interrupted call.</param>
    /// <param name="parsed">The same, parsed.</param>
    /// <param name="overwrite">The option that resuming excludes.</param>
    /// <param name="resume">The option that resumes.</param>
    public static string Resuming(IReadOnlyList<string> args, ParseResult parsed, Option<bool> overwrite, Option resume)
    {
        var kept = new List<string>(args);
        if (parsed.GetResult(overwrite) is { Implicit: false } given)
        {
            var at = kept.FindIndex(a =>
                a == overwrite.Name || a.StartsWith(overwrite.Name + "=", StringComparison.Ordinal)
                    || a.StartsWith(overwrite.Name + ":", StringComparison.Ordinal));
            if (at >= 0)
            {
                // Its value may stand apart.
                kept.RemoveRange(at, kept[at] == overwrite.Name && given.Tokens.Count > 0 ? 2 : 1);
            }
        }

        if (parsed.GetResult(resume) is not { Implicit: false })
        {
            kept.Add(resume.Name);
        }

        return Of(kept);
    }

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
