namespace Gmm.Reports;

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
        var taken = CurvePoints(frame);
        var labels = new List<(double X, double Y)>();
        foreach (var line in ReferenceLines.Where(r => r.Y >= y.Minimum && r.Y <= y.Maximum))
        {
            labels.AddRange(DrawReference(canvas, frame, line, taken));
        }

        for (var i = 0; i < _series.Length; i++)
        {
            DrawSeries(canvas, frame, _series[i], ChartTheme.SeriesLine(i, _series[i].Dashed));
        }

        frame.DrawAxes(canvas);
        if (_series.Length > 1)
        {
            var names = _series.Select((s, i) => (s.Name, ChartTheme.SeriesLine(i, s.Dashed))).ToArray();
            new Legend(names).Draw(canvas, frame, [.. taken, .. labels]);
        }
    }

    private static IEnumerable<(double X, double Y)> FinitePoints(ChartSeries series) =>
        series.X.Zip(series.Y).Where(p => double.IsFinite(p.First) && double.IsFinite(p.Second));

    // The label stands where no curve crosses it: as far to the right as it can, above the line rather than below. Returns points on it, for the
    // legend to avoid.
    private static IEnumerable<(double X, double Y)> DrawReference(ICanvas canvas, PlotFrame frame, ReferenceLine line, List<(double X, double Y)> taken)
    {
        const double Step = 8, Gap = 4, Margin = 4;
        var height = ChartTheme.Crisp(frame.Y(line.Y));
        var width = StrokeFont.Measure(line.Label, ChartTheme.SmallSize);
        var text = ChartTheme.SmallSize * 0.75;
        bool Free(double right, double bottom) => !taken.Exists(p =>
            p.X > right - width - Margin && p.X < right + Margin && p.Y > bottom - text - Margin && p.Y < bottom + Margin);
        var places = Enumerable.Range(0, Math.Max(1, (int)((frame.Right - frame.Left - width) / Step)))
            .SelectMany(i => new[] { height - Gap, height + Gap + text }.Select(bottom => (Right: frame.Right - 2 - (i * Step), Bottom: bottom)))
            .Where(p => p.Bottom < frame.Bottom - 2);
        var place = places.FirstOrDefault(p => Free(p.Right, p.Bottom), (Right: frame.Right - 2, Bottom: height - Gap));
        canvas.Polyline([(frame.Left, height), (frame.Right, height)], new LineStyle(1, ChartTheme.Quiet, 4));
        canvas.Text(place.Right, place.Bottom, line.Label, new TextStyle(ChartTheme.SmallSize, ChartTheme.Quiet, TextAnchor.End));
        return Enumerable.Range(0, 20).Select(i => (place.Right - (width * i / 19), place.Bottom - (text / 2)));
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

    // Points along the curves, close enough that no label slips between two.
    private List<(double X, double Y)> CurvePoints(PlotFrame frame)
    {
        const double Spacing = 4;
        var points = new List<(double X, double Y)>();
        foreach (var series in _series)
        {
            var ends = FinitePoints(series).Select(p => (X: frame.X(p.X), Y: frame.Y(p.Y))).ToArray();
            for (var i = 0; i < ends.Length; i++)
            {
                var from = ends[Math.Max(0, i - 1)];
                double dx = ends[i].X - from.X, dy = ends[i].Y - from.Y;
                var steps = Math.Max(1, (int)Math.Ceiling(Math.Min(2000, Math.Sqrt((dx * dx) + (dy * dy)) / Spacing)));
                points.AddRange(Enumerable.Range(1, steps).Select(t => (from.X + (dx * t / steps), from.Y + (dy * t / steps))));
            }
        }

        return points;
    }
}
