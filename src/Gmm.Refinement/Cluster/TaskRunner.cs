using Gmm.Core;
using Gmm.IO;
using Microsoft.Extensions.Logging;

namespace Gmm.Refinement;

/// <summary>Starts workers, wherever they run.</summary>
internal interface IWorkerLauncher
{
    /// <summary>How many are at work, or wait to be; null where that cannot be told now.</summary>
    int? Alive();

    /// <summary>Starts some.</summary>
    /// <exception cref="InvalidInputException">They cannot be started.</exception>
    void Start(int count);

    /// <summary>Stops those that are still at work or waiting.</summary>
    void Stop();

    /// <summary>The last line that one wrote before it ended; null where it is not known.</summary>
    string? LastWords => null;
}

/// <summary>How often the board is looked at, and when a worker that says nothing is given up.</summary>
internal sealed record TaskTimes
{
    /// <summary>On one machine.</summary>
    public static TaskTimes Usual { get; } = new();

    /// <summary>Between two looks at the board.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>A worker on another machine that has said nothing for so long is lost.</summary>
    public TimeSpan LostAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often workers say that they live.</summary>
    public TimeSpan Beat { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>Sees to it that the tasks of a board are done: starts workers, finds lost ones, and hands out results.</summary>
/// <param name="board">The tasks.</param>
/// <param name="launcher">Starts workers.</param>
/// <param name="workers">How many are wanted at once.</param>
/// <param name="times">How often it looks.</param>
/// <param name="logger">Told of what is lost, failed and tried again.</param>
/// <param name="time">The clock.</param>
internal sealed class TaskRunner(TaskBoard board, IWorkerLauncher launcher, int workers, TaskTimes times, ILogger logger, TimeProvider time)
{
    /// <summary>Starts of workers none of which takes a task, after which something is wrong with all.</summary>
    private const int MostVainStarts = 3;

    private readonly Dictionary<string, (long Beats, long Since)> _beats = new(StringComparer.Ordinal);
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private int _progress = -1;
    private bool _hasLooked;
    private int _vainStarts;

    /// <summary>Told of the board at every look.</summary>
    public Action<BoardState>? Seen { get; init; }

    /// <summary>How a person goes on with what is done, for messages.</summary>
    public string Again { get; init; } = "--resume";

    /// <summary>Waits for a task's result and takes it.</summary>
    /// <param name="task">The task.</param>
    /// <param name="take">Reads the result; an <see cref="InvalidInputException"/> says that it is of no use, and the task is done again.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="InvalidInputException">A task failed too often, once all others are done; or workers cannot be started.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public void Take(string task, Action<string> take, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var state = board.Look();
            Seen?.Invoke(state);
            if (state.Tasks.First(t => t.Name == task).State == TaskState.Done && TryTake(task, take))
            {
                return;
            }

            Tend(state);
            cancellationToken.WaitHandle.WaitOne(times.Poll);
        }
    }

    private bool TryTake(string task, Action<string> take)
    {
        try
        {
            take(board.ResultOf(task));
            return true;
        }
        catch (InvalidInputException e) when (e.File == board.ResultOf(task))
        {
            logger.LogWarning("{Problem}: it is computed again", e.Message);
            board.Reject(task, e.Message);
            return false;
        }
    }

    private void Tend(BoardState state)
    {
        var lost = false;
        foreach (var task in state.Tasks)
        {
            TellEnds(task, state);
            lost |= task.State == TaskState.Running && IsLost(task);
        }

        _hasLooked = true;
        if (lost)
        {
            state = board.Look();
        }

        if (state.Tasks.All(t => t.State is TaskState.Done or TaskState.Isolated))
        {
            ThrowIsolated(state);
            return;
        }

        Launch(state);
    }

    private void Launch(BoardState state)
    {
        var progress = state.Tasks.Sum(t => t.Tries) + state.Count(TaskState.Done);
        if (progress != _progress)
        {
            (_progress, _vainStarts) = (progress, 0);
        }

        var open = state.Count(TaskState.Open);
        if (open == 0 || launcher.Alive() is not { } alive)
        {
            return;
        }

        var missing = Math.Min(open, workers - alive);
        if (missing <= 0)
        {
            return;
        }

        if (alive == 0 && ++_vainStarts > MostVainStarts)
        {
            var refusal = Directory.EnumerateFiles(board.Folder, "worker_*.json")
                .Select(f => board.ReadWorker(Path.GetFileNameWithoutExtension(f)["worker_".Length..]))
                .LastOrDefault(w => w?.Refusal is not null);
            throw new InvalidInputException(
                refusal is null
                    ? $"workers were started {MostVainStarts} times, and none took a task; "
                        + (launcher.LastWords is { } words ? $"the last said: {words}" : "the logs in this folder may say why")
                    : $"a worker on {refusal.Host} does not work: {refusal.Refusal}",
                board.Folder);
        }

        launcher.Start(missing);
    }

    /// <summary>Whether the worker of a task is gone; then that is noted, and the task can be had again.</summary>
    private bool IsLost(BoardTask task)
    {
        var worker = board.ClaimedBy(task.Name, task.Tries);
        var record = worker is null ? null : board.ReadWorker(worker);
        var now = time.GetTimestamp();
        var beats = worker is null ? 0 : board.Beats(worker);
        var key = worker ?? task.Name;
        if (!_beats.TryGetValue(key, out var last) || last.Beats != beats)
        {
            // By this clock, not by the times of files: those are of other machines.
            _beats[key] = last = (beats, now);
        }

        var isDead = record is { } r && r.Host == Environment.MachineName && !OutputLock.IsAlive(r.Process, r.Started);
        if (!isDead && time.GetElapsedTime(last.Since, now) < times.LostAfter)
        {
            return false;
        }

        if (File.Exists(board.ResultOf(task.Name)))
        {
            // It was done, and its worker left, since the board was looked at.
            return false;
        }

        var message = isDead ? "its process is gone" : $"nothing was heard of it for {times.LostAfter.TotalSeconds:F0} s";
        board.End(task.Name, task.Tries, board.EndOf(TryEnd.Lost, worker, message));
        if (isDead)
        {
            board.Leave(worker!);
        }

        return true;
    }

    private void TellEnds(BoardTask task, BoardState state)
    {
        for (var n = 1; n <= task.Tries; n++)
        {
            if (_told.Contains(Key(task.Name, n)) || board.ReadEnd(task.Name, n) is not { } end)
            {
                continue;
            }

            _told.Add(Key(task.Name, n));
            if (end.End == TryEnd.Stopped && !_hasLooked)
            {
                // By the end of the call before, which is no news.
                continue;
            }

            if (end.End == TryEnd.NoRoom)
            {
                throw new InvalidInputException(
                    $"{end.Message}: there is no room for a result; {state.Count(TaskState.Done)} of {state.Tasks.Count} tasks are done and kept, {Again} "
                        + "goes on once there is room",
                    board.Folder);
            }

            logger.LogWarning(
                "{Task}, try {Try}: {How} ({Message}){Log}", task.Name, n, end.End switch
                {
                    TryEnd.Lost => "its worker is lost",
                    TryEnd.Stopped => "its worker was stopped",
                    _ => "failed",
                }, end.Message, end.Log.Length == 0 || end.End == TryEnd.Stopped ? string.Empty : $"; its log: {end.Log}");
        }
    }

    private static string Key(string task, int number) => FormattableString.Invariant($"{task}.{number}");

    private void ThrowIsolated(BoardState state)
    {
        BoardTask[] isolated = [.. state.Tasks.Where(t => t.State == TaskState.Isolated)];
        if (isolated.Length == 0)
        {
            return;
        }

        var first = isolated[0];
        var end = board.ReadEnd(first.Name, first.Tries);
        var others = isolated.Length == 1 ? string.Empty : $" (and {isolated.Length - 1} more)";
        throw new InvalidInputException(
            $"task {first.Name}{others} gave no result in {first.Tries} tries; the last: {end?.Message ?? "unknown"}"
                + (end is { End: TryEnd.Stopped } ? "; give the jobs more time, or the halves more parts" : string.Empty)
                + $"; the other tasks are done and kept, {Again} tries again",
            end is { Log.Length: > 0 } ? end.Log : board.Folder);
    }
}
