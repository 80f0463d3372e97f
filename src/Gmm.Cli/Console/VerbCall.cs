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
    private readonly HashSet<string> _warned = [];
    private readonly HashSet<string> _notDrawn = [];

    /// <summary>A message for the user, one line on standard error.</summary>
    public void Say(string message) => Console.Say(message);

    /// <summary>Messages for the user, each marked as a warning.</summary>
    public void Warn(IEnumerable<string> warnings)
    {
        foreach (var warning in warnings)
        {
            Console.Warn(warning);
        }
    }

    /// <summary>Notes that a picture could not be drawn.</summary>
    public void NotDrawn(string picture) => _notDrawn.Add(picture);

    /// <summary>The files without pictures that could not be drawn: those that are there.</summary>
    public string[] Drawn(IEnumerable<string> files) => [.. files.Where(f => !_notDrawn.Contains(f))];

    /// <summary>A warning that is given once, however often it applies.</summary>
    public void WarnOnce(string warning)
    {
        if (_warned.Add(warning))
        {
            Warn([warning]);
        }
    }

    /// <summary>The value of an option or argument that is required or has a default.</summary>
    public T Get<T>(Option<T> option) => Parsed.GetValue(option)!;

    /// <summary>Refuses options that say more about another one, which was not given.</summary>
    /// <param name="isGiven">Whether that one was.</param>
    /// <param name="other">Its name.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="InvalidInputException">One of them is on the command line without it.</exception>
    public void RequireWith(bool isGiven, string other, params ReadOnlySpan<Option> options)
    {
        foreach (var option in options)
        {
            if (!isGiven && Parsed.GetResult(option) is { Implicit: false })
            {
                throw new InvalidInputException($"only with {other}", option.Name);
            }
        }
    }

    /// <summary>The value of an argument.</summary>
    public T Get<T>(Argument<T> argument) => Parsed.GetValue(argument)!;
}
