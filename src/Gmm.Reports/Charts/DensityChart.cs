using ScottPlot;
using SkiaSharp;

namespace Gmm.Reports;

/// <summary>How densely points lie in a plane, such as particles over two components: a two-dimensional histogram, with rows of points drawn over it.</summary>
public sealed class DensityChart : Chart
{
    private readonly (double X, double Y)[] _points;
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
        : base(title, 620, 480)
    {
        ArgumentNullException.ThrowIfNull(px);
        ArgumentNullException.ThrowIfNull(py);
        _points = px.Length == py.Length ? [.. px.Zip(py).Where(p => double.IsFinite(p.First) && double.IsFinite(p.Second))] : [];
        if (_points.Length == 0)
        {
            throw new ArgumentException($"The chart \"{title}\" needs as many x as y, at least one of them finite.", nameof(px));
        }

        (XAxis, YAxis, _marks) = (x, y, [.. marks ?? []]);
        Cells = (int)Math.Clamp(0.75 * Math.Sqrt(px.Length), 12, 64);
    }

    /// <summary>The horizontal axis.</summary>
    public ChartAxis XAxis { get; }

    /// <summary>The vertical axis.</summary>
    public ChartAxis YAxis { get; }

    /// <summary>Number of cells along each axis, along the longer one with <see cref="EqualScales"/>; fewer for few points by default.</summary>
    public int Cells { get; init; }

    /// <summary>Whether a unit is as long on one axis as on the other, as it should be where both are the same quantity.</summary>
    public bool EqualScales { get; init; }

    /// <summary>What the scale of colours counts.</summary>
    public string CountTitle { get; init; } = "Points in a cell";

    internal override void Draw(SKCanvas canvas, bool svg)
    {
        using var plot = CreatePlot();
        plot.Draw(canvas, svg);
    }

    internal ChartPlot CreatePlot()
    {
        (double X, double Y)[] shown = [.. _points, .. _marks.SelectMany(m => m.X.Zip(m.Y))];
        var x = ChartPlot.Range(XAxis, shown.Min(p => p.X), shown.Max(p => p.X), 0.04);
        var y = ChartPlot.Range(YAxis, shown.Min(p => p.Y), shown.Max(p => p.Y), 0.04);
        var plot = new ChartPlot(this, (XAxis, x), (YAxis, y)) { HasLegend = _marks.Length > 0 };
        if (EqualScales)
        {
            plot.Plot.Axes.SquareUnits();
        }

        var grid = Count(x, y);

        // The square root shows thin parts beside dense ones.
        var heights = new double[grid.Rows, grid.Columns];
        for (var c = 0; c < grid.Counts.Length; c++)
        {
            var (row, column) = (c / grid.Columns, c % grid.Columns);
            heights[grid.Rows - 1 - row, column] = grid.Counts[c] == 0 ? double.NaN : Math.Sqrt(grid.Counts[c]);
            if (grid.Counts[c] > 0)
            {
                plot.Occupy(new Coordinates(grid.Left + ((column + 0.5) * grid.CellWidth), grid.Bottom + ((row + 0.5) * grid.CellHeight)));
            }
        }

        var most = grid.Counts.Max();
        var map = plot.Plot.Add.Heatmap(heights);
        map.Rectangle = new CoordinateRect(
            grid.Left, grid.Left + (grid.Columns * grid.CellWidth), grid.Bottom, grid.Bottom + (grid.Rows * grid.CellHeight));
        (map.Colormap, map.NaNCellColor, map.ManualRange) = (ChartTheme.Blues, Colors.Transparent, new ScottPlot.Range(0, Math.Sqrt(most)));
        var scale = plot.AddScale(map, CountTitle);
        int[] ticks = [.. ScaleTicks(most)];
        scale.Axis.SetTicks([.. ticks.Select(t => Math.Sqrt(t))], [.. ticks.Select(t => PictureText.Number(t))]);
        // Blue is the density's own colour. Lines lie under the points that they join.
        for (var i = _marks.Length - 1; i >= 0; i--)
        {
            if (_marks[i].X.Length > 1 || !_marks[i].Markers)
            {
                plot.Add(_marks[i] with { Markers = false }, i + 1, joins: _marks[i].Markers);
            }
        }

        for (var i = _marks.Length - 1; i >= 0; i--)
        {
            if (_marks[i].Markers)
            {
                plot.AddPoints(_marks[i], i + 1);
            }
        }

        return plot;
    }

    /// <summary>0, 1, 2, 5, 10 ... as far as their square roots lie apart.</summary>
    private static IEnumerable<int> ScaleTicks(int most)
    {
        yield return 0;
        for (var power = 1; power <= most; power *= 10)
        {
            foreach (var tick in ((int[])[power, 2 * power, 5 * power]).Where(t => t <= most && Math.Sqrt(t) > 0.08 * Math.Sqrt(most)))
            {
                yield return tick;
            }
        }
    }

    /// <summary>Points in each cell, row by row from the lowest y.</summary>
    internal DensityGrid Count(CoordinateRange x, CoordinateRange y)
    {
        double width = (x.Max - x.Min) / Cells, height = (y.Max - y.Min) / Cells;
        if (EqualScales)
        {
            width = height = Math.Max(width, height);
        }

        int columns = Number(x, width), rows = Number(y, height);
        var counts = new int[rows * columns];
        double left = Middle(x) - (columns * width / 2), bottom = Middle(y) - (rows * height / 2);
        foreach (var (u, v) in _points.Where(p => p.X >= x.Min && p.X <= x.Max && p.Y >= y.Min && p.Y <= y.Max))
        {
            counts[(Math.Min((int)((v - bottom) / height), rows - 1) * columns) + Math.Min((int)((u - left) / width), columns - 1)]++;
        }

        return new DensityGrid(left, bottom, width, height, columns, rows, counts);

        static double Middle(CoordinateRange range) => (range.Min + range.Max) / 2;

        // Two at the least: ScottPlot's heat map of a single row has no height.
        static int Number(CoordinateRange range, double step) => Math.Max(2, (int)Math.Ceiling(((range.Max - range.Min) / step) - 1e-6));
    }
}
