using System.CommandLine;
using System.Globalization;
using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;
using Microsoft.Extensions.Logging;

namespace Gmm.Cli;

/// <summary>
/// gmm worker BOARD --threads N --beat SECONDS --log FILE [--leash]: works on the tasks of a run, as gmm starts it with --cluster. Nobody types it, so it is
/// no verb of the help.
/// </summary>
internal static class WorkerCommand
{
    public const string Name = "worker";
    public const string Threads = "--threads";
    public const string Beat = "--beat";
    public const string Log = "--log";

    /// <summary>The end of standard input is the sign to stop: the process that started this one is gone.</summary>
    public const string Leash = "--leash";

    private const string Usage = "usage: gmm worker BOARD --threads N --beat SECONDS --log FILE [--leash], as gmm starts it with --cluster (docs/cluster.md)";

    /// <summary>Runs a worker.</summary>
    /// <param name="args">The words after "worker".</param>
    /// <param name="console">Where to write.</param>
    /// <param name="root">Reads the command line of the run.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args, CliConsole console, RootCommand root, CancellationToken cancellationToken)
    {
        string? After(string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
        if (args.Length == 0 || !int.TryParse(After(Threads), CultureInfo.InvariantCulture, out var threads)
            || !double.TryParse(After(Beat), CultureInfo.InvariantCulture, out var beat) || !(beat > 0 && beat <= ClusterSettings.LongestBeatSeconds)
            || threads < 1)
        {
            console.Error.WriteLine(Usage);
            return ExitCodes.Usage;
        }

        var errors = new ErrorWriter(console, null, json: false);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (args.Contains(Leash))
        {
            Task.Run(() => WaitForEnd(stop), CancellationToken.None);
        }

        try
        {
            var board = TaskBoard.Open(args[0]);
            Environment.CurrentDirectory = board.Record.CallFolder;
            var parsed = root.Parse(board.Record.CallWords, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (parsed.Errors.Count > 0 || parsed.CommandResult.Command is not VerbCommand verb)
            {
                throw new InvalidInputException($"its command line cannot be read: {string.Join("; ", parsed.Errors.Select(e => e.Message))}", args[0]);
            }

            using var files = CallFiles.Of(parsed, verb, board.Record.CallWords);
            var compute = verb.Common.Compute(parsed) with { Threads = threads };
            var call = new VerbCall(parsed, console, compute.StoppedBy(stop.Token), false, files, stop.Token);
            var worker = new TaskWorker(
                board, LogName(After(Log) ?? string.Empty), TimeSpan.FromSeconds(beat), new ConsoleLogger(call, LogLevel.Information), TimeProvider.System);
            var done = verb.WorkOn(board, worker, call);
            call.Say(Texts.Line($"{done} tasks done, none is left"));
            return ExitCodes.Success;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            console.Error.WriteLine("gmm worker: stopped");
            return ExitCodes.Interrupted;
        }
#pragma warning disable CA1031 // The last line of defence: whatever happened becomes one line and an exit code.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return errors.Failed(e, console.Debug);
        }
    }

    private static void WaitForEnd(CancellationTokenSource stop)
    {
        try
        {
            using var input = System.Console.OpenStandardInput();
            while (input.ReadByte() >= 0)
            {
            }

            stop.Cancel();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The work ended first.
        }
    }

    /// <summary>The log's name with this worker's number of its job array, which the scheduler puts into the environment.</summary>
    private static string LogName(string name) =>
        new[] { ("%a", "SLURM_ARRAY_TASK_ID"), ("^array_index^", "PBS_ARRAY_INDEX"), ("%I", "LSB_JOBINDEX") }
            .Aggregate(name, (n, m) => n.Replace(m.Item1, Environment.GetEnvironmentVariable(m.Item2) ?? m.Item1, StringComparison.Ordinal));
}
