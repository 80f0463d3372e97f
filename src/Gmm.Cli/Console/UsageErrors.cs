using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace Gmm.Cli;

/// <summary>What is wrong with a command line, in words of the command line.</summary>
internal static partial class UsageErrors
{
    private const string OtherSchedulers = "; PBS, LSF and others are reached as slurm, by a job script and commands in --cluster-settings (docs/cluster.md)";

    /// <summary>The parser's messages, but with the name of what is missing, and what may have been meant.</summary>
    /// <param name="parsed">The command line.</param>
    public static IEnumerable<string> Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (command is not VerbCommand)
        {
            return parsed.UnmatchedTokens.Count == 0 ? ["a verb is needed"]
                : parsed.UnmatchedTokens[0].StartsWith('-') ? [$"a verb is needed before '{parsed.UnmatchedTokens[0]}'"]
                : Spelling.Nearest(parsed.UnmatchedTokens[0], command.Subcommands.Select(c => c.Name)) is { } near
                    ? [$"'{parsed.UnmatchedTokens[0]}' is not a verb; did you mean {near}?"]
                : [$"'{parsed.UnmatchedTokens[0]}' is not a verb; there are {string.Join(", ", command.Subcommands.Select(c => c.Name))}"];
        }

        if (UnknownOptions(parsed) is { Length: > 0 } unknown)
        {
            return unknown;
        }

        var missing = command.Arguments.FirstOrDefault(a => parsed.GetResult(a) is not { Tokens.Count: > 0 });
        return TooMany(parsed).Concat(
            parsed.Errors.Where(e => !e.Message.StartsWith("Unrecognized command or argument", StringComparison.Ordinal))
                .Select(e => Message(e, missing))
                .Distinct());
    }

    /// <summary>
    /// Options that there are not, also where the parser takes them for a file's name, each with the one that was meant, if it can be told; their
    /// values are no fault of their own.
    /// </summary>
    /// <param name="parsed">The command line.</param>
    public static string[] UnknownOptions(ParseResult parsed)
    {
        var names = parsed.CommandResult.Command.Options.SelectMany(o => o.Aliases.Append(o.Name))
            .Where(n => n.StartsWith("--", StringComparison.Ordinal))
            .ToArray();
        var arguments = parsed.CommandResult.Command.Arguments.SelectMany(a => parsed.GetResult(a)?.Tokens ?? []).Select(t => t.Value);
        return [.. parsed.UnmatchedTokens.Concat(arguments)
            .Where(t => t.StartsWith("--", StringComparison.Ordinal))
            .Select(t => t.Split('=')[0])
            .Distinct()
            .Select(t => $"'{t}' is not an option" + (Spelling.Nearest(t, names) is { } near ? $"; did you mean {near}?" : string.Empty))];
    }

    /// <summary>Words that no argument takes; a mask, for example, is given by an option.</summary>
    private static IEnumerable<string> TooMany(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var takes = string.Join(" ", command.Arguments.Select(a => $"<{a.HelpName ?? a.Name}>"));
        return parsed.UnmatchedTokens.Select(t =>
            $"'{t}' is one word too many: gmm {command.Name} takes {(takes.Length == 0 ? "options only" : takes)}"
                + (Path.HasExtension(t) && command.Options.Any(o => o.Name == "--mask") ? $"; a mask is given by --mask {t}" : string.Empty));
    }

    private static string Message(ParseError error, Argument? missing)
    {
        var text = error.Message.ReplaceLineEndings(" ").Replace('\t', ' ');
        if (missing is not null && text.StartsWith("Required argument missing", StringComparison.Ordinal))
        {
            return $"<{missing.Name}> is required.";
        }

        if (Choice().Match(text) is { Success: true } choice)
        {
            string[] choices = [.. Quoted().Matches(choice.Groups[2].Value).Select(m => m.Groups[1].Value)];
            var near = Spelling.Nearest(choice.Groups[1].Value, choices);
            return $"{Where(error.SymbolResult)}: '{choice.Groups[1].Value}' is none of {string.Join(", ", choices)}"
                + (near is not null ? $"; did you mean {near}?" : Where(error.SymbolResult) == "--cluster" ? OtherSchedulers : string.Empty);
        }

        return Types().Replace(text, m => m.Groups[1].Value.Contains("Int32", StringComparison.Ordinal) ? "as a whole number" : "as a number")
            .Replace("  ", " ", StringComparison.Ordinal);
    }

    private static string Where(SymbolResult? result) => result switch
    {
        OptionResult option => option.Option.Name,
        ArgumentResult { Parent: OptionResult option } => option.Option.Name,
        ArgumentResult argument => $"<{argument.Argument.HelpName ?? argument.Argument.Name}>",
        _ => "command line",
    };

    [GeneratedRegex("^Argument '([^']*)' not recognized. Must be one of:(.*)$")]
    private static partial Regex Choice();

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"as expected type '(System\.[^']*)'")]
    private static partial Regex Types();
}
