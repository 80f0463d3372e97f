using System.CommandLine;
using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>gmm status: where a run stands.</summary>
internal sealed class StatusVerb : VerbCommand
{
    private readonly Argument<string> _folder = Declare.Argument("RUN", "The folder of a run (--out of the verb that made it).");

    private readonly Func<IReadOnlyList<string>, ParseResult> _parse;

    /// <summary>Makes the verb.</summary>
    /// <param name="parse">Reads the command line of a run.</param>
    public StatusVerb(Func<IReadOnlyList<string>, ParseResult> parse)
        : base(
            "status",
            "Says where a run stands, while it works and afterwards.",
            "Says of the folder of a run whether it is running, finished, incomplete (its results were deleted), interrupted or failed (its process died), "
                + "which iteration is whole, the resolution so far, how long it has been at work and has left at most, and the command that goes on with "
                + "it. It reads the run's own records and touches nothing.",
            "gmm status refined",
            "gmm status refined --json")
    {
        _parse = parse;
        Arguments.Add(_folder);
        AddOptions();
    }

    public override VerbResult Execute(VerbCall call)
    {
        var folder = call.Get(_folder);
        if (!Directory.Exists(folder))
        {
            throw new InvalidInputException(File.Exists(folder) ? "is a file, the folder of a run is needed" : "there is no such folder", folder);
        }

        var report = Look(folder, DateTime.UtcNow, _parse);
        return VerbResult.Of(report, StatusReports.Default.StatusReport, [.. Describe(report)]);
    }

    /// <summary>Where the run in a folder stands.</summary>
    /// <exception cref="InvalidInputException">It is no folder of a run, or its records cannot be read.</exception>
    internal static StatusReport Look(string folder, DateTime now, Func<IReadOnlyList<string>, ParseResult> parse)
    {
        var (owner, mayLive) = OutputLock.Look(Path.Combine(folder, RunFolder.LockName));
        var manifest = RunManifest.Read(Path.Combine(folder, RunFolder.ManifestName));
        if (manifest is null && !mayLive)
        {
            return OfBoards(folder, now)
                ?? throw new InvalidInputException($"is not the folder of a run of gmm: it has no {RunFolder.ManifestName}", folder);
        }

        var state = mayLive ? "running" : manifest!.Finished ? "finished" : owner is null ? "interrupted" : "failed";
        double? running = mayLive ? Math.Max(0, Math.Round((now - owner!.Started).TotalSeconds)) : null;
        if (manifest is null)
        {
            return new(folder, null, state, null, null, null, null, running, null, [], null, null);
        }

        var whole = WholeWork.Of(folder, manifest);
        var missing = state == "finished" ? WholeWork.MissingResults(folder, manifest) : [];
        state = missing.Length > 0 ? "incomplete" : state;
        var words = ShellWords.Split(manifest.Program);
        var parsed = parse([.. words.Skip(1)]);
        var verb = parsed.Errors.Count == 0 && words[0] == "gmm" ? parsed.CommandResult.Command as VerbCommand : null;
        var job = verb is CtfVerb ? verb.Name : manifest.Job;
        var most = verb?.Name == job && verb.Options.OfType<Option<int>>().FirstOrDefault(o => o.Name == "--iterations") is { } option
            ? parsed.GetValue(option) : (int?)null;
        // A call that went on with more iterations is not the one that is recorded.
        most = most < whole.Iteration ? null : most;
        var resume = state is "interrupted" or "failed" ? verb?.Options.FirstOrDefault(o => o.Name == "--resume") : null;
        return new(
            folder, job, state, whole.Iteration, most, whole.Resolution, state is "finished" or "incomplete" ? null : whole.Words, running,
            mayLive && most is { } n ? Left(whole.Written, n, now) : null, missing, TaskStatus.Of(folder),
            resume is null ? null : ShellCommand.Resuming([.. words.Skip(1)], parsed, verb!.Common.Overwrite, resume));
    }

    /// <summary>The run of a verb that leaves nothing but its boards while it works (reconstruct); null where there is no board.</summary>
    private static StatusReport? OfBoards(string folder, DateTime now)
    {
        if (TaskStatus.Last(folder) is not { } board)
        {
            return null;
        }

        var state = board.Look();
        var works = state.Workers.Any(w => now - board.LastBeat(w) < TaskTimes.Usual.LostAfter);
        return new(
            folder, board.Record.Work, works ? "running" : "interrupted", null, null, null, null, null, null, [], TaskStatus.Of(board, state),
            works ? null : ShellCommand.Of(board.Record.CallWords));
    }

    /// <summary>Time left at most, seconds, with iterations as long as those that were done on average; null before there is one.</summary>
    private static double? Left(IReadOnlyList<DateTime> written, int iterations, DateTime now)
    {
        if (written.Count < 2)
        {
            return null;
        }

        var mean = (written[^1] - written[0]).TotalSeconds / (written.Count - 1);
        return Math.Round(Math.Max(0, ((iterations - written.Count + 1) * mean) - (now - written[^1]).TotalSeconds));
    }

    private static IEnumerable<string> Describe(StatusReport report)
    {
        yield return $"{report.Folder}: {(report.Job is null ? string.Empty : $"gmm {report.Job}, ")}{report.State}"
            + (report.State == "failed" ? " (its process is gone)" : string.Empty)
            + (report.Missing is [var first, ..]
                ? Texts.Line($": it came to its end, but {report.Missing.Count} of its results are not there any more, {first} among them") : string.Empty)
            + (report.RunningSeconds is { } s ? $" for {ProgressLine.Text(TimeSpan.FromSeconds(s))}" : string.Empty)
            + (report.LeftSeconds is { } l ? $", at most {ProgressLine.Text(TimeSpan.FromSeconds(l))} left" : string.Empty);
        if (report.Iteration is { } iteration)
        {
            yield return (iteration == 0 ? "start" : Texts.Line($"iteration {iteration}"))
                + (report.Iterations is { } most && iteration > 0 ? Texts.Line($" of {most} at most") : string.Empty)
                + $": {Texts.Resolution(report.Resolution0143)} (FSC 0.143)";
        }
        else if (report.Whole is { } whole)
        {
            yield return whole;
        }
        else if (report.State == "running")
        {
            yield return "nothing is written yet";
        }

        if (report.Tasks is { } tasks)
        {
            yield return TaskStatus.Describe(tasks);
        }

        if (report.Command is { } command)
        {
            yield return $"to go on: {command}";
        }
    }
}
