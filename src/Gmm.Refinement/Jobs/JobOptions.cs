using System.Text.Json.Nodes;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>Where a job's files go.</summary>
public sealed record JobOptions
{
    /// <summary>The output folder; made if it does not exist.</summary>
    public required string Folder { get; init; }

    /// <summary>Whether to go on with a run in that folder that was stopped.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether files of an earlier run in that folder may be replaced: those that its list names (<see cref="RunFolder"/>).</summary>
    public bool Overwrite { get; init; }

    /// <summary>Whether the scales of the signal are written to rlnCtfScalefactor too, for the images as they are in their stacks.</summary>
    public bool WriteCtfScale { get; init; }

    /// <summary>Program, version and command line, for the run's record.</summary>
    public string Program { get; init; } = "Gmm.Refinement";

    /// <summary>
    /// How the program was called, as it likes to have it, kept in the run's record so that the program can repeat the run; null for nothing.
    /// </summary>
    public JsonObject? Call { get; init; }

    /// <summary>Files that were read for the run besides the particles and their images: masks, models. They are never replaced or removed.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Names of files that <see cref="AtEnd"/> writes.</summary>
    public IReadOnlyList<string> MoreFiles { get; init; } = [];

    /// <summary>Who else works on the job; null for this process alone.</summary>
    internal ClusterPlan? Cluster { get; init; }

    /// <summary>
    /// Called when the results are written, before the run's record is, to write more files into the folder; <see cref="MoreFiles"/> are claimed
    /// already.
    /// </summary>
    public Action<RunFolder>? AtEnd { get; init; }
}
