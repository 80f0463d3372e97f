namespace Gmm.IO;

/// <summary>What a job may do with a folder that holds a run.</summary>
public enum RunMode
{
    /// <summary>The folder must hold none.</summary>
    New,

    /// <summary>Goes on with it.</summary>
    Resume,

    /// <summary>Removes it: the files that its own list names, and no others.</summary>
    Overwrite,
}

/// <summary>A job that writes a folder.</summary>
public sealed record RunFolderOptions
{
    /// <summary>The kind of job, as gmm's verb is called: refine, patches. Folders of another kind are refused.</summary>
    public required string Job { get; init; }

    /// <summary>Program and command line, for messages and the list of files.</summary>
    public required string Program { get; init; }

    /// <summary>What may be done with a run that is there.</summary>
    public RunMode Mode { get; init; }

    /// <summary>Files the job reads; none of them is ever removed or replaced.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Names the job is going to write, "/" between folder and file, as far as they are known: checked before any work is done.</summary>
    public IReadOnlyList<string> Planned { get; init; } = [];

    /// <summary>First parts of names of temporary files that are not of an output: a cache.</summary>
    public IReadOnlyList<string> Caches { get; init; } = [];

    /// <summary>
    /// For folders without a list, as versions before it left them: the files that a run of this job wrote there as its own record tells, or null if
    /// there is no such record.
    /// </summary>
    public Func<string, IReadOnlyList<string>?>? Earlier { get; init; }
}
