using System.Globalization;
using Gmm.Core;
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
    /// <summary>What a board was made ready with.</summary>
    public const string Input = "input.gmmpass";

    /// <summary>The work of these boards.</summary>
    public const string Work = "refine";

    private HalfPass[] _passes = [];
    private int[][][] _parts = [];
    private PartTasks? _tasks;

    /// <summary>Name of the board of an iteration.</summary>
    public static string BoardName(int iteration) => string.Create(CultureInfo.InvariantCulture, $"it{iteration:D3}");

    public void Begin(Func<int, HalfPass> prepare, int[][][] parts, CancellationToken cancellationToken)
    {
        // Both at once: whoever works on one half need not wait for the other.
        (_passes, _parts, _tasks) = ([prepare(0), prepare(1)], parts, null);
    }

    public HalfMotion? Run(int half, PoseEstimate?[] estimates, FourierAccumulator? sums, Action<int>? done, CancellationToken cancellationToken)
    {
        try
        {
            _tasks ??= Open(estimates, sums is null ? default : new WorkingGrid(sums.Grid.BoxSize, sums.Grid.PixelSize));
            var pass = _passes[half];
            _tasks.TakeHalf(
                half, (part, task, path) => pass.Take(part, PartFile.Read(path, _tasks.Key, task, part.Length, sums), estimates), done, cancellationToken);
            return pass.Learn(estimates, cancellationToken);
        }
        catch
        {
            _tasks?.Stop();
            throw;
        }
    }

    private PartTasks Open(PoseEstimate?[] estimates, WorkingGrid grid)
    {
        var state = _passes[0].Task.State;
        var path = Path.Combine(folder, PartTasks.Boards, BoardName(state.Iteration + 1));
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
        return new PartTasks(path, Work, PartTasks.KeyOf(written, settings), _parts, plan, logger, () => File.Move(written, input, overwrite: true));
    }
}
