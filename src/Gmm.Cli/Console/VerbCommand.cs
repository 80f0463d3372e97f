using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>A verb of the tool: a command with the common options, a one-line summary and examples.</summary>
internal abstract class VerbCommand : Command
{
    /// <summary>Makes the command; the subclass adds its own arguments and options.</summary>
    /// <param name="name">The verb.</param>
    /// <param name="summary">One line for the list of verbs.</param>
    /// <param name="description">What it does, for its own help.</param>
    /// <param name="examples">Calls that work.</param>
    protected VerbCommand(string name, string summary, string description, params IReadOnlyList<string> examples)
        : base(name, description) => (Summary, Examples) = (summary, examples);

    /// <summary>One line for the list of verbs.</summary>
    public string Summary { get; }

    /// <summary>Calls that work.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>The options every verb has.</summary>
    public CommonOptions Common { get; } = new();

    /// <summary>Does the work.</summary>
    /// <param name="call">The parsed command line and where to write.</param>
    /// <returns>The results.</returns>
    public abstract VerbResult Execute(VerbCall call);

    /// <summary>Works on the tasks of a run of this verb that another process controls (<see cref="WorkerCommand"/>).</summary>
    /// <param name="board">The tasks.</param>
    /// <param name="worker">Takes them.</param>
    /// <param name="call">The run's command line, with the worker's threads.</param>
    /// <returns>The number of tasks done.</returns>
    public virtual int WorkOn(TaskBoard board, TaskWorker worker, VerbCall call) =>
        throw new InvalidInputException($"gmm {Name} has no tasks for workers", board.Folder);

    /// <summary>What an interrupted call of this verb has kept that the same call goes on with, in words; null for nothing.</summary>
    /// <param name="parsed">The call.</param>
    public virtual string? KeptForSameCall(ParseResult parsed) => null;

    /// <summary>Adds the verb's own options, then the common ones.</summary>
    /// <param name="options">The own options.</param>
    protected void AddOptions(params IEnumerable<Option> options)
    {
        // A verb may add its options in several calls.
        foreach (var option in options.Concat(Common.All.Where(o => !Options.Contains(o))))
        {
            ParseStrictly(option);
            Options.Add(option);
        }
    }

    /// <summary>The parser's own reading of numbers takes a comma for a separator of thousands: 7,2 would be 72.</summary>
    private static void ParseStrictly(Option option)
    {
        if (option is Option<double> { CustomParser: null } number)
        {
            number.CustomParser = result => Parse(result, option.Name) ?? 0;
        }
        else if (option is Option<double?> { CustomParser: null } optional)
        {
            optional.CustomParser = result => Parse(result, option.Name);
        }
    }

    private static double? Parse(ArgumentResult result, string name)
    {
        // How many values there must be is checked elsewhere.
        var text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : string.Empty;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        result.AddError(
            $"'{text}' is not a number, which {name} needs{(text.Contains(',', StringComparison.Ordinal) ? "; decimals follow a point" : string.Empty)}.");
        return null;
    }
}
