using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>Where the tasks stand that processes share.</summary>
internal static class TaskStatus
{
    /// <summary>Of the run in a folder; null where nothing is shared now.</summary>
    public static TaskStatusReport? Of(string folder) => OfBoards(Path.Combine(folder, PartTasks.Boards));

    /// <summary>Of the boards in a folder of their own; null where nothing is shared now.</summary>
    public static TaskStatusReport? OfBoards(string boards) => Last(boards) is { } board ? Of(board, board.Look()) : null;

    /// <summary>The board of a folder of boards that is worked on; null where there is none.</summary>
    public static TaskBoard? Last(string boards) =>
        Directory.Exists(boards) && Directory.GetDirectories(boards).Where(TaskBoard.Exists).Order(StringComparer.Ordinal).LastOrDefault() is { } last
            ? TaskBoard.Open(last) : null;

    /// <summary>Of a board.</summary>
    public static TaskStatusReport Of(TaskBoard board, BoardState state) => new(
        Path.GetFileName(board.Folder), state.Tasks.Count, state.Count(TaskState.Done), state.Count(TaskState.Running), state.Count(TaskState.Isolated),
        state.Tasks.Count(t => t.Tries > 1),
        [.. state.Workers.Select(w => board.ReadWorker(w) is { } r ? Texts.Line($"{r.Host}:{r.Process}") : w)]);

    /// <summary>In words.</summary>
    public static string Describe(TaskStatusReport tasks) =>
        Texts.Line($"tasks of {tasks.Iteration}: {tasks.Done} of {tasks.Total} done, {tasks.Running} running, {tasks.Isolated} failed for good, ")
            + Texts.Line($"{tasks.Retried} begun more than once; {tasks.Workers.Count} workers")
            + (tasks.Workers.Count == 0 ? string.Empty : $": {string.Join(", ", tasks.Workers)}");
}
