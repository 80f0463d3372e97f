using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Gmm.Refinement;

/// <summary>
/// The parts of halves as tasks that other processes do (docs/cluster.md): opens the board, has workers started and hands out what they give.
/// </summary>
internal sealed class PartTasks
{
    /// <summary>The boards, from a run's folder.</summary>
    public const string Boards = "tasks";

    private readonly int[][][] _parts;
    private readonly TaskBoard _board;
    private readonly IWorkerLauncher _launcher;
    private readonly TaskRunner _runner;
    private Action<BoardState>? _seen;

    /// <summary>Opens the board of some parts, or takes the one that is there up again.</summary>
    /// <param name="path">Its folder.</param>
    /// <param name="work">Whose work it is.</param>
    /// <param name="key">What the tasks are done on.</param>
    /// <param name="parts">The particles of each part, of both halves.</param>
    /// <param name="plan">Who works on them.</param>
    /// <param name="logger">Told of what is lost, failed and tried again.</param>
    /// <param name="ready">Puts what the tasks need in its place.</param>
    public PartTasks(string path, string work, string key, int[][][] parts, ClusterPlan plan, ILogger logger, Action ready)
    {
        _parts = parts;
        _board = TaskBoard.Create(path, new BoardRecord
        {
            Version = BoardRecord.CurrentVersion,
            Program = plan.Program,
            Key = key,
            Work = work,
            CallFolder = plan.CallFolder,
            CallWords = plan.CallWords,
            Tasks = [.. parts.SelectMany((half, h) => half.Select((_, p) => Name(h, p)))],
        }, ready);
        _launcher = plan.Launcher(_board);
        _runner = new TaskRunner(_board, _launcher, plan.Workers, plan.Times, logger, TimeProvider.System)
        {
            Again = plan.Again,
            Seen = state =>
            {
                _seen?.Invoke(state);
                plan.Seen?.Invoke(state);
            },
        };
    }

    /// <summary>What the tasks are done on.</summary>
    public string Key => _board.Record.Key;

    /// <summary>Name of the task of a part.</summary>
    public static string Name(int half, int part) => string.Create(CultureInfo.InvariantCulture, $"half{half + 1}_part{part + 1:D4}");

    /// <summary>The part that a task is.</summary>
    public static (int Half, int Part) PartOf(string task) => (
        int.Parse(task.AsSpan(4, 1), CultureInfo.InvariantCulture) - 1, int.Parse(task.AsSpan(10), CultureInfo.InvariantCulture) - 1);

    /// <summary>Waits for the results of a half's parts and takes them in their order; with those of the second half the workers are stopped.</summary>
    /// <param name="half">0 or 1.</param>
    /// <param name="take">Reads a part's result: given its particles, the task and the file.</param>
    /// <param name="done">Called with numbers of particles that are done.</param>
    /// <param name="cancellationToken">Stops the waiting, and the workers.</param>
    public void TakeHalf(int half, Action<int[], string, string> take, Action<int>? done, CancellationToken cancellationToken)
    {
        var told = 0;
        _seen = state =>
        {
            var now = _parts[half].Index()
                .Where(p => state.Tasks[(half * _parts[0].Length) + p.Index].State == TaskState.Done).Sum(p => p.Item.Length);
            done?.Invoke(Math.Max(0, now - told));
            told = Math.Max(told, now);
        };
        for (var p = 0; p < _parts[half].Length; p++)
        {
            Take(half, p, take, cancellationToken);
        }

        if (half == 1)
        {
            Stop();
        }
    }

    /// <summary>Waits for the result of a part and takes it.</summary>
    /// <param name="half">0 or 1.</param>
    /// <param name="part">The part, from 0.</param>
    /// <param name="take">Reads the result: given the part's particles, the task and the file.</param>
    /// <param name="cancellationToken">Stops the waiting, and the workers.</param>
    public void Take(int half, int part, Action<int[], string, string> take, CancellationToken cancellationToken)
    {
        var task = Name(half, part);
        try
        {
            _runner.Take(task, path => take(_parts[half][part], task, path), cancellationToken);
        }
        catch
        {
            Stop();
            throw;
        }
    }

    /// <summary>Fingerprint of what the tasks need, in a file, and of all else that decides results.</summary>
    public static string KeyOf(string input, string settings)
    {
        using var stream = File.OpenRead(input);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(SHA256.HashData(stream));
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(settings));
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }

    /// <summary>Stops the workers.</summary>
    public void Stop() => _launcher.Stop();
}
