namespace Gmm.Reports;

/// <summary>An axis of a chart of a page.</summary>
/// <param name="Title">What it shows, with the unit.</param>
internal sealed record PlotAxis(string Title)
{
    /// <summary>Least and greatest value shown; null to take them from the data.</summary>
    public (double Least, double Greatest)? Range { get; init; }

    /// <summary>Marks and their words; null to make them.</summary>
    public IReadOnlyList<(double At, string Text)>? Ticks { get; init; }

    /// <summary>Whether values are shells, in 1/Å, to be told as resolutions.</summary>
    public bool IsResolution { get; init; }
}
