using System.Diagnostics;
using Gmm.Core;
using Gmm.IO;
using Microsoft.Extensions.Logging;

namespace Gmm.Refinement;

/// <summary>Works on the tasks of a board until none is left that it can have.</summary>
/// <param name="board">The tasks.</param>
/// <param name="log">Where it writes what it does, for others to find; empty if nowhere.</param>
/// <param name="beat">How often it says that it is alive.</param>
/// <param name="logger">Told what is done.</param>
/// <param name="time">The clock.</param>
internal sealed class TaskWorker(TaskBoard board, string log, TimeSpan beat, ILogger logger, TimeProvider time)
{
    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);

    /// <summary>This worker's name.</summary>
    public string Id { get; } =
        $"{new string([.. Environment.MachineName.Where(char.IsAsciiLetterOrDigit)])}-{Environment.ProcessId}-{Guid.NewGuid():N}"[..^24];

    /// <summary>Works.</summary>
    /// <param name="program">This program, to the build.</param>
    /// <param name="open">Makes ready for the work; what it returns does one task: given its name and where the result goes.</param>
    /// <param name="cancellationToken">Stops it; the task that it is at is given back.</param>
    /// <returns>The number of tasks done.</returns>
    /// <exception cref="InvalidInputException">The program is another than the board's, or it cannot make ready.</exception>
    public int Run(string program, Func<Action<string, string, CancellationToken>> open, CancellationToken cancellationToken)
    {
        using var process = Process.GetCurrentProcess();
        var me = new WorkerRecord
        {
            Id = Id,
            Host = Environment.MachineName,
            Process = process.Id,
            Started = process.StartTime.ToUniversalTime(),
            Log = log,
        };
        Action<string, string, CancellationToken> work;
        try
        {
            if (program != board.Record.Program)
            {
                throw new InvalidInputException($"this is {program}, the run is of {board.Record.Program}: all must be the same gmm", Environment.MachineName);
            }

            work = open();
        }
        catch (InvalidInputException e)
        {
            board.Enter(me with { Refusal = e.Message });
            throw;
        }

        board.Enter(me);
        board.Beat(Id);
        using var beats = time.CreateTimer(_ => TryBeat(), null, beat, beat);
        try
        {
            var done = 0;
            while (!cancellationToken.IsCancellationRequested && board.Claim(Id, _failed) is { } claim)
            {
                done += Do(claim.Task, claim.Try, work, cancellationToken) ? 1 : 0;
            }

            cancellationToken.ThrowIfCancellationRequested();
            return done;
        }
        finally
        {
            beats.Dispose();
            board.Leave(Id);
        }
    }

    private bool Do(string task, int number, Action<string, string, CancellationToken> work, CancellationToken cancellationToken)
    {
        logger.LogInformation("{Task}, try {Try}: begun", task, number);
        var clock = time.GetTimestamp();
        try
        {
            work(task, board.ResultOf(task), cancellationToken);
            logger.LogInformation("{Task}: done in {Seconds:F1} s", task, time.GetElapsedTime(clock).TotalSeconds);
            return true;
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested)
        {
            logger.LogWarning("{Task}: stopped and given back", task);
            board.End(task, number, board.EndOf(TryEnd.Stopped, Id, "stopped by a signal"));
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (Exception) when (!TaskBoard.Exists(board.Folder))
        {
            logger.LogWarning("{Task}: the run has ended without it", task);
            return false;
        }
#pragma warning disable CA1031 // Whatever one task does must not keep the others from being done; it is told on the board.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.LogError(e, "{Task}: failed", task);
            _failed.Add(task);
            var isFull = DiskRoom.IsUsedUp(e);
            board.End(
                task, number,
                board.EndOf(isFull ? TryEnd.NoRoom : TryEnd.Failed, Id, e is InvalidInputException ? e.Message : $"{e.GetType().Name}: {e.Message}"));
            if (isFull)
            {
                // The next would fail as well.
                throw;
            }

            return false;
        }
    }

    private void TryBeat()
    {
        try
        {
            board.Beat(Id);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("cannot say on the board that this worker lives: {Problem}", e.Message);
        }
    }
}
