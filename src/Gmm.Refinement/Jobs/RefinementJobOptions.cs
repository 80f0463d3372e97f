namespace Gmm.Refinement;

/// <summary>Where a refinement's files go.</summary>
public sealed record RefinementJobOptions
{
    /// <summary>The output folder; made if it does not exist.</summary>
    public required string Folder { get; init; }

    /// <summary>Whether to go on with a run in that folder that was stopped.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether files of an earlier run in that folder may be replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Program, version and command line, for the run's record.</summary>
    public string Program { get; init; } = "Gmm.Refinement";
}
