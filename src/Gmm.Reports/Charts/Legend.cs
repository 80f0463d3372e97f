namespace Gmm.Reports;

/// <summary>The names of the series, put into the corner of the plot where they hide least.</summary>
internal sealed class Legend(IReadOnlyList<(string Name, LineStyle Line)> entries)
{
    private const double RowHeight = 18;
    private const double KeyLength = 22;
    private const double Gap = 7;
    private const double Margin = 10;

    /// <summary>Draws the legend.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="frame">The plot.</param>
    /// <param name="drawn">Points of the canvas that should stay free.</param>
    public void Draw(ICanvas canvas, PlotFrame frame, IReadOnlyCollection<(double X, double Y)> drawn)
    {
        var width = KeyLength + Gap + entries.Max(e => StrokeFont.Measure(e.Name, ChartTheme.LabelSize));
        var height = entries.Count * RowHeight;
        var (near, far) = (frame.Left + Margin, frame.Right - Margin - width);
        var (high, low) = (frame.Top + 4, frame.Bottom - Margin - height);

        // Upper right first: curves of this field start high and fall.
        (double X, double Y)[] corners = [(far, high), (far, low), (near, low), (near, high)];
        var (left, top) = corners.MinBy(c => drawn.Count(p => p.X > c.X - 6 && p.X < c.X + width + 6 && p.Y > c.Y - 6 && p.Y < c.Y + height + 6));
        canvas.Rectangle(left - 4, top - 2, width + 8, height + 4, new Rgb(255, 255, 255), 0.8);
        for (var i = 0; i < entries.Count; i++)
        {
            var y = top + (i * RowHeight) + (RowHeight / 2);
            canvas.Polyline([(left, y), (left + KeyLength, y)], entries[i].Line);
            canvas.Text(left + KeyLength + Gap, y + (ChartTheme.LabelSize * 0.36), entries[i].Name, new TextStyle(ChartTheme.LabelSize, ChartTheme.Ink));
        }
    }
}
