using System.Globalization;
using System.Security.Cryptography;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Microsoft.Extensions.Logging;

namespace Gmm.Refinement;

/// <summary>Has the parts of an iteration's halves worked through by other processes that share a disk with this one (docs/cluster.md).</summary>
/// <param name="folder">The run's folder.</param>
/// <param name="settings">Fingerprint of all that decides the run's result.</param>
/// <param name="plan">Who they are.</param>
/// <param name="logger">Told of what is lost, failed and tried again.</param>
internal sealed class ClusterParts(string folder, string settings, ClusterPlan plan, ILogger logger) : IPartRunner
{
    /// <summary>The boards, from the run's folder.</summary>
    public const string Tasks = "tasks";

    /// <summary>What a board was made ready with.</summary>
    public const string Input = "input.gmmpass";

    /// <summary>The work of these boards.</summary>
    public const string Work = "refine";

    private HalfPass[] _passes = [];
    private int[][][] _parts = [];
    private TaskBoard? _board;
    private IWorkerLauncher? _launcher;
    private TaskRunner? _runner;
    private Action<BoardState>? _seen;

    /// <summary>Name of the board of an iteration.</summary>
    public static string BoardName(int iteration) => string.Create(CultureInfo.InvariantCulture, $"it{iteration:D3}");

    /// <summary>Name of the task of a part.</summary>
    public static string TaskName(int half, int part) => string.Create(CultureInfo.InvariantCulture, $"half{half + 1}_part{part + 1:D4}");

    /// <summary>The part that a task is.</summary>
    public static (int Half, int Part) PartOf(string task) => (
        int.Parse(task.AsSpan(4, 1), CultureInfo.InvariantCulture) - 1, int.Parse(task.AsSpan(10), CultureInfo.InvariantCulture) - 1);

    public void Begin(Func<int, HalfPass> prepare, int[][][] parts, CancellationToken cancellationToken)
    {
        // Both at once: whoever works on one half need not wait for the other.
        (_passes, _parts, _board) = ([prepare(0), prepare(1)], parts, null);
    }

    public HalfMotion? Run(int half, PoseEstimate?[] estimates, FourierAccumulator? sums, Action<int>? done, CancellationToken cancellationToken)
    {
        try
        {
            if (_board is null)
            {
                Open(estimates, sums is null ? default : new WorkingGrid(sums.Grid.BoxSize, sums.Grid.PixelSize));
            }

            var pass = _passes[half];
            var told = 0;
            _seen = state =>
            {
                var now = _parts[half].Index().Where(p => state.Tasks[TaskIndex(half, p.Index)].State == TaskState.Done).Sum(p => p.Item.Length);
                done?.Invoke(Math.Max(0, now - told));
                told = Math.Max(told, now);
            };
            for (var p = 0; p < _parts[half].Length; p++)
            {
                var (part, task) = (_parts[half][p], TaskName(half, p));
                _runner!.Take(task, path => pass.Take(part, PartFile.Read(path, _board!.Record.Key, task, part.Length, sums), estimates), cancellationToken);
            }

            if (half == 1)
            {
                _launcher!.Stop();
            }

            return pass.Learn(estimates, cancellationToken);
        }
        catch
        {
            _launcher?.Stop();
            throw;
        }
    }

    private int TaskIndex(int half, int part) => (half * _parts[0].Length) + part;

    private void Open(PoseEstimate?[] estimates, WorkingGrid grid)
    {
        var state = _passes[0].Task.State;
        var path = Path.Combine(folder, Tasks, BoardName(state.Iteration + 1));
        Directory.CreateDirectory(path);
        var input = Path.Combine(path, Input);
        var written = Path.Combine(path, TaskBoard.Next);
        PassFile.Write(written, new PassInput(
            state, [.. _passes.Select(p => p.Task.Model)], [.. _passes.Select(p => p.Task.Noise)], [.. _passes.Select(p => p.Signals)],
            [.. estimates.Index().Where(e => e.Item is not null).Select(e => (e.Index, e.Item!))])
        {
            Groups = _passes[0].Task.Source.OpticsGroups.Count,
            Grid = grid,
        });
        string[] tasks = [.. _parts.SelectMany((half, h) => half.Select((_, p) => TaskName(h, p)))];
        _board = TaskBoard.Create(path, new BoardRecord
        {
            Version = BoardRecord.CurrentVersion,
            Program = plan.Program,
            Key = KeyOf(written),
            Work = Work,
            CallFolder = plan.CallFolder,
            CallWords = plan.CallWords,
            Tasks = tasks,
        }, () => File.Move(written, input, overwrite: true));
        _launcher = plan.Launcher(_board);
        _runner = new TaskRunner(_board, _launcher, plan.Workers, plan.Times, logger, TimeProvider.System) { Seen = s => _seen?.Invoke(s) };
    }

    private string KeyOf(string path)
    {
        using var stream = File.OpenRead(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(SHA256.HashData(stream));
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(settings));
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }
}
