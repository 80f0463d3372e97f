namespace Gmm.Reports;

/// <summary>The axes, titles and ticks of a plot, and the map from data to canvas.</summary>
internal sealed class PlotFrame
{
    private const double TickLength = 5;

    private readonly string _title;
    private readonly AxisScale _x;
    private readonly AxisScale _y;

    public PlotFrame(string title, AxisScale x, AxisScale y, double width, double height)
    {
        (_title, _x, _y) = (title, x, y);
        var labels = y.Ticks.Select(t => StrokeFont.Measure(t.Label, ChartTheme.LabelSize)).DefaultIfEmpty(0).Max();
        var lastLabel = x.Ticks.Count > 0 ? StrokeFont.Measure(x.Ticks[^1].Label, ChartTheme.LabelSize) / 2 : 0;
        Left = ChartTheme.Crisp(TickLength + 6 + labels + 10 + ChartTheme.AxisTitleSize + 8);
        Right = ChartTheme.Crisp(width - Math.Max(14, lastLabel + 4));
        Top = ChartTheme.Crisp(title.Length > 0 ? 40 : 16);
        Bottom = ChartTheme.Crisp(height - (TickLength + 4 + ChartTheme.LabelSize + 10 + ChartTheme.AxisTitleSize + 6));
    }

    public double Left { get; }

    public double Right { get; }

    public double Top { get; }

    public double Bottom { get; }

    public double X(double value) => Left + ((value - _x.Minimum) / (_x.Maximum - _x.Minimum) * (Right - Left));

    public double Y(double value) => Bottom - ((value - _y.Minimum) / (_y.Maximum - _y.Minimum) * (Bottom - Top));

    /// <summary>Draws the two axes with ticks and titles.</summary>
    public void DrawAxes(ICanvas canvas)
    {
        canvas.Polyline([(Left, Top), (Left, Bottom), (Right, Bottom)], ChartTheme.AxisLine);
        foreach (var (position, label) in _x.Ticks)
        {
            var x = ChartTheme.Crisp(X(position) - 0.25);
            canvas.Polyline([(x, Bottom), (x, Bottom + TickLength)], ChartTheme.AxisLine);
            canvas.Text(
                x, Bottom + TickLength + 5 + (ChartTheme.LabelSize * 0.72), label, new TextStyle(ChartTheme.LabelSize, ChartTheme.Ink, TextAnchor.Middle));
        }

        foreach (var (position, label) in _y.Ticks)
        {
            var y = ChartTheme.Crisp(Y(position) - 0.25);
            canvas.Polyline([(Left - TickLength, y), (Left, y)], ChartTheme.AxisLine);
            canvas.Text(Left - TickLength - 5, y + (ChartTheme.LabelSize * 0.36), label, new TextStyle(ChartTheme.LabelSize, ChartTheme.Ink, TextAnchor.End));
        }

        var middle = new TextStyle(ChartTheme.AxisTitleSize, ChartTheme.Ink, TextAnchor.Middle);
        canvas.Text((Left + Right) / 2, Bottom + TickLength + 5 + (ChartTheme.LabelSize * 0.72) + 8 + ChartTheme.AxisTitleSize, _x.Title, middle);
        canvas.Text(6 + (ChartTheme.AxisTitleSize * 0.72), (Top + Bottom) / 2, _y.Title, middle with { Upwards = true });
        if (_title.Length > 0)
        {
            // A title too long for the picture is set smaller, never cut off.
            var room = (Right - Left) / StrokeFont.Measure(_title, ChartTheme.TitleSize, bold: true);
            canvas.Text(Left, 26, _title, new TextStyle(ChartTheme.TitleSize * Math.Min(1, room), ChartTheme.Ink, Bold: true));
        }
    }

    /// <summary>Draws a line of data, cut at the frame and broken where a value is not finite.</summary>
    public void DrawLine(ICanvas canvas, IReadOnlyList<double> x, IReadOnlyList<double> y, LineStyle style)
    {
        var piece = new List<(double X, double Y)>();
        for (var i = 1; i < x.Count; i++)
        {
            (double X, double Y) a = (X(x[i - 1]), Y(y[i - 1])), b = (X(x[i]), Y(y[i]));
            if (!Clip(ref a, ref b))
            {
                Flush();
                continue;
            }

            if (piece.Count == 0 || piece[^1] != a)
            {
                Flush();
                piece.Add(a);
            }

            piece.Add(b);
        }

        Flush();

        void Flush()
        {
            if (piece.Count > 0)
            {
                canvas.Polyline([.. piece], style);
                piece.Clear();
            }
        }
    }

    // Liang and Barsky's clipping of a segment to a rectangle. False if nothing is left, or if an end is not finite.
    private bool Clip(ref (double X, double Y) a, ref (double X, double Y) b)
    {
        var (dx, dy) = (b.X - a.X, b.Y - a.Y);
        if (!double.IsFinite(dx) || !double.IsFinite(dy))
        {
            return false;
        }

        double t0 = 0, t1 = 1;
        foreach (var (p, q) in ((double P, double Q)[])[(-dx, a.X - Left), (dx, Right - a.X), (-dy, a.Y - Top), (dy, Bottom - a.Y)])
        {
            if (p == 0)
            {
                if (q < 0)
                {
                    return false;
                }
            }
            else if (p < 0)
            {
                t0 = Math.Max(t0, q / p);
            }
            else
            {
                t1 = Math.Min(t1, q / p);
            }
        }

        if (t0 > t1)
        {
            return false;
        }

        var start = a;
        a = t0 > 0 ? (start.X + (t0 * dx), start.Y + (t0 * dy)) : a;
        b = t1 < 1 ? (start.X + (t1 * dx), start.Y + (t1 * dy)) : b;
        return true;
    }
}
