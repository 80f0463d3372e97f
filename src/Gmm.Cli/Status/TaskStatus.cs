using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>Where the tasks stand that processes share.</summary>
internal static class TaskStatus
{
    /// <summary>Of the run in a folder; null where nothing is shared now.</summary>
    public static TaskStatusReport? Of(string folder)
    {
        var boards = Path.Combine(folder, PartTasks.Boards);
        if (!Directory.Exists(boards) || Directory.GetDirectories(boards).Where(TaskBoard.Exists).Order(StringComparer.Ordinal).LastOrDefault() is not { } last)
        {
            return null;
        }

        var board = TaskBoard.Open(last);
        var state = board.Look();
        return new(
            Path.GetFileName(last), state.Tasks.Count, state.Count(TaskState.Done), state.Count(TaskState.Running), state.Count(TaskState.Isolated),
            state.Tasks.Count(t => t.Tries > 1),
            [.. state.Workers.Select(w => board.ReadWorker(w) is { } r ? Texts.Line($"{r.Host}:{r.Process}") : w)]);
    }

    /// <summary>In words.</summary>
    public static string Describe(TaskStatusReport tasks) =>
        Texts.Line($"tasks of {tasks.Iteration}: {tasks.Done} of {tasks.Total} done, {tasks.Running} running, {tasks.Isolated} failed for good, ")
            + Texts.Line($"{tasks.Retried} begun more than once; {tasks.Workers.Count} workers")
            + (tasks.Workers.Count == 0 ? string.Empty : $": {string.Join(", ", tasks.Workers)}");
}
