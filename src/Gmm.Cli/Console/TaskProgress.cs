using Gmm.Refinement;
using static System.FormattableString;

namespace Gmm.Cli;

/// <summary>Where the tasks of a stage stand that is shared among processes.</summary>
/// <param name="Done">Tasks whose result is there.</param>
/// <param name="Total">All of them.</param>
/// <param name="Workers">Processes at work on them.</param>
internal readonly record struct TaskProgress(int Done, int Total, int Workers)
{
    /// <summary>Of a board.</summary>
    public static TaskProgress Of(BoardState state) => new(state.Count(TaskState.Done), state.Tasks.Count, state.Workers.Count);

    /// <summary>In words, for a line of progress.</summary>
    public override string ToString() => Invariant($"{Done} of {Total} tasks, {Workers} {(Workers == 1 ? "worker" : "workers")}");
}
