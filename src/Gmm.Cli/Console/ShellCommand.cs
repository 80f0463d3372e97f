using System.CommandLine;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>Command lines as a shell reads them, to be copied.</summary>
internal static class ShellCommand
{
    /// <summary>The call again, with its arguments quoted.</summary>
    public static string Of(IEnumerable<string> args) => string.Join(' ', args.Prepend("gmm").Select(ShellWord.Quote));

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
}
