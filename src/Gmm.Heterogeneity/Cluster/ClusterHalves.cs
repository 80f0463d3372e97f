using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;
using Microsoft.Extensions.Logging;

namespace Gmm.Heterogeneity;

/// <summary>
/// Has the halves of an analysis trained by other processes (docs/cluster.md): a task is a half, its result the state of its finished training, and the
/// analysis goes on as if it had written that itself.
/// </summary>
/// <remarks>
/// Workers keep their training on the board, whose folder's name tells all that decides the result: those of another analysis never meet. From there the
/// process that controls takes it over into the run's folder as it grows, so that the run can be looked at, and gone on with, with other processes or without.
/// </remarks>
/// <param name="run">The run's folder.</param>
/// <param name="key">Fingerprint of all that decides the result.</param>
/// <param name="rounds">Rounds of learning.</param>
/// <param name="logger">Told of what is lost, failed and tried again.</param>
internal sealed class ClusterHalves(RunFolder run, string key, int rounds, ILogger logger)
{
    /// <summary>The work of these boards.</summary>
    private const string Work = "heterogeneity";

    private readonly HeterogeneityCheckpoints _kept = new(run);
    private readonly string _board = Path.Combine(run.Path, PartTasks.Boards, $"{Work}_{key}");
    private readonly Dictionary<string, DateTime> _seen = new(StringComparer.Ordinal);

    /// <summary>Takes over what workers have written of their training.</summary>
    public void TakeStates()
    {
        foreach (var (half, round) in All())
        {
            var path = StatePath(_board, half, round);
            var changed = File.Exists(path) ? File.GetLastWriteTimeUtc(path) : default;
            if (changed == default || (_seen.TryGetValue(path, out var before) && before == changed))
            {
                continue;
            }

            _seen[path] = changed;
            try
            {
                _kept.Of(half, round).TakeFurther(new TrainingCheckpoint(path));
            }
            catch (InvalidInputException e) when (e.File == path)
            {
                // Damaged: the worker begins anew.
            }
        }
    }

    /// <summary>Has both halves trained.</summary>
    /// <param name="halves">The particles of each.</param>
    /// <param name="plan">Who works on them.</param>
    /// <param name="cancellationToken">Stops the waiting, and the workers.</param>
    public void Train(int[][] halves, ClusterPlan plan, CancellationToken cancellationToken)
    {
        if (_kept.Of(1, rounds).IsFinished && _kept.Of(2, rounds).IsFinished)
        {
            return;
        }

        Directory.CreateDirectory(_board);
        var shared = plan with
        {
            Seen = state =>
            {
                TakeStates();
                plan.Seen?.Invoke(state);
            },
        };
        var tasks = new PartTasks(_board, Work, key, [.. halves.Select(h => new[] { h })], shared, logger, LendStates);
        for (var h = 0; h < 2; h++)
        {
            tasks.TakeHalf(h, (_, _, path) => TakeResult(h + 1, path), null, cancellationToken);
        }
    }

    /// <summary>Does one task in a worker.</summary>
    /// <param name="board">The tasks.</param>
    /// <param name="task">The one.</param>
    /// <param name="result">Where its result goes.</param>
    /// <param name="analysis">The analysis, with the run's particles, models and options.</param>
    /// <param name="cancellationToken">Stops it; what is written stays good to go on from.</param>
    public static void Do(TaskBoard board, string task, string result, HeterogeneityAnalysis analysis, CancellationToken cancellationToken)
    {
        var half = PartTasks.PartOf(task).Half + 1;
        TrainingCheckpoint Kept(int round) => new(StatePath(board.Folder, half, round), () =>
        {
            if (!TaskBoard.Exists(board.Folder))
            {
                throw new InvalidInputException("the run has ended", board.Folder);
            }
        });
        var rounds = analysis.Options.Rounds;
        foreach (var round in Enumerable.Range(1, rounds))
        {
            RemoveDamaged(StatePath(board.Folder, half, round));
        }

        analysis.TrainHalf(half, Kept, cancellationToken);
        File.Delete(result);
        new TrainingCheckpoint(result).TakeFurther(Kept(rounds));
    }

    private static string StatePath(string board, int half, int round) => Path.Combine(board, HeterogeneityCheckpoints.Name(half, round));

    private static void RemoveDamaged(string path)
    {
        try
        {
            _ = new TrainingCheckpoint(path).Read();
        }
        catch (InvalidInputException)
        {
            File.Delete(path);
        }
    }

    private IEnumerable<(int Half, int Round)> All() => Enumerable.Range(1, 2).SelectMany(h => Enumerable.Range(1, rounds).Select(r => (h, r)));

    /// <summary>Gives workers what the run has, for them to go on from.</summary>
    private void LendStates()
    {
        foreach (var (half, round) in All())
        {
            var path = StatePath(_board, half, round);
            RemoveDamaged(path);
            new TrainingCheckpoint(path).TakeFurther(_kept.Of(half, round));
        }
    }

    private void TakeResult(int half, string path)
    {
        var result = new TrainingCheckpoint(path);
        if (!result.IsFinished)
        {
            throw new InvalidInputException("is no finished training", path);
        }

        TakeStates();
        _kept.Of(half, rounds).TakeFurther(result);
    }
}
