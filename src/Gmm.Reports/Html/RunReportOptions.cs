using Gmm.Core;

namespace Gmm.Reports;

/// <summary>How a report is made.</summary>
public sealed record RunReportOptions
{
    /// <summary>An atomic model in the frame of the maps (PDB or mmCIF) to show with the map; null for none.</summary>
    public string? ModelFile { get; init; }

    /// <summary>Whether a file that is there may be replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Threads, and what stops it.</summary>
    public ComputeOptions Compute { get; init; } = new();
}
