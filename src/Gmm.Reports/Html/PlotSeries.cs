namespace Gmm.Reports;

/// <summary>A curve, a row of bars or a cloud of points in a chart of a page.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="X">The positions.</param>
/// <param name="Y">The values; those that are not finite leave a gap.</param>
internal sealed record PlotSeries(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y)
{
    /// <summary>Standard errors; null for none.</summary>
    public IReadOnlyList<double>? Errors { get; init; }

    /// <summary>Names of the positions, in place of <see cref="X"/>; null where these are numbers.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>Where it lies from first (0) to last (1) in a row of like curves, which gives its colour; null for a colour of its own.</summary>
    public double? Order { get; init; }

    /// <summary>Whether it is drawn with dashes.</summary>
    public bool Dashed { get; init; }

    /// <summary>Whether it is hidden until its name is clicked.</summary>
    public bool Hidden { get; init; }

    /// <summary>Whether its points are marked.</summary>
    public bool Markers { get; init; }
}
