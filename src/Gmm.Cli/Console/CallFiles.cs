using System.CommandLine;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>What a call reads and what it writes: nothing may be both, and outputs are locked until the call ends.</summary>
/// <param name="program">The command line, for the lock.</param>
internal sealed class CallFiles(string program) : IDisposable
{
    private readonly List<string> _inputs = [];
    private readonly List<string> _outputs = [];
    private readonly List<OutputSet> _sets = [];

    /// <summary>The command line.</summary>
    public string Program { get; } = program;

    /// <summary>Files that are read, as far as they are known.</summary>
    public IReadOnlyList<string> Inputs => _inputs;

    /// <summary>Takes the files that the command line names; the outputs' option is left out.</summary>
    public static CallFiles Of(ParseResult parsed, VerbCommand verb, IEnumerable<string> args)
    {
        var files = new CallFiles(ShellCommand.Of(args));
        var tokens = verb.Arguments.SelectMany(a => parsed.GetResult(a)?.Tokens ?? [])
            .Concat(verb.Options.Where(o => o.Name != "--out").SelectMany(o => parsed.GetResult(o)?.Tokens ?? []));
        files._inputs.AddRange(tokens.Select(t => t.Value).Where(File.Exists));
        return files;
    }

    /// <summary>Adds files that are read: the stacks of a particle file.</summary>
    /// <exception cref="Gmm.Core.InvalidInputException">One of them is to be written.</exception>
    public void AddInputs(params IEnumerable<string> files)
    {
        var list = files.ToList();
        OutputSet.RequireNoInput(_outputs, list);
        _inputs.AddRange(list);
    }

    /// <summary>Takes outputs: checks and locks them.</summary>
    /// <exception cref="Gmm.Core.InvalidInputException">See <see cref="OutputSet.Open"/>.</exception>
    public string? Take(IReadOnlyList<string> outputs, bool overwrite)
    {
        var set = OutputSet.Open(outputs, overwrite, _inputs, Program);
        _sets.Add(set);
        _outputs.AddRange(outputs);
        return set.Note;
    }

    /// <summary>Notes that an output is written, so that a later step of the call may read it.</summary>
    public void Written(string output) => _outputs.Remove(output);

    public void Dispose() => _sets.ForEach(s => s.Dispose());
}
