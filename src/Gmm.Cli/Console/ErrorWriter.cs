using System.CommandLine;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>Tells of a call that failed: one line on standard error, or with --json one object on standard output.</summary>
/// <param name="console">Where to write.</param>
/// <param name="verb">The verb; null where the command line names none.</param>
/// <param name="json">Whether --json was given.</param>
internal sealed class ErrorWriter(CliConsole console, VerbCommand? verb, bool json)
{
    private string Name => verb is null ? "gmm" : $"gmm {verb.Name}";

    /// <summary>Whether --json was given, in a command line that may not be readable otherwise.</summary>
    public static bool IsJson(ParseResult parsed, IEnumerable<string> args) =>
        parsed.CommandResult.Command is VerbCommand { Common.Json: var option } && parsed.Errors.Count == 0
            ? parsed.GetValue(option)
            : args.Contains("--json");

    /// <summary>Tells of a command line that cannot be read.</summary>
    /// <param name="messages">What is wrong with it.</param>
    public int Usage(IEnumerable<string> messages)
    {
        string[] lines = [.. messages.Select(PlainText.OneLine)];
        var hint = $"'{Name} --help' shows how it is used.";
        if (json)
        {
            return Print(new ErrorDetail(string.Join("; ", lines), ErrorDetail.Usage, null, null, null, null, null, ExitCodes.Usage));
        }

        foreach (var line in lines)
        {
            console.Error.WriteLine($"{Name}: {line}");
        }

        console.Error.WriteLine(hint);
        return ExitCodes.Usage;
    }

    /// <summary>Tells that work was stopped.</summary>
    /// <param name="when">" before anything was written", or nothing.</param>
    /// <param name="what">What the command does: goes on with it, does it again.</param>
    /// <param name="command">The command; null where nothing is to be gone on with.</param>
    public int Interrupted(string when, string what, string? command)
    {
        if (json)
        {
            return Print(
                new ErrorDetail("interrupted" + when, ErrorDetail.Interrupted, null, null, null, command, null, ExitCodes.Interrupted));
        }

        console.Error.WriteLine($"{Name}: interrupted{when}" + (command is null ? string.Empty : $"; {what}: {command}"));
        return ExitCodes.Interrupted;
    }

    /// <summary>Tells of an exception.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="trace">Whether its stack trace is wanted.</param>
    public int Failed(Exception error, bool trace)
    {
        // Workers on many threads fail together; the first tells the story.
        var cause = error is AggregateException a ? a.Flatten().InnerExceptions[0] : error;
        var expected = cause is InvalidInputException or IOException or UnauthorizedAccessException;
        var place = cause is InvalidInputException input && verb is not null ? OptionNames.Place(input, verb) : new(cause.Message, null, null, null);
        var message = PlainText.OneLine(place.Message.ReplaceLineEndings(" "));
        if (!expected)
        {
            message = $"internal error, please report it: {cause.GetType().Name}: {message}";
        }

        if (json)
        {
            return Print(
                new ErrorDetail(
                    message, expected ? ErrorDetail.BadInput : ErrorDetail.Internal, place.File, place.Row, place.Field, null,
                    trace ? error.ToString() : null, ExitCodes.Failure));
        }

        console.Error.WriteLine($"{Name}: {message}");
        if (trace)
        {
            console.Error.WriteLine(error);
        }

        return ExitCodes.Failure;
    }

    private int Print(ErrorDetail error)
    {
        console.Output.WriteLine(RecordFile.ToText(new ErrorReport(error), ErrorReports.Default.ErrorReport));
        return error.ExitCode;
    }
}
