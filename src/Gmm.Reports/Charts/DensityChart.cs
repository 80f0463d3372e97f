namespace Gmm.Reports;

/// <summary>How densely points lie in a plane, such as particles over two components: a two-dimensional histogram, with rows of points drawn over it.</summary>
public sealed class DensityChart : Chart
{
    private readonly double[] _px;
    private readonly double[] _py;
    private readonly ChartSeries[] _marks;

    /// <summary>Makes a chart.</summary>
    /// <param name="title">The heading; none if empty.</param>
    /// <param name="x">The horizontal axis.</param>
    /// <param name="y">The vertical axis.</param>
    /// <param name="px">Horizontal positions of the points.</param>
    /// <param name="py">Vertical positions, as many.</param>
    /// <param name="marks">Rows of points drawn over the density, such as a trajectory or the centres of clusters.</param>
    /// <exception cref="ArgumentException">No point that is finite, or different numbers of positions.</exception>
    public DensityChart(string title, ChartAxis x, ChartAxis y, double[] px, double[] py, IEnumerable<ChartSeries>? marks = null)
        : base(title, 560, 480)
    {
        ArgumentNullException.ThrowIfNull(px);
        ArgumentNullException.ThrowIfNull(py);
        if (px.Length != py.Length || !px.Zip(py).Any(p => double.IsFinite(p.First) && double.IsFinite(p.Second)))
        {
            throw new ArgumentException($"The chart \"{title}\" needs as many x as y, at least one of them finite.", nameof(px));
        }

        (XAxis, YAxis, _px, _py, _marks) = (x, y, px, py, [.. marks ?? []]);
        Cells = (int)Math.Clamp(0.75 * Math.Sqrt(px.Length), 12, 64);
    }

    /// <summary>The horizontal axis.</summary>
    public ChartAxis XAxis { get; }

    /// <summary>The vertical axis.</summary>
    public ChartAxis YAxis { get; }

    /// <summary>Number of cells along each axis; fewer for few points by default.</summary>
    public int Cells { get; init; }

    internal override void Draw(ICanvas canvas)
    {
        var points = _px.Zip(_py).Where(p => double.IsFinite(p.First) && double.IsFinite(p.Second)).ToArray();
        var marked = _marks.SelectMany(m => m.X.Zip(m.Y)).ToArray();
        var shown = points.Concat(marked).ToArray();
        var x = AxisScale.Create(XAxis, shown.Min(p => p.First), shown.Max(p => p.First));
        var y = AxisScale.Create(YAxis, shown.Min(p => p.Second), shown.Max(p => p.Second));
        var frame = new PlotFrame(Title, x, y, Width, Height);
        DrawCells(canvas, frame, Counts(points, x, y));
        for (var i = 0; i < _marks.Length; i++)
        {
            // Blue is the density's own colour.
            var style = ChartTheme.SeriesLine(i + 1, _marks[i].Dashed);
            if (!_marks[i].Markers || _marks[i].X.Length > 1)
            {
                frame.DrawLine(canvas, _marks[i].X, _marks[i].Y, style);
            }

            foreach (var (u, v) in _marks[i].Markers ? _marks[i].X.Zip(_marks[i].Y) : [])
            {
                canvas.Dot(frame.X(u), frame.Y(v), 4.5, new Rgb(255, 255, 255));
                canvas.Dot(frame.X(u), frame.Y(v), 3.2, style.Colour);
            }
        }

        frame.DrawAxes(canvas);
        if (_marks.Length > 0)
        {
            var drawn = points.Take(2000).Concat(marked).Select(p => (frame.X(p.First), frame.Y(p.Second))).ToArray();
            new Legend([.. _marks.Select((m, i) => (m.Name, ChartTheme.SeriesLine(i + 1, m.Dashed)))]).Draw(canvas, frame, drawn);
        }
    }

    /// <summary>Points in each cell, row by row from the lowest y.</summary>
    internal int[] Counts((double First, double Second)[] points, AxisScale x, AxisScale y)
    {
        var counts = new int[Cells * Cells];
        foreach (var (u, v) in points)
        {
            var (i, j) = ((int)((u - x.Minimum) / (x.Maximum - x.Minimum) * Cells), (int)((v - y.Minimum) / (y.Maximum - y.Minimum) * Cells));
            if (u >= x.Minimum && v >= y.Minimum && u <= x.Maximum && v <= y.Maximum)
            {
                counts[(Math.Min(j, Cells - 1) * Cells) + Math.Min(i, Cells - 1)]++;
            }
        }

        return counts;
    }

    private void DrawCells(ICanvas canvas, PlotFrame frame, int[] counts)
    {
        var most = (double)Math.Max(1, counts.Max());
        for (var c = 0; c < counts.Length; c++)
        {
            if (counts[c] == 0)
            {
                continue;
            }

            // Whole pixels, so that neighbouring cells leave no seam; the square root shows thin parts beside dense ones.
            var (i, j) = (c % Cells, c / Cells);
            var (left, right) = (
                Math.Round(frame.Left + (i * (frame.Right - frame.Left) / Cells)), Math.Round(frame.Left + ((i + 1) * (frame.Right - frame.Left) / Cells)));
            var (bottom, top) = (
                Math.Round(frame.Bottom - (j * (frame.Bottom - frame.Top) / Cells)), Math.Round(frame.Bottom - ((j + 1) * (frame.Bottom - frame.Top) / Cells)));
            canvas.Rectangle(left, top, right - left, bottom - top, Colour(Math.Sqrt(counts[c] / most)));
        }
    }

    /// <summary>From nearly white to dark blue.</summary>
    private static Rgb Colour(double share)
    {
        return share < 0.6
            ? Blend(share / 0.6, new Rgb(0xe3, 0xee, 0xf7), ChartTheme.SeriesColour(0))
            : Blend((share - 0.6) / 0.4, ChartTheme.SeriesColour(0), new Rgb(0x08, 0x22, 0x3f));

        static Rgb Blend(double t, Rgb a, Rgb b) =>
            new((byte)Math.Round(a.R + ((b.R - a.R) * t)), (byte)Math.Round(a.G + ((b.G - a.G) * t)), (byte)Math.Round(a.B + ((b.B - a.B) * t)));
    }
}
