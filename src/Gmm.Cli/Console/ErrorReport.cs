using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>What a call that failed prints with --json.</summary>
/// <param name="Error">What went wrong.</param>
internal sealed record ErrorReport(ErrorDetail Error);

/// <summary>What went wrong.</summary>
/// <param name="Message">One line for people: file, row, field and problem.</param>
/// <param name="Kind">bad_input, usage (a command line that cannot be read), interrupted, or internal (a fault of the program).</param>
/// <param name="File">The file that is at fault; null where it is none.</param>
/// <param name="Row">Its row, from 1: a line of a text file, an image of a stack; null where it is none.</param>
/// <param name="Field">The column, label, member or option at fault; null where it is none.</param>
/// <param name="Command">The command that goes on with what was interrupted, or does it again; null where nothing is to be gone on with.</param>
/// <param name="Trace">The stack trace, with --verbose or GMM_DEBUG; null otherwise.</param>
/// <param name="ExitCode">The exit code: 1 bad input or failure, 2 wrong usage, 130 interrupted.</param>
internal sealed record ErrorDetail(
    string Message,
    string Kind,
    string? File,
    long? Row,
    string? Field,
    string? Command,
    string? Trace,
    int ExitCode)
{
    public const string BadInput = "bad_input";
    public const string Usage = "usage";
    public const string Interrupted = "interrupted";
    public const string Internal = "internal";
}

/// <summary>The error object, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(RecordNumber)])]
[JsonSerializable(typeof(ErrorReport))]
internal sealed partial class ErrorReports : JsonSerializerContext;
