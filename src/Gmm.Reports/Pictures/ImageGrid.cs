namespace Gmm.Reports;

/// <summary>Grey images as small multiples, in rows and columns, each with its label above and its own contrast.</summary>
public sealed class ImageGrid : Chart
{
    private const double Gap = 12;
    private const double LabelHeight = 20;
    private const double TitleHeight = 34;

    private readonly ImagePanel[] _panels;
    private readonly double _side;
    private readonly int _columns;

    /// <summary>Makes the figure.</summary>
    /// <param name="title">The heading; none if empty.</param>
    /// <param name="panels">The images, row by row.</param>
    /// <param name="columns">Images in a row.</param>
    /// <param name="panelSize">Side of a panel, pixels of 1/96 inch.</param>
    /// <exception cref="ArgumentException">No panel.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one column, or a size that is not from 32 to 2048.</exception>
    public ImageGrid(string title, IEnumerable<ImagePanel> panels, int columns, double panelSize = 180)
        : this(title, panels.ToArray(), columns, panelSize)
    {
    }

    private ImageGrid(string title, ImagePanel[] panels, int columns, double side)
        : base(title, Gap + (Math.Min(columns, Math.Max(1, panels.Length)) * (side + Gap)), TotalHeight(title, panels.Length, columns, side))
    {
        if (panels.Length == 0)
        {
            throw new ArgumentException($"The figure \"{title}\" has no image to show.", nameof(panels));
        }

        (_panels, _columns, _side) = (panels, columns, side);
    }

    /// <summary>The images.</summary>
    public IReadOnlyList<ImagePanel> Panels => _panels;

    internal override void Draw(ICanvas canvas)
    {
        if (Title.Length > 0)
        {
            canvas.Text(Gap, 24, Title, new TextStyle(ChartTheme.TitleSize, ChartTheme.Ink, Bold: true));
        }

        for (var i = 0; i < _panels.Length; i++)
        {
            var x = Gap + (i % _columns * (_side + Gap));
            var y = Top(Title) + (i / _columns * (_side + LabelHeight + Gap));
            DrawPanel(canvas, _panels[i], x, y);
        }
    }

    private static double Top(string title) => title.Length > 0 ? TitleHeight : 6;

    private static double TotalHeight(string title, int count, int columns, double side)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        if (!(side >= 32 && side <= 2048))
        {
            throw new ArgumentOutOfRangeException(nameof(side), "A panel is 32 to 2048 pixels wide.");
        }

        return Top(title) + (((count + columns - 1) / columns) * (side + LabelHeight + Gap));
    }

    private void DrawPanel(ICanvas canvas, ImagePanel panel, double x, double y)
    {
        canvas.Text(x, y + 14, panel.Label, new TextStyle(ChartTheme.LabelSize, ChartTheme.Ink));
        y += LabelHeight;
        var scale = _side / Math.Max(panel.Columns, panel.Rows);
        var (width, height) = (panel.Columns * scale, panel.Rows * scale);
        canvas.Image(x, y, width, height, panel.ToGrey(), panel.Columns, panel.Rows);
        if (panel.PixelSize <= 0)
        {
            return;
        }

        // A scale bar of a round length, about a quarter of the panel.
        var length = NiceTicks.Step(panel.Columns * panel.PixelSize, 4) is var step && step > panel.Columns * panel.PixelSize * 0.4 ? step / 2 : step;
        var bar = length / panel.PixelSize * scale;
        var label = NiceTicks.Label(length, length) + " Å";
        var room = Math.Max(bar, StrokeFont.Measure(label, ChartTheme.SmallSize));
        canvas.Rectangle(x + 5, y + height - 27, room + 10, 22, new Rgb(0, 0, 0), 0.45);
        canvas.Rectangle(x + 10 + ((room - bar) / 2), y + height - 11, bar, 2.5, new Rgb(255, 255, 255));
        canvas.Text(x + 10 + (room / 2), y + height - 14.5, label, new TextStyle(ChartTheme.SmallSize, new Rgb(255, 255, 255), TextAnchor.Middle));
    }
}
