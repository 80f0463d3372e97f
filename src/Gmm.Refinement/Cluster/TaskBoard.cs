using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Gmm.Core;
using Gmm.IO;
using static System.FormattableString;

namespace Gmm.Refinement;

/// <summary>
/// Tasks that several processes share, as files of one folder on a disk that all of them see. Whoever makes the file of a try first has the task; a result
/// appears whole, by renaming; nothing is ever asked of another process.
/// </summary>
/// <remarks>
/// board.json lists the tasks. Of task T: T.try1 says who took it first, T.end1 how that ended if it gave no result, then T.try2 may be made; T.result is the
/// result, and a training's own state grows in NAME.gmmts. worker_W.json says who worker W is, and worker_W.beat grows as long as it lives.
/// </remarks>
internal sealed partial class TaskBoard
{
    /// <summary>Tries of a task that may fail or be lost.</summary>
    public const int MostFailures = 3;

    /// <summary>Tries that may be stopped: by a time limit that is too short, most often.</summary>
    public const int MostStops = 10;

    /// <summary>What the tasks need, before it is known whether the board is of the same work.</summary>
    public const string Next = "input.new";

    private const string RecordName = "board.json";

    private TaskBoard(string folder, BoardRecord record) => (Folder, Record) = (folder, record);

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>The tasks.</summary>
    public BoardRecord Record { get; }

    /// <summary>Makes a board, or takes the one that is there up again if it is of the same work; one of other work is removed.</summary>
    /// <param name="folder">The folder; its parent must exist.</param>
    /// <param name="record">The tasks.</param>
    /// <param name="ready">Puts what the tasks need in its place, after other work is removed and before workers can see the tasks.</param>
    /// <exception cref="InvalidInputException">It cannot be written.</exception>
    public static TaskBoard Create(string folder, BoardRecord record, Action? ready = null)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var path = Path.Combine(folder, RecordName);
            if (File.Exists(path) && TryRead(path, TaskJson.Default.BoardRecord, "a list of tasks") is { } before
                && before.Key == record.Key && before.Program == record.Program && before.Tasks.SequenceEqual(record.Tasks))
            {
                ready?.Invoke();
                RecordOutput.Write(path, record, TaskJson.Default.BoardRecord);
                var board = new TaskBoard(folder, record);
                board.Forget();
                return board;
            }

            foreach (var file in Directory.GetFiles(folder).Where(f => OwnName().IsMatch(Path.GetFileName(f)) && Path.GetFileName(f) != Next))
            {
                File.Delete(file);
            }

            ready?.Invoke();
            RecordOutput.Write(path, record, TaskJson.Default.BoardRecord);
            return new TaskBoard(folder, record);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"cannot be written: {e.Message}", folder, innerException: e);
        }
    }

    /// <summary>Opens the board in a folder.</summary>
    /// <exception cref="InvalidInputException">There is none, or it cannot be read.</exception>
    public static TaskBoard Open(string folder) => Exists(folder)
        ? new(folder, RecordFile.Read(Path.Combine(folder, RecordName), TaskJson.Default.BoardRecord, "a list of tasks"))
        : throw new InvalidInputException(
            $"has no tasks to work on (no {RecordName}): those of a run are in a folder in its tasks/ while it works with --cluster", folder);

    /// <summary>Whether a folder has a board.</summary>
    public static bool Exists(string folder) => File.Exists(Path.Combine(folder, RecordName));

    /// <summary>Removes the boards below a folder, and their folders if nothing else is in them.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="keepLogs">Whether logs stay that were named to a person: those of tries that failed or whose worker was lost.</param>
    public static void RemoveAll(string folder, bool keepLogs)
    {
        if (!Directory.Exists(folder) || new DirectoryInfo(folder).LinkTarget is not null)
        {
            return;
        }

        foreach (var board in Directory.GetDirectories(folder).Where(d => new DirectoryInfo(d).LinkTarget is null))
        {
            string[] files = [.. Directory.GetFiles(board).Where(f => OwnName().IsMatch(Path.GetFileName(f)))];
            // Without a record there are none but logs that were kept before, and what a call that was cut short has left.
            HashSet<string?> kept = !keepLogs ? [] : [.. Exists(board) ? files.Select(NamedLog) : files.Select(Path.GetFileName).Where(IsLog)];
            // The record first: workers of a controller that was killed write no more once it is gone.
            foreach (var file in files.Where(f => !kept.Contains(Path.GetFileName(f))).OrderBy(f => Path.GetFileName(f) != RecordName))
            {
                File.Delete(file);
            }
        }

        MadeFolders.RemoveEmpty([.. Directory.GetDirectories(folder), folder]);
    }

    /// <summary>Where a task's result is, or is to be.</summary>
    public string ResultOf(string task) => In(task + ".result");

    /// <summary>A file of the board.</summary>
    public string In(string name) => Path.Combine(Folder, name);

    /// <summary>Takes a task that nobody has.</summary>
    /// <param name="worker">Who takes it.</param>
    /// <param name="except">Tasks that it does not want.</param>
    /// <returns>The task and the number of the try; null where none is to be had.</returns>
    public (string Task, int Try)? Claim(string worker, IReadOnlySet<string> except)
    {
        if (!Exists(Folder))
        {
            return null;
        }

        var state = Look();
        foreach (var task in state.Tasks.Where(t => t.State == TaskState.Open && !except.Contains(t.Name)))
        {
            if (Make(In(Invariant($"{task.Name}.try{task.Tries + 1}")), new ClaimRecord { Worker = worker }, TaskJson.Default.ClaimRecord))
            {
                return (task.Name, task.Tries + 1);
            }
        }

        return null;
    }

    /// <summary>Notes that a try gave no result.</summary>
    public void End(string task, int number, EndRecord end) => Make(In(Invariant($"{task}.end{number}")), end, TaskJson.Default.EndRecord);

    /// <summary>Takes a result away that cannot be used, and notes that the try failed.</summary>
    public void Reject(string task, string message)
    {
        var number = Look().Tasks.First(t => t.Name == task).Tries;
        var claim = TryRead(In(Invariant($"{task}.try{number}")), TaskJson.Default.ClaimRecord, "a claim");
        File.Delete(ResultOf(task));
        End(task, Math.Max(1, number), EndOf(TryEnd.Failed, claim?.Worker, message));
    }

    /// <summary>How a try of a worker ended.</summary>
    public EndRecord EndOf(TryEnd end, string? worker, string message) => new()
    {
        End = end,
        Worker = worker ?? string.Empty,
        Log = worker is null ? string.Empty : ReadWorker(worker)?.Log ?? string.Empty,
        Message = message,
    };

    /// <summary>Makes a worker known.</summary>
    /// <exception cref="InvalidInputException">The folder cannot be written.</exception>
    public void Enter(WorkerRecord worker) => RecordOutput.Write(In($"worker_{worker.Id}.json"), worker, TaskJson.Default.WorkerRecord);

    /// <summary>Says that a worker is alive; nothing where the board has been removed.</summary>
    public void Beat(string worker)
    {
        if (!Exists(Folder))
        {
            return;
        }

        using var beat = new FileStream(In($"worker_{worker}.beat"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, 1);
        beat.WriteByte((byte)'.');
    }

    /// <summary>Says that a worker has left.</summary>
    public void Leave(string worker)
    {
        if (Exists(Folder))
        {
            File.Delete(In($"worker_{worker}.beat"));
        }
    }

    /// <summary>A worker; null where it is not known.</summary>
    public WorkerRecord? ReadWorker(string worker) => TryRead(In($"worker_{worker}.json"), TaskJson.Default.WorkerRecord, "a worker");

    /// <summary>How often a worker has said that it is alive; -1 where it has left, or never came.</summary>
    public long Beats(string worker) => new FileInfo(In($"worker_{worker}.beat")) is { Exists: true } beat ? beat.Length : -1;

    /// <summary>When a worker last said that it is alive; null where it has left, or never came.</summary>
    public DateTime? LastBeat(string worker) => new FileInfo(In($"worker_{worker}.beat")) is { Exists: true } beat ? beat.LastWriteTimeUtc : null;

    /// <summary>How a try ended; null where that is not known.</summary>
    public EndRecord? ReadEnd(string task, int number) => TryRead(In(Invariant($"{task}.end{number}")), TaskJson.Default.EndRecord, "the end of a try");

    /// <summary>Who has a try; null where it has not said so yet.</summary>
    public string? ClaimedBy(string task, int number) =>
        TryRead(In(Invariant($"{task}.try{number}")), TaskJson.Default.ClaimRecord, "a claim")?.Worker;

    /// <summary>Where all tasks stand.</summary>
    public BoardState Look()
    {
        // One listing in place of a question for each file: a shared disk answers slowly.
        var names = Directory.EnumerateFiles(Folder).Select(Path.GetFileName).ToHashSet(StringComparer.Ordinal);
        var tasks = Record.Tasks.Select(task =>
        {
            int tries = 0, stopped = 0;
            while (names.Contains(Invariant($"{task}.end{tries + 1}")))
            {
                tries++;
                stopped += ReadEnd(task, tries) is { End: TryEnd.Stopped } ? 1 : 0;
            }

            var running = names.Contains(Invariant($"{task}.try{tries + 1}"));
            return new BoardTask(
                task,
                names.Contains(task + ".result") ? TaskState.Done
                    : running ? TaskState.Running
                    : tries - stopped >= MostFailures || stopped >= MostStops ? TaskState.Isolated
                    : TaskState.Open,
                tries + (running ? 1 : 0));
        });
        return new BoardState(
            [.. tasks],
            [.. names.Select(n => WorkerName().Match(n!)).Where(m => m.Success).Select(m => m.Groups["id"].Value).Order(StringComparer.Ordinal)]);
    }

    /// <summary>Gives tasks that failed too often, or for want of room, another chance: somebody has seen why, and begins again.</summary>
    private void Forget()
    {
        foreach (var task in Look().Tasks.Where(t => t.State == TaskState.Isolated || (t.State == TaskState.Open && HadNoRoom(t))))
        {
            // Ends last: as long as they are there the tries count.
            for (var n = task.Tries; n > 0; n--)
            {
                File.Delete(In(Invariant($"{task.Name}.try{n}")));
                File.Delete(In(Invariant($"{task.Name}.end{n}")));
            }
        }
    }

    private bool HadNoRoom(BoardTask task) => Enumerable.Range(1, task.Tries).Any(n => ReadEnd(task.Name, n) is { End: TryEnd.NoRoom });

    /// <summary>The log that the end of a try names; null where a file is none, or the end is one that needs no looking into.</summary>
    private static string? NamedLog(string path) =>
        EndName().IsMatch(Path.GetFileName(path))
            && TryRead(path, TaskJson.Default.EndRecord, "the end of a try") is { End: not TryEnd.Stopped, Log.Length: > 0 } end
            ? Path.GetFileName(end.Log) : null;

    private static bool IsLog(string? name) => name?.EndsWith(".log", StringComparison.Ordinal) == true;

    /// <summary>Writes a file that must not be there; false if it is.</summary>
    /// <exception cref="InvalidInputException">It cannot be written.</exception>
    private static bool Make<T>(string path, T record, JsonTypeInfo<T> type)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1);
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"cannot be written: {e.Message}", path, innerException: e);
        }

        try
        {
            using (file)
            {
                file.Write(RecordFile.ToBytes(record, type));
                file.Flush(flushToDisk: true);
            }

            return true;
        }
        catch (IOException e)
        {
            // Without its content it would be nobody's.
            File.Delete(path);
            throw new InvalidInputException($"cannot be written: {e.Message}", path, innerException: e);
        }
    }

    /// <summary>A record; null where it is not there, or is only being written.</summary>
    private static T? TryRead<T>(string path, JsonTypeInfo<T> type, string what)
        where T : class, IRecord
    {
        try
        {
            return RecordFile.Read(path, type, what);
        }
        catch (InvalidInputException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^worker_(?<id>[^/]+)\.beat$", RegexOptions.CultureInvariant)]
    private static partial Regex WorkerName();

    [GeneratedRegex(@"\.end[0-9]+$", RegexOptions.CultureInvariant)]
    private static partial Regex EndName();

    /// <summary>What lies in a board's folder.</summary>
    [GeneratedRegex(
        @"^(board\.json|input\.[a-z]+|job[0-9]+\.sh|[A-Za-z0-9_-]+\.(result|gmmts|try[0-9]+|end[0-9]+)|worker_[^/]+\.(json|beat|log)|\..+\.tmp)$",
        RegexOptions.CultureInvariant)]
    private static partial Regex OwnName();
}

/// <summary>Where a task stands.</summary>
internal enum TaskState
{
    /// <summary>To be had.</summary>
    Open,

    /// <summary>Somebody has it.</summary>
    Running,

    /// <summary>Its result is there.</summary>
    Done,

    /// <summary>It failed too often.</summary>
    Isolated,
}

/// <summary>A task and where it stands.</summary>
/// <param name="Name">The task.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Tries">Tries so far, the present one among them.</param>
internal readonly record struct BoardTask(string Name, TaskState State, int Tries);

/// <summary>Where all tasks stand.</summary>
/// <param name="Tasks">The tasks, in their order.</param>
/// <param name="Workers">The workers that have not left.</param>
internal sealed record BoardState(IReadOnlyList<BoardTask> Tasks, IReadOnlyList<string> Workers)
{
    /// <summary>The number of tasks that stand so.</summary>
    public int Count(TaskState state) => Tasks.Count(t => t.State == state);
}
