namespace Gmm.Reports;

/// <summary>Which point of a text lies at the given position.</summary>
internal enum TextAnchor
{
    Start,
    Middle,
    End,
}

/// <summary>A colour, 8 bits a channel.</summary>
internal readonly record struct Rgb(byte R, byte G, byte B);

/// <summary>How a text is set. Sizes are in pixels of 1/96 inch; the stroke font's metrics serve both kinds of canvas.</summary>
internal readonly record struct TextStyle(double Size, Rgb Colour, TextAnchor Anchor = TextAnchor.Start, bool Bold = false, bool Upwards = false);

/// <summary>How a line is drawn. <paramref name="Dash"/> is the length of a dash and of a gap, 0 for none.</summary>
internal readonly record struct LineStyle(double Width, Rgb Colour, double Dash = 0);

/// <summary>What a chart draws on. Lengths are pixels of 1/96 inch, x to the right, y down, origin at the top left corner.</summary>
internal interface ICanvas
{
    /// <summary>Draws a line through points, with round joins.</summary>
    void Polyline(ReadOnlySpan<(double X, double Y)> points, LineStyle style);

    /// <summary>Fills a circle.</summary>
    void Dot(double x, double y, double radius, Rgb colour);

    /// <summary>Fills a rectangle.</summary>
    void Rectangle(double x, double y, double width, double height, Rgb colour, double opacity = 1);

    /// <summary>Sets one line of text; y is its baseline.</summary>
    void Text(double x, double y, string text, TextStyle style);

    /// <summary>Draws a grey image, rows from the top, scaled to the given rectangle.</summary>
    void Image(double x, double y, double width, double height, ReadOnlySpan<byte> grey, int columns, int rows);
}
