using System.Text.Json.Nodes;
using System.Diagnostics;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gmm.Refinement;

/// <summary>
/// A loop with files: it owns the folder with its lock and list, writes the state after every iteration, and goes on after an interruption to the
/// same bits as if it had not been stopped. <see cref="RefinementJob"/> and <see cref="PatchJob"/> say what the loop is and what a state's files are.
/// </summary>
/// <typeparam name="TState">Where the loop stands after an iteration.</typeparam>
/// <typeparam name="TRecord">The record that the folder ends with.</typeparam>
public abstract class Job<TState, TRecord>
    where TState : class
{
    private readonly JobOptions _job;

    private protected Job(StarParticles particles, ComputeOptions compute, JobOptions job, ILogger? logger) =>
        (Particles, Compute, _job, Logger) = (particles, compute, job, logger ?? NullLogger.Instance);

    private protected StarParticles Particles { get; }

    private protected ComputeOptions Compute { get; }

    private protected ILogger Logger { get; }

    /// <summary>Program, version and command line, for the record.</summary>
    private protected string Program => _job.Program;

    /// <summary>How the program was called, for the record.</summary>
    private protected JsonObject? Call => _job.Call;

    /// <summary>Who else works on it; null for nobody.</summary>
    private protected ClusterPlan? Cluster => _job.Cluster;

    /// <summary>The output folder, as given.</summary>
    private protected string Folder => _job.Folder;

    /// <summary>Whether the scales of the signal are written for other programs too.</summary>
    private protected bool WritesCtfScale => _job.WriteCtfScale;

    /// <summary>The kind of job, as the folder's list has it.</summary>
    private protected abstract string Kind { get; }

    /// <summary>Angstrom per pixel of the maps: the first optics group's.</summary>
    private protected double PixelSize => Particles.OpticsGroups[0].PixelSize;

    /// <summary>Runs it to its end.</summary>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Stops it; what is written stays good to go on from.</param>
    /// <returns>The record, which the folder holds too.</returns>
    /// <exception cref="InvalidInputException">
    /// Bad input; an output folder that holds a run and is neither to be resumed nor overwritten, or cannot be written; a run to resume that had
    /// other settings.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public TRecord Run(IProgress<RefinementProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var clock = Stopwatch.StartNew();
        Prepare();
        using var folder = JobFolders.Open(_job, Kind, Particles, PlannedFiles(), EarlierFiles);
        var (settings, inputs) = (Settings(), RunSettings.Inputs(Particles));
        Open(folder);
        if (folder.IsResumed)
        {
            folder.Start(settings, inputs);
            folder.Tell(Logger);
            JobFigures.Take(folder, Images, inputs, Logger);
        }

        var known = Images.Figures is not null;
        if ((folder.IsResumed ? ReadLast() : null) is not { } state)
        {
            state = Start(progress, cancellationToken);
            if (!folder.IsResumed)
            {
                // Only now has every image been seen: bad input leaves an earlier run as it was, and no new folder.
                folder.Start(settings, inputs);
                folder.Tell(Logger);
                RemoveTasks(keepLogs: false);
            }

            WriteStart(state);
        }

        if (!known)
        {
            JobFigures.Keep(folder, Images, inputs);
        }

        // Now, not at the end: a report may be made while the run goes on, and is to be known as a file of it.
        folder.Claim(_job.MoreFiles);
        while (!IsFinished(state))
        {
            state = Iterate(state, progress, cancellationToken);
        }

        var record = Finish(state, settings, () => clock.Elapsed.TotalSeconds, progress, cancellationToken);
        _job.AtEnd?.Invoke(folder);
        WriteRecord(record);
        folder.Finish();
        return record;
    }

    /// <summary>
    /// Works on the tasks of a run in another process: with the same particles and options, and nothing written but results of tasks.
    /// </summary>
    /// <param name="board">The tasks.</param>
    /// <param name="worker">Takes them.</param>
    /// <param name="program">This program, to the build.</param>
    /// <param name="cancellationToken">Stops it; the task at hand is given back.</param>
    /// <returns>The number of tasks done.</returns>
    /// <exception cref="InvalidInputException">The program, the settings or the images are not those of the run.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    internal int WorkOn(TaskBoard board, TaskWorker worker, string program, CancellationToken cancellationToken) => worker.Run(program, () =>
    {
        Prepare();
        var inputs = RunSettings.Inputs(Particles);
        JobFolders.RequireRun(Folder, Settings(), inputs);
        JobFigures.Take(Path.Combine(Folder, JobFigures.Name), Images, inputs, Logger);
        Images.Measure(null, null, cancellationToken);
        return OpenTasks(board);
    }, cancellationToken);

    /// <summary>Removes what workers have written, once it is of no more use.</summary>
    /// <param name="keepLogs">Whether logs that warnings have named stay.</param>
    private protected void RemoveTasks(bool keepLogs) => TaskBoard.RemoveAll(Path.Combine(Folder, PartTasks.Boards), keepLogs);

    /// <summary>Makes ready to do tasks of a board; what it returns does one: given its name and where the result goes.</summary>
    private protected virtual Action<string, string, CancellationToken> OpenTasks(TaskBoard board) =>
        throw new InvalidInputException($"gmm {Kind} has no tasks for workers", board.Folder);

    /// <summary>Makes the loop, which checks its input, before the folder is touched.</summary>
    private protected abstract void Prepare();

    /// <summary>The images as the loop prepares them.</summary>
    private protected abstract PreparedParticles Images { get; }

    /// <summary>Names of files that are going to be written, as far as they are known.</summary>
    private protected abstract IEnumerable<string> PlannedFiles();

    /// <summary>The files of a run of an earlier version in a folder; null if there is none.</summary>
    private protected abstract IReadOnlyList<string>? EarlierFiles(string folder);

    /// <summary>All that decides the result, and nothing that does not (threads, chunks, number of iterations).</summary>
    private protected abstract JsonObject Settings();

    /// <summary>Takes the open folder.</summary>
    private protected abstract void Open(RunFolder folder);

    /// <summary>The last state that was written whole; null if there is none.</summary>
    private protected abstract TState? ReadLast();

    /// <summary>The state before the first iteration.</summary>
    private protected abstract TState Start(IProgress<RefinementProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Writes that state.</summary>
    private protected abstract void WriteStart(TState state);

    /// <summary>Whether nothing is left to do.</summary>
    private protected abstract bool IsFinished(TState state);

    /// <summary>One iteration, written.</summary>
    private protected abstract TState Iterate(TState state, IProgress<RefinementProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Writes the results, judges them and makes the record.</summary>
    private protected abstract TRecord Finish(
        TState state, JsonObject settings, Func<double> seconds, IProgress<RefinementProgress>? progress,
        CancellationToken cancellationToken);

    /// <summary>Writes the record.</summary>
    private protected abstract void WriteRecord(TRecord record);
}
