namespace Gmm.Reports;

/// <summary>A report: what is said of a run, in the order in which it is read.</summary>
internal sealed record ReportPage
{
    /// <summary>What was done, in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>Of what.</summary>
    public required string Subtitle { get; init; }

    /// <summary>How it ended, or that it has not; null where nothing is to be said.</summary>
    public string? Status { get; init; }

    /// <summary>The verdict; null where there is none (yet).</summary>
    public VerdictBlock? Verdict { get; init; }

    /// <summary>What a person should know, a sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The figures that matter most.</summary>
    public IReadOnlyList<ReportTile> Tiles { get; init; } = [];

    /// <summary>The rest.</summary>
    public required IReadOnlyList<ReportSection> Sections { get; init; }

    /// <summary>Program, version, machine: the last line.</summary>
    public required string Footer { get; init; }
}
