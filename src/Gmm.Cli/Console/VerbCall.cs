using System.CommandLine;
using Gmm.Core;

namespace Gmm.Cli;

/// <summary>One call of a verb.</summary>
/// <param name="Parsed">The command line.</param>
/// <param name="Console">Where to write.</param>
/// <param name="Compute">Threads and seed.</param>
/// <param name="Overwrite">Whether existing outputs may be replaced.</param>
/// <param name="Files">What it reads and writes.</param>
/// <param name="CancellationToken">Set by Ctrl-C.</param>
internal sealed record VerbCall(
    ParseResult Parsed, CliConsole Console, ComputeOptions Compute, bool Overwrite, CallFiles Files, CancellationToken CancellationToken)
{
    /// <summary>A message for the user, one line on standard error.</summary>
    public void Say(string message) => Console.Error.WriteLine(PlainText.OneLine(message));

    /// <summary>Messages for the user, each marked as a warning.</summary>
    public void Warn(IEnumerable<string> warnings)
    {
        foreach (var warning in warnings)
        {
            Say("warning: " + warning);
        }
    }

    /// <summary>The value of an option or argument that is required or has a default.</summary>
    public T Get<T>(Option<T> option) => Parsed.GetValue(option)!;

    /// <summary>The value of an argument.</summary>
    public T Get<T>(Argument<T> argument) => Parsed.GetValue(argument)!;
}
