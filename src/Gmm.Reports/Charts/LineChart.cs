using ScottPlot;
using SkiaSharp;

namespace Gmm.Reports;

/// <summary>Lines over two axes: Fourier shell correlations, resolution by iteration.</summary>
public sealed class LineChart : Chart
{
    private readonly ChartSeries[] _series;

    /// <summary>Makes a chart.</summary>
    /// <param name="title">The heading; none if empty.</param>
    /// <param name="x">The horizontal axis.</param>
    /// <param name="y">The vertical axis.</param>
    /// <param name="series">The lines, in the order of the legend; the first is drawn over the others.</param>
    /// <exception cref="ArgumentException">No series, or no finite point in any of them.</exception>
    public LineChart(string title, ChartAxis x, ChartAxis y, IEnumerable<ChartSeries> series)
        : this(title, x, y, series, 560, 400)
    {
    }

    /// <summary>Makes a chart of another size than the usual, for long series.</summary>
    internal LineChart(string title, ChartAxis x, ChartAxis y, IEnumerable<ChartSeries> series, double width, double height)
        : base(title, width, height)
    {
        _series = [.. series];
        (XAxis, YAxis) = (x, y);
        if (!_series.SelectMany(FinitePoints).Any())
        {
            throw new ArgumentException($"The chart \"{title}\" has no point to show: it needs a series with a finite x and y.", nameof(series));
        }
    }

    /// <summary>The horizontal axis.</summary>
    public ChartAxis XAxis { get; }

    /// <summary>The vertical axis.</summary>
    public ChartAxis YAxis { get; }

    /// <summary>The lines.</summary>
    public IReadOnlyList<ChartSeries> Series => _series;

    /// <summary>Horizontal lines, drawn beneath the series; their labels stand at the right, outside the axes.</summary>
    public IReadOnlyList<ReferenceLine> ReferenceLines { get; init; } = [];

    /// <summary>Words along the upper edge, at positions of the horizontal axis: the names of its parts.</summary>
    public IReadOnlyList<(double Position, string Label)> PartNames { get; init; } = [];

    internal override void Draw(SKCanvas canvas, bool svg)
    {
        using var plot = CreatePlot();
        plot.Draw(canvas, svg);
    }

    internal ChartPlot CreatePlot()
    {
        var points = _series.SelectMany(FinitePoints).ToArray();
        double[] heights = [.. points.SelectMany(p => new[] { p.Y - p.Error, p.Y + p.Error }), .. ReferenceLines.Select(r => r.Y)];
        var plot = new ChartPlot(
            this,
            (XAxis, ChartPlot.Range(XAxis, points.Min(p => p.X), points.Max(p => p.X), 0.03)),
            (YAxis, ChartPlot.Range(YAxis, heights.Min(), heights.Max(), 0.06)))
        {
            HasLegend = _series.Length > 1,
        };
        plot.Add(ReferenceLines);
        for (var i = _series.Length - 1; i >= 0; i--)
        {
            plot.Add(_series[i], i);
        }

        if (PartNames.Count > 0)
        {
            plot.AddAbove(PartNames);
        }

        return plot;
    }

    private static IEnumerable<(double X, double Y, double Error)> FinitePoints(ChartSeries series) =>
        Enumerable.Range(0, series.X.Length)
            .Where(i => double.IsFinite(series.X[i]) && double.IsFinite(series.Y[i]))
            .Select(i => (series.X[i], series.Y[i], series.Errors?[i] is { } e && double.IsFinite(e) ? e : 0));
}
