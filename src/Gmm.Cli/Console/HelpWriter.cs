using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;

namespace Gmm.Cli;

/// <summary>Writes the help of a command: what it does, how it is called, its arguments and options with units and defaults, examples.</summary>
/// <param name="width">Columns to write in.</param>
internal sealed class HelpWriter(int width) : SynchronousCommandLineAction
{
    /// <summary>Columns where the terminal does not say how many it has.</summary>
    public const int UsualWidth = 110;

    private const int Column = 32;

    /// <summary>The least columns that help is written in, and the most: longer lines are hard to read.</summary>
    private const int Least = 60, Most = 140;

    /// <summary>Verbs by what they are for.</summary>
    private static readonly (string Title, string[] Verbs)[] s_families =
    [
        ("poses and motion", ["refine", "ctf", "patches", "bodies", "composite", "heterogeneity", "to-pose", "landscape", "report", "status"]),
        ("maps and resolution", ["reconstruct", "fsc", "mask", "postprocess", "localres", "qscore"]),
        ("models", ["build", "molmap", "project"]),
        ("files", ["convert", "info", "validate"]),
        ("simulation and examples", ["simulate", "experiment", "demo"]),
    ];

    /// <summary>The columns to write in, for a terminal of so many.</summary>
    public static int Fit(int columns) => Math.Clamp(columns, Least, Most);

    public override int Invoke(ParseResult parseResult)
    {
        Write(parseResult.CommandResult.Command, parseResult.InvocationConfiguration.Output);
        return 0;
    }

    /// <summary>Writes the help of one command.</summary>
    internal void Write(Command command, TextWriter output)
    {
        var verb = command as VerbCommand;
        foreach (var paragraph in (command.Description ?? string.Empty).Split('\n'))
        {
            WriteWrapped(output, paragraph, 0);
        }

        output.WriteLine();
        output.WriteLine("Usage:");
        output.WriteLine("  " + Usage(command));
        if (command.Arguments.Count > 0)
        {
            WriteSection(output, "Arguments", command.Arguments.Select(a => ($"<{a.HelpName ?? a.Name}>", a.Description ?? string.Empty)));
        }

        if (command.Subcommands.Count > 0)
        {
            foreach (var (family, names) in s_families)
            {
                WriteSection(
                    output, "Verbs, " + family, command.Subcommands.Where(c => names.Contains(c.Name)).Select(c => (c.Name, ((VerbCommand)c).Summary)));
            }

            var grouped = s_families.SelectMany(f => f.Verbs).ToHashSet();
            WriteSection(
                output, "Verbs, other",
                [
                    .. command.Subcommands.Where(c => !grouped.Contains(c.Name)).Select(c => (c.Name, ((VerbCommand)c).Summary)),
                    ("help", "Shows the help of a verb: gmm help VERB."),
                    ("relion", "Runs a verb as RELION's External job: gmm relion refine --o DIR/ --in_parts FILE (docs/relion-job.md)."),
                    ("completion", $"Prints a script that completes gmm's words in a shell: {string.Join(", ", CompletionScripts.Shells)}."),
                ]);
        }

        var common = verb?.Common.All.ToHashSet() ?? [];
        var own = command.Options.Where(o => !common.Contains(o) && !o.Hidden && o is not HelpOption and not VersionOption).ToList();
        if (own.Count > 0)
        {
            WriteSection(output, "Options", own.Select(Describe));
        }

        var shared = command.Options.Where(common.Contains).Select(Describe).Append(("--help", "Shows this text."));
        WriteSection(
            output, verb is null ? "Options" : "Common options",
            verb is null ? [("--version", "Shows the version."), ("--help", "Shows this text; 'gmm <verb> --help' shows a verb's.")] : shared);
        if (verb?.Examples.Count > 0)
        {
            output.WriteLine();
            output.WriteLine("Examples:");
            foreach (var example in verb.Examples)
            {
                output.WriteLine("  " + example);
            }
        }

        if (verb is null)
        {
            output.WriteLine();
            output.WriteLine("Lengths are in angstrom, angles in degrees. Exit codes: 0 done, 1 bad input or failure, 2 wrong usage, 130 interrupted.");
        }
    }

    private static string Usage(Command command)
    {
        if (command.Subcommands.Count > 0)
        {
            return "gmm <verb> [options]";
        }

        var arguments = command.Arguments.Select(a => $"<{a.HelpName ?? a.Name}>");
        var required = command.Options.Where(o => o.Required).Select(o => $"{o.Name} <{o.HelpName}>");
        return string.Join(' ', ["gmm", command.Name, .. arguments, .. required, "[options]"]);
    }

    private static (string Left, string Right) Describe(Option option)
    {
        var names = string.Join(", ", [.. option.Aliases.Order(StringComparer.Ordinal), option.Name]);
        var left = option.ValueType == typeof(bool) ? names : $"{names} <{option.HelpName ?? "value"}>";
        var text = option.Description ?? string.Empty;
        if (option.Required)
        {
            text += " Required.";
        }
        else if (option.HasDefaultValue && option.ValueType != typeof(bool) && option.GetDefaultValue() is { } value)
        {
            text += $" [{Convert.ToString(value, CultureInfo.InvariantCulture)}]";
        }

        return (left, text);
    }

    private void WriteSection(TextWriter output, string title, IEnumerable<(string Left, string Right)> rows)
    {
        output.WriteLine();
        output.WriteLine(title + ":");
        foreach (var (left, right) in rows)
        {
            var head = "  " + left;
            if (head.Length > Column - 2)
            {
                output.WriteLine(head);
                head = string.Empty;
            }

            output.Write(head.PadRight(Column));
            WriteWrapped(output, right, Column);
        }
    }

    /// <summary>Writes words within the width; the first line starts where the cursor is.</summary>
    private void WriteWrapped(TextWriter output, string text, int indent)
    {
        var column = indent;
        var first = true;
        foreach (var word in text.Split(' '))
        {
            if (!first && column + 1 + word.Length > width)
            {
                output.WriteLine();
                output.Write(new string(' ', indent));
                column = indent;
                first = true;
            }

            output.Write(first ? word : " " + word);
            column += word.Length + (first ? 0 : 1);
            first = false;
        }

        output.WriteLine();
    }
}
