namespace Gmm.Refinement;

/// <summary>How a job shares its parts with other processes.</summary>
internal sealed record ClusterPlan
{
    /// <summary>This program, to the build.</summary>
    public required string Program { get; init; }

    /// <summary>The folder that it was called in.</summary>
    public required string CallFolder { get; init; }

    /// <summary>Its command line, without the program.</summary>
    public required IReadOnlyList<string> CallWords { get; init; }

    /// <summary>Workers at once.</summary>
    public required int Workers { get; init; }

    /// <summary>Makes what starts workers for a board.</summary>
    public required Func<TaskBoard, IWorkerLauncher> Launcher { get; init; }

    /// <summary>Told of the board at every look; null for nobody.</summary>
    public Action<BoardState>? Seen { get; init; }

    /// <summary>How a person goes on with what is done, for messages.</summary>
    public string Again { get; init; } = "--resume";

    /// <summary>How often the board is looked at.</summary>
    public TaskTimes Times { get; init; } = new();
}
