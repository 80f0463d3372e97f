namespace Gmm.Refinement;

/// <summary>Lines over two axes: Fourier shell correlations, resolution by iteration.</summary>
public sealed class LineChart : Chart
{
    private readonly ChartSeries[] _series;

    /// <summary>Makes a chart.</summary>
    /// <param name="title">The heading; none if empty.</param>
    /// <param name="x">The horizontal axis.</param>
    /// <param name="y">The vertical axis.</param>
    /// <param name="series">The lines, in the order of the legend.</param>
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

    /// <summary>Horizontal lines with a label, drawn beneath the series.</summary>
    public IReadOnlyList<ReferenceLine> ReferenceLines { get; init; } = [];

    internal override void Draw(ICanvas canvas)
    {
        var points = _series.SelectMany(FinitePoints).ToArray();
        var x = AxisScale.Create(XAxis, points.Min(p => p.X), points.Max(p => p.X));
        var heights = points.Select(p => p.Y).Concat(ReferenceLines.Select(r => r.Y)).ToArray();
        var y = AxisScale.Create(YAxis, heights.Min(), heights.Max());
        var frame = new PlotFrame(Title, x, y, Width, Height);
        foreach (var line in ReferenceLines.Where(r => r.Y >= y.Minimum && r.Y <= y.Maximum))
        {
            DrawReference(canvas, frame, line);
        }

        for (var i = 0; i < _series.Length; i++)
        {
            DrawSeries(canvas, frame, _series[i], ChartTheme.SeriesLine(i, _series[i].Dashed));
        }

        frame.DrawAxes(canvas);
        if (_series.Length > 1)
        {
            var names = _series.Select((s, i) => (s.Name, ChartTheme.SeriesLine(i, s.Dashed))).ToArray();
            new Legend(names).Draw(canvas, frame, Occupied(frame));
        }
    }

    private static IEnumerable<(double X, double Y)> FinitePoints(ChartSeries series) =>
        series.X.Zip(series.Y).Where(p => double.IsFinite(p.First) && double.IsFinite(p.Second));

    private static void DrawReference(ICanvas canvas, PlotFrame frame, ReferenceLine line)
    {
        var height = ChartTheme.Crisp(frame.Y(line.Y));
        canvas.Polyline([(frame.Left, height), (frame.Right, height)], new LineStyle(1, ChartTheme.Quiet, 4));
        canvas.Text(frame.Right - 2, height - 4, line.Label, new TextStyle(ChartTheme.SmallSize, ChartTheme.Quiet, TextAnchor.End));
    }

    private static void DrawSeries(ICanvas canvas, PlotFrame frame, ChartSeries series, LineStyle style)
    {
        frame.DrawLine(canvas, series.X, series.Y, style);
        if (!series.Markers)
        {
            return;
        }

        foreach (var (x, y) in FinitePoints(series).Select(p => (frame.X(p.X), frame.Y(p.Y))))
        {
            if (x >= frame.Left - 0.5 && x <= frame.Right + 0.5 && y >= frame.Top - 0.5 && y <= frame.Bottom + 0.5)
            {
                canvas.Dot(x, y, 3, style.Colour);
            }
        }
    }

    // Points along the lines and the reference labels, for the legend to avoid.
    private List<(double X, double Y)> Occupied(PlotFrame frame)
    {
        var taken = new List<(double X, double Y)>();
        foreach (var series in _series)
        {
            var points = FinitePoints(series).Select(p => (X: frame.X(p.X), Y: frame.Y(p.Y))).ToArray();
            for (var i = 0; i < points.Length; i++)
            {
                var from = points[Math.Max(0, i - 1)];
                for (var t = 1; t <= 8; t++)
                {
                    taken.Add((from.X + ((points[i].X - from.X) * t / 8), from.Y + ((points[i].Y - from.Y) * t / 8)));
                }
            }
        }

        foreach (var line in ReferenceLines)
        {
            taken.AddRange(Enumerable.Range(0, 20).Select(i => (frame.Right - (2 * i), frame.Y(line.Y) - 6)));
        }

        return taken;
    }
}
