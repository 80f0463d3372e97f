using ScottPlot;
using ScottPlot.Panels;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace Gmm.Reports;

/// <summary>A plot of ScottPlot's with the looks of this library: font, sizes, axes, and a legend that hides nothing.</summary>
internal sealed class ChartPlot : IDisposable
{
    private const float LegendMargin = 8;

    private readonly Chart _chart;
    private readonly List<Coordinates[]> _drawn = [];
    private readonly List<(IHasLine Line, float Width, int Pattern)> _lines = [];
    private bool _settled;

    /// <summary>Makes a plot without data.</summary>
    /// <param name="chart">The chart, for heading and size.</param>
    /// <param name="x">The horizontal axis and what it shows.</param>
    /// <param name="y">The vertical axis and what it shows.</param>
    public ChartPlot(Chart chart, (ChartAxis Axis, CoordinateRange Range) x, (ChartAxis Axis, CoordinateRange Range) y)
    {
        _chart = chart;
        Plot = new Plot();
        Plot.HideGrid();
        Plot.Axes.SetLimits(x.Range, y.Range);
        Heading();
        Dress(Plot.Axes.Bottom, x.Axis, chart.Width - 100);
        Dress(Plot.Axes.Left, y.Axis, chart.Height - 110);
        Plot.Axes.Top.FrameLineStyle.Width = 0;
        Plot.Axes.Right.FrameLineStyle.Width = 0;
        Plot.Axes.Right.MinimumSize = 16;
        var legend = Plot.Legend;
        (legend.OutlineWidth, legend.BackgroundColor, legend.ShadowColor) = (0, Colors.Transparent, Colors.Transparent);
        (legend.SymbolWidth, legend.Margin, legend.Padding, legend.InterItemPadding) = (30, new(LegendMargin), new(2), new(3, 3, 1, 1));
        legend.IsVisible = false;
    }

    /// <summary>ScottPlot's plot.</summary>
    public Plot Plot { get; }

    /// <summary>Whether there is a legend.</summary>
    public bool HasLegend { get; init; }

    /// <summary>Where the legend lies inside the axes, pixels; null where it lies below them, or where there is none. Known when the plot was drawn.</summary>
    public PixelRect? LegendArea { get; private set; }

    /// <summary>What an axis shows: its own limits, and where it has none those of the data with a margin.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="low">Least value of the data.</param>
    /// <param name="high">Greatest.</param>
    /// <param name="margin">Part of the range that is left free at either end.</param>
    public static CoordinateRange Range(ChartAxis axis, double low, double high, double margin)
    {
        (low, high) = (axis.Minimum ?? low, axis.Maximum ?? high);

        // One value only: give it room on the side that is free.
        var room = high > low ? margin * (high - low) : Math.Max(Math.Abs(low) * 0.1, 1e-3);
        (low, high) = (axis.Minimum ?? (Math.Min(low, high) - room), axis.Maximum ?? (Math.Max(low, high) + room));
        return new CoordinateRange(low, high > low ? high : low + room);
    }

    /// <summary>Gives a line its width and its pattern of dashes.</summary>
    public void Dash(IHasLine line, float width, int pattern) => _lines.Add((line, width, pattern));

    /// <summary>Adds a line; values that are not finite break it.</summary>
    /// <param name="series">The line.</param>
    /// <param name="index">Its place in the row, which gives it its colour and dashes.</param>
    /// <param name="joins">Whether it only joins points, whole and without a name of its own.</param>
    public void Add(ChartSeries series, int index, bool joins = false)
    {
        var colour = series.Pale ? ChartTheme.Pale : ChartTheme.SeriesColour(index);
        var pieces = Pieces(series).ToArray();
        if (series.Errors is { } errors)
        {
            AddErrors(series, errors, colour);
        }

        for (var p = 0; p < pieces.Length; p++)
        {
            var scatter = Plot.Add.Scatter(pieces[p]);
            scatter.Color = colour;
            scatter.MarkerSize = series.Markers ? 7 : 0;
            scatter.MarkerShape = ChartTheme.SeriesMarker(index);
            scatter.LegendText = !joins && p == 0 ? PictureText.Line(series.Name) : string.Empty;
            Dash(scatter, series.Pale ? 1 : ChartTheme.LineWidth, joins || series.Pale ? 0 : ChartTheme.SeriesPattern(index, series.Dashed));
        }

        _drawn.AddRange(pieces);
    }

    /// <summary>Adds points with a white edge, which stand out on a density.</summary>
    public void AddPoints(ChartSeries series, int index)
    {
        Coordinates[] points = [.. Pieces(series).SelectMany(p => p)];
        var scatter = Plot.Add.Scatter(points);
        (scatter.Color, scatter.LineWidth) = (ChartTheme.SeriesColour(index), 0);
        (scatter.MarkerShape, scatter.MarkerSize, scatter.MarkerLineColor, scatter.MarkerLineWidth) = (ChartTheme.SeriesMarker(index), 9, Colors.White, 1.2f);
        scatter.LegendText = PictureText.Line(series.Name);
        _drawn.AddRange(points.Select(p => new[] { p }));
    }

    /// <summary>Adds horizontal lines beneath the series. Their labels stand beside the plot at the right, where no curve goes.</summary>
    public void Add(IReadOnlyList<ReferenceLine> lines)
    {
        var limits = Plot.Axes.GetLimits();
        ReferenceLine[] shown = [.. lines.Where(l => l.Y >= limits.Bottom && l.Y <= limits.Top)];
        foreach (var line in shown)
        {
            var drawn = Plot.Add.HorizontalLine(line.Y, 1, ChartTheme.Quiet);
            drawn.ExcludeFromLegend = true;
            Dash(drawn, 1, ChartTheme.ReferencePattern);
            _drawn.Add([new(limits.Left, line.Y), new(limits.Right, line.Y)]);
        }

        if (shown.Length > 0)
        {
            Plot.Axes.SetLimitsY(limits.Bottom, limits.Top, Plot.Axes.Right);
            Beside(Plot.Axes.Right, [.. shown.Select(l => (l.Y, PictureText.Line(l.Label)))]);
        }
    }

    /// <summary>Writes words along the upper edge, such as the names of parts of the horizontal axis.</summary>
    public void AddAbove(IReadOnlyList<(double Position, string Label)> names)
    {
        var limits = Plot.Axes.GetLimits();
        Plot.Axes.SetLimitsX(limits.Left, limits.Right, Plot.Axes.Top);
        Beside(Plot.Axes.Top, names);
        PictureFont.Set(Plot.Axes.Top.TickLabelStyle, ChartTheme.LabelSize, ChartTheme.Ink);
    }

    /// <summary>Adds an area that the legend should leave free, as its outline.</summary>
    public void Occupy(params Coordinates[] outline) => _drawn.Add(outline);

    /// <summary>Adds the scale of a density's colours at the right.</summary>
    public ColorBar AddScale(Heatmap heatmap, string title)
    {
        var bar = Plot.Add.ColorBar(heatmap);
        bar.Width = 14;
        Dress(bar.Axis, new ChartAxis(title), _chart.Height - 110);
        (bar.Axis.TickLabelStyle.FontSize, bar.Axis.Label.FontSize, bar.Axis.FrameLineStyle.Width) = (ChartTheme.SmallSize, ChartTheme.SmallSize, 0);
        return bar;
    }

    /// <summary>Draws the plot on a canvas of the chart's size.</summary>
    public void Draw(SKCanvas canvas, bool svg)
    {
        Settle();
        _lines.ForEach(l => SvgText.Dash(l.Line, l.Width, l.Pattern, svg));
        Plot.Render(canvas, (int)_chart.Width, (int)_chart.Height);
    }

    /// <summary>Lays the plot out and finds a place for the legend.</summary>
    public void Settle()
    {
        if (_settled)
        {
            return;
        }

        _settled = true;
        Plot.Legend.IsVisible = HasLegend;
        ListNames();
        using var nowhere = new SKNoDrawCanvas((int)_chart.Width, (int)_chart.Height);
        Plot.Render(nowhere, (int)_chart.Width, (int)_chart.Height);
        if (HasLegend)
        {
            PlaceLegend();
            Plot.Render(nowhere, (int)_chart.Width, (int)_chart.Height);
        }
    }

    public void Dispose() => Plot.Dispose();

    /// <summary>The points of the picture, pixels, that the series and lines go through, close to each other.</summary>
    public IEnumerable<Pixel> DrawnPixels()
    {
        const double Spacing = 3;
        foreach (var piece in _drawn)
        {
            for (var i = 0; i < piece.Length; i++)
            {
                var (from, to) = (Plot.GetPixel(piece[Math.Max(0, i - 1)]), Plot.GetPixel(piece[i]));
                double dx = to.X - from.X, dy = to.Y - from.Y;
                var steps = Math.Max(1, (int)Math.Ceiling(Math.Min(2000, Math.Sqrt((dx * dx) + (dy * dy)) / Spacing)));
                for (var t = 1; t <= steps; t++)
                {
                    yield return new Pixel(from.X + (dx * t / steps), from.Y + (dy * t / steps));
                }
            }
        }
    }

    private static IEnumerable<Coordinates[]> Pieces(ChartSeries series)
    {
        var piece = new List<Coordinates>();
        for (var i = 0; i < series.X.Length; i++)
        {
            if (double.IsFinite(series.X[i]) && double.IsFinite(series.Y[i]))
            {
                piece.Add(new Coordinates(series.X[i], series.Y[i]));
            }
            else if (piece.Count > 0)
            {
                yield return [.. piece];
                piece.Clear();
            }
        }

        if (piece.Count > 0)
        {
            yield return [.. piece];
        }
    }

    private static void Dress(IAxis axis, ChartAxis what, double room)
    {
        axis.Label.Text = Fitted(PictureText.Line(what.Title), ChartTheme.AxisTitleSize, room, out var size);
        PictureFont.Set(axis.Label, size, ChartTheme.Ink);
        PictureFont.Set(axis.TickLabelStyle, ChartTheme.LabelSize, ChartTheme.Ink);
        axis.FrameLineStyle.Color = ChartTheme.Ink;
        axis.MajorTickStyle.Color = ChartTheme.Ink;
        axis.MinorTickStyle.Length = 0;
        axis.TickGenerator = what.Ticks is { } ticks
            ? Manual(ticks)
            : new NumericAutomatic { LabelFormatter = PictureText.Number, IntegerTicksOnly = what.WholeNumbers, MinimumTickSpacing = 30, TickDensity = 0.6 };
    }

    private static NumericManual Manual(IReadOnlyList<(double Position, string Label)> ticks) =>
        new([.. ticks.Select(t => t.Position)], [.. ticks.Select(t => PictureText.Line(t.Label))]);

    private static void Beside(IAxis axis, IReadOnlyList<(double Position, string Label)> words)
    {
        axis.TickGenerator = Manual(words);
        axis.MajorTickStyle.Length = 0;
        PictureFont.Set(axis.TickLabelStyle, ChartTheme.SmallSize, ChartTheme.Quiet);
    }

    /// <summary>A text in two lines if it is too long for one, and made to fit if it is too long for that.</summary>
    private static string Fitted(string text, float wanted, double room, out float size)
    {
        var unit = text.LastIndexOf(" (", StringComparison.Ordinal);
        if (unit > 0 && PictureFont.Measure(text, wanted) > room)
        {
            text = text[..unit] + "\n" + text[(unit + 1)..];
        }

        var lines = text.Split('\n');
        double common = wanted;
        foreach (var line in lines)
        {
            PictureFont.Fit(line, ref common, room);
        }

        size = (float)common;
        return string.Join('\n', lines.Select(line => PictureFont.Fit(line, ref common, room)));
    }

    private void Heading()
    {
        var label = Plot.Axes.Title.Label;
        double size = ChartTheme.TitleSize;
        label.Text = PictureFont.Fit(PictureText.Line(_chart.Title), ref size, _chart.Width - 24, bold: true);
        PictureFont.Set(label, (float)size, ChartTheme.Ink, bold: true);
        Plot.Axes.Title.FullFigureCenter = true;
        Plot.Axes.Title.IsVisible = label.Text.Length > 0;
        Plot.Axes.Top.MinimumSize = label.Text.Length > 0 ? 0 : 14;
    }

    /// <summary>The names of the legend in the order in which they were given: what comes first is added last, to lie over the rest.</summary>
    private void ListNames()
    {
        Plot.Legend.DisplayPlottableLegendItems = false;
        foreach (var plottable in Plot.PlottableList.AsEnumerable().Reverse())
        {
            foreach (var item in plottable.LegendItems.Where(i => i.LabelText.Length > 0))
            {
                double size = ChartTheme.LabelSize;
                item.LabelText = PictureFont.Fit(item.LabelText, ref size, _chart.Width - 110);
                PictureFont.Set(item.LabelStyle, (float)size, ChartTheme.Ink);
                Plot.Legend.ManualItems.Add(item);
            }
        }
    }

    private void AddErrors(ChartSeries series, double[] errors, Color colour)
    {
        var shown = Enumerable.Range(0, errors.Length).Where(i => double.IsFinite(series.X[i] + series.Y[i] + errors[i])).ToArray();
        double[] x = [.. shown.Select(i => series.X[i])], y = [.. shown.Select(i => series.Y[i])], size = [.. shown.Select(i => errors[i])];
        var bars = Plot.Add.ErrorBar(x, y, size);
        (bars.Color, bars.LineWidth, bars.CapSize) = (colour, 1.2f, 3);
        _drawn.AddRange(shown.Select(i => new Coordinates[] { new(series.X[i], series.Y[i] - errors[i]), new(series.X[i], series.Y[i] + errors[i]) }));
    }

    /// <summary>The legend goes into a corner that nothing is drawn in; where there is none, below the axes.</summary>
    private void PlaceLegend()
    {
        var size = Plot.Legend.LastRenderSize;
        var area = Plot.LastRender.DataRect;
        var drawn = DrawnPixels().ToArray();
        float left = area.Left + LegendMargin, top = area.Top + LegendMargin;
        float right = area.Right - LegendMargin - size.Width, bottom = area.Bottom - LegendMargin - size.Height;

        // Upper right first: curves of this field start high and fall.
        (Alignment Where, float X, float Y)[] corners =
        [
            (Alignment.UpperRight, right, top), (Alignment.LowerRight, right, bottom), (Alignment.LowerLeft, left, bottom), (Alignment.UpperLeft, left, top),
        ];
        var fits = size.Width < area.Width - (2 * LegendMargin) && size.Height < area.Height - (2 * LegendMargin);
        foreach (var (where, x, y) in fits ? corners : [])
        {
            var place = new PixelRect(x, x + size.Width, y + size.Height, y);
            if (!Array.Exists(drawn, p => p.X > place.Left - 4 && p.X < place.Right + 4 && p.Y > place.Top - 4 && p.Y < place.Bottom + 4))
            {
                Plot.Legend.Alignment = where;
                LegendArea = place;
                return;
            }
        }

        Plot.Legend.IsVisible = false;
        Plot.Legend.Orientation = Orientation.Horizontal;
        Plot.ShowLegend(Edge.Bottom).Padding = new PixelPadding(2);
    }
}
