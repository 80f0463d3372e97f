using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>The tool: parses the command line, runs the verb, turns errors into one line and an exit code.</summary>
internal static class GmmTool
{
    /// <summary>Runs the tool.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="console">Where to write.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The exit code.</returns>
    public static int Run(IReadOnlyList<string> args, CliConsole console, CancellationToken cancellationToken = default)
    {
        if (args is ["help", "completion" or "relion", ..])
        {
            args = [args[1], "--help"];
        }

        if (args is ["completion", ..])
        {
            return CompletionScripts.Print([.. args.Skip(1)], console);
        }

        if (args is ["relion", ..])
        {
            return RelionJob.Run([.. args.Skip(1)], console, (words, token) => Run(words, console, token), cancellationToken);
        }

        if (args is [WorkerCommand.Name, ..])
        {
            return WorkerCommand.Run([.. args.Skip(1)], console, MakeRoot(), cancellationToken);
        }

        var root = MakeRoot(HelpWriter.Fit(console.Width));
        args = HelpAsOption(args, root);

        // A leading @ is a stack's image, not a file of options.
        var parser = new ParserConfiguration { ResponseFileTokenReplacer = null };
        var parsed = root.Parse(args, parser);
        try
        {
            args = RecordedCall.Expand(parsed, args, out var note);
            if (note is not null)
            {
                parsed = root.Parse(args, parser);
                if (!ErrorWriter.IsJson(parsed, args))
                {
                    console.Error.WriteLine(PlainText.OneLine(note));
                }
            }
        }
        catch (InvalidInputException e)
        {
            return new ErrorWriter(console, (VerbCommand)parsed.CommandResult.Command, ErrorWriter.IsJson(parsed, args)).Failed(e, console.Debug);
        }

        // Help and version have actions of their own; a verb has none, and is run here.
        if (parsed.Action is not null and not ParseErrorAction)
        {
            return parsed.Invoke(new InvocationConfiguration { Output = console.Output, Error = console.Error });
        }

        if (parsed.Errors.Count > 0 || parsed.CommandResult.Command is not VerbCommand
            || (!args.Contains("--") && UsageErrors.UnknownOptions(parsed).Length > 0))
        {
            return ShowUsageErrors(parsed, args, console);
        }

        return RunVerb((VerbCommand)parsed.CommandResult.Command, parsed, args, console, cancellationToken);
    }

    /// <summary>The commands.</summary>
    /// <param name="width">Columns of help texts.</param>
    internal static RootCommand MakeRoot(int width = HelpWriter.UsualWidth)
    {
        var root = new RootCommand("gmm refines single-particle cryoEM data against Gaussian mixture models: poses, half maps and what they resolve.");
        foreach (var verb in Verbs())
        {
            root.Subcommands.Add(verb);
        }

        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpWriter(width);
        }

        foreach (var version in root.Options.OfType<VersionOption>())
        {
            version.Action = new VersionWriter(() => Devices.Versions);
        }

        return root;
    }

    private static IEnumerable<VerbCommand> Verbs() =>
        [
            new RefineVerb(), new CtfVerb(), new PatchesVerb(), new BodiesVerb(), new CompositeVerb(), new HeterogeneityVerb(), new ToPoseVerb(),
            new LandscapeVerb(),
            new BuildVerb(), new ReconstructVerb(), new FscVerb(), new MaskVerb(), new PostprocessVerb(), new LocalresVerb(), new QScoreVerb(),
            new MolmapVerb(), new ConvertVerb(), new InfoVerb(), new ValidateVerb(),
            new ProjectVerb(), new SimulateVerb(), new ExperimentVerb(), new ReportVerb(), new StatusVerb(words => MakeRoot().Parse(words)), new DevicesVerb(),
            new DemoVerb(),
        ];

    /// <summary>"gmm help" and "gmm help VERB" as people type them.</summary>
    private static IReadOnlyList<string> HelpAsOption(IReadOnlyList<string> args, RootCommand root) =>
        args is not ["help", ..] ? args
        : args.Count == 1 ? ["--help"]
        : root.Subcommands.Any(c => c.Name == args[1]) ? [args[1], "--help"] : [args[1]];

    private static int ShowUsageErrors(ParseResult parsed, IReadOnlyList<string> args, CliConsole console)
    {
        var command = parsed.CommandResult.Command;
        if (args.Count == 0)
        {
            new HelpWriter(HelpWriter.Fit(console.Width)).Write(command, console.Error);
            return ExitCodes.Usage;
        }

        return new ErrorWriter(console, command as VerbCommand, ErrorWriter.IsJson(parsed, args)).Usage(UsageErrors.Of(parsed));
    }

    private static int RunVerb(VerbCommand verb, ParseResult parsed, IReadOnlyList<string> args, CliConsole console, CancellationToken cancellationToken)
    {
        var began = DateTime.UtcNow;
        console = console with
        {
            Style = parsed.GetValue(verb.Common.Quiet) ? ErrorStyle.Quiet : parsed.GetValue(verb.Common.Json) ? ErrorStyle.Events : ErrorStyle.Text,
        };
        var errors = new ErrorWriter(console, verb, parsed.GetValue(verb.Common.Json));
        try
        {
            RequireTexts(parsed, verb);
            RequireFinite(parsed, verb);
            using var files = CallFiles.Of(parsed, verb, args);
            var call = new VerbCall(
                parsed, console, verb.Common.Compute(parsed).StoppedBy(cancellationToken), parsed.GetValue(verb.Common.Overwrite), files, cancellationToken);
            var result = verb.Execute(call);
            if (parsed.GetValue(verb.Common.Json))
            {
                console.Output.WriteLine(result.ToJson());
            }
            else
            {
                foreach (var line in result.Text)
                {
                    console.Output.WriteLine(PlainText.OneLine(line));
                }
            }

            return result.ExitCode;
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested && IsCancellation(e))
        {
            var (when, what, command) = After(verb, parsed, args, began);
            return errors.Interrupted(when, what, command);
        }
#pragma warning disable CA1031 // The last line of defence: whatever happened becomes one line and an exit code.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return errors.Failed(e, console.Debug || parsed.GetValue(verb.Common.Verbose));
        }
    }

    /// <summary>
    /// The command that goes on with a call that was interrupted, or does it again where nothing is there to go on with; none for a verb that cannot
    /// go on.
    /// </summary>
    private static (string When, string What, string? Command) After(VerbCommand verb, ParseResult parsed, IReadOnlyList<string> args, DateTime began)
    {
        // With --overwrite an earlier run lies there until the new one begins; that one is not to be gone on with.
        var list = verb.Options.FirstOrDefault(o => o.Name == "--out") is { } to && parsed.GetResult(to) is { Tokens: [.., var folder] }
            ? Path.Combine(folder.Value, RunFolder.ManifestName) : null;
        var begun = File.Exists(list) && (!parsed.GetValue(verb.Common.Overwrite) || File.GetLastWriteTimeUtc(list) >= began);
        if (verb.KeptForSameCall(parsed) is { } kept)
        {
            return ($"; kept: {kept}", "this goes on with it", ShellCommand.Of(args));
        }

        if (verb.Options.FirstOrDefault(o => o.Name == "--resume") is not { } resume)
        {
            return begun && File.GetLastWriteTimeUtc(list!) >= began
                ? (Kept(list!), "this does it again", ShellCommand.Of(parsed.GetValue(verb.Common.Overwrite) ? args : [.. args, verb.Common.Overwrite.Name]))
                : (string.Empty, string.Empty, null);
        }

        return begun
            ? (Kept(list!), "this goes on with it", ShellCommand.Resuming(args, parsed, verb.Common.Overwrite, resume))
            : (" before anything was written", "this does it again", ShellCommand.Of(args));
    }

    /// <summary>What is kept of a run that was stopped, in words that follow "interrupted".</summary>
    private static string Kept(string list)
    {
        try
        {
            return RunManifest.Read(list) is { } manifest && WholeWork.Of(Path.GetDirectoryName(list)!, manifest).Words is { } words
                ? $"; kept: {words}" : "; nothing is whole yet";
        }
        catch (InvalidInputException)
        {
            // What cannot be read is told when the run is gone on with.
            return string.Empty;
        }
    }

    /// <summary>Refuses names that are empty: a shell variable that was not set, most often.</summary>
    private static void RequireTexts(ParseResult parsed, VerbCommand verb)
    {
        var values = verb.Arguments.Where(a => a.ValueType == typeof(string)).Select(a => ($"<{a.Name}>", parsed.GetResult(a)?.Tokens))
            .Concat(verb.Options.Where(o => o.ValueType == typeof(string)).Select(o => (o.Name, parsed.GetResult(o)?.Tokens)));
        foreach (var (name, tokens) in values)
        {
            if (tokens is not null && tokens.Any(t => string.IsNullOrWhiteSpace(t.Value)))
            {
                throw new InvalidInputException("is given without a text", name);
            }
        }
    }

    /// <summary>Refuses numbers that are none: NaN, infinity, and what is too large for a double.</summary>
    private static void RequireFinite(ParseResult parsed, VerbCommand verb)
    {
        foreach (var option in verb.Options)
        {
            var value = option switch { Option<double> a => parsed.GetValue(a), Option<double?> b => parsed.GetValue(b), _ => null };
            if (value is { } number && !double.IsFinite(number))
            {
                throw new InvalidInputException("must be finite", option.Name);
            }
        }
    }

    /// <summary>Whether an exception says that work was stopped; loops inside loops say so together.</summary>
    private static bool IsCancellation(Exception e) =>
        e is OperationCanceledException || (e is AggregateException a && a.Flatten().InnerExceptions.Any(i => i is OperationCanceledException));
}
