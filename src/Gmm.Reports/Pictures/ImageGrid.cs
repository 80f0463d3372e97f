using SkiaSharp;

namespace Gmm.Reports;

/// <summary>Grey images as small multiples, in rows and columns, each with its label above and its own contrast.</summary>
public sealed class ImageGrid : Chart
{
    private const double Gap = 12;
    private const double LabelHeight = 20;
    private const double TitleHeight = 34;

    private static readonly SKColor s_ink = new(0x22, 0x22, 0x22);

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

    private protected override bool SmoothImages => true;

    internal override void Draw(SKCanvas canvas, bool svg)
    {
        if (Title.Length > 0)
        {
            double size = ChartTheme.TitleSize;
            var title = PictureFont.Fit(PictureText.Line(Title), ref size, Width - (2 * Gap), bold: true);
            Write(canvas, title, Gap, 24, size, s_ink, bold: true);
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

    private static void Write(SKCanvas canvas, string text, double x, double y, double size, SKColor colour, bool bold = false)
    {
        using var font = PictureFont.Of(size, bold);
        using var paint = new SKPaint { Color = colour, IsAntialias = true };
        canvas.DrawText(text, (float)x, (float)y, font, paint);
    }

    private static void Fill(SKCanvas canvas, double x, double y, double width, double height, SKColor colour)
    {
        using var paint = new SKPaint { Color = colour, IsAntialias = true };
        canvas.DrawRect((float)x, (float)y, (float)width, (float)height, paint);
    }

    private static void DrawImage(SKCanvas canvas, ImagePanel panel, SKRect place)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(panel.Columns, panel.Rows, SKColorType.Gray8, SKAlphaType.Opaque));
        var grey = panel.ToGrey();
        for (var row = 0; row < panel.Rows; row++)
        {
            grey.AsSpan(row * panel.Columns, panel.Columns).CopyTo(bitmap.GetPixelSpan()[(row * bitmap.RowBytes)..]);
        }

        using var image = SKImage.FromBitmap(bitmap);
        canvas.DrawImage(image, place, new SKSamplingOptions(SKCubicResampler.Mitchell));
    }

    private void DrawPanel(SKCanvas canvas, ImagePanel panel, double x, double y)
    {
        double size = ChartTheme.LabelSize;
        var label = PictureFont.Fit(PictureText.Line(panel.Label), ref size, _side);
        Write(canvas, label, x, y + 14, size, s_ink);
        y += LabelHeight;
        var scale = _side / Math.Max(panel.Columns, panel.Rows);
        var (width, height) = (panel.Columns * scale, panel.Rows * scale);
        DrawImage(canvas, panel, SKRect.Create((float)x, (float)y, (float)width, (float)height));
        if (panel.PixelSize > 0)
        {
            DrawScaleBar(canvas, panel, x, y + height, scale);
        }
    }

    /// <summary>A bar of a round length, about a quarter of the panel.</summary>
    private static void DrawScaleBar(SKCanvas canvas, ImagePanel panel, double x, double bottom, double scale)
    {
        var length = RoundNumbers.Step(panel.Columns * panel.PixelSize, 4) is var step && step > panel.Columns * panel.PixelSize * 0.4 ? step / 2 : step;
        var bar = length / panel.PixelSize * scale;
        var label = PictureText.Number(length) + " Å";
        var text = PictureFont.Measure(label, ChartTheme.SmallSize);
        var room = Math.Max(bar, text);
        Fill(canvas, x + 5, bottom - 27, room + 10, 22, SKColors.Black.WithAlpha(115));
        Fill(canvas, x + 10 + ((room - bar) / 2), bottom - 11, bar, 2.5, SKColors.White);
        Write(canvas, label, x + 10 + ((room - text) / 2), bottom - 14.5, ChartTheme.SmallSize, SKColors.White);
    }
}
