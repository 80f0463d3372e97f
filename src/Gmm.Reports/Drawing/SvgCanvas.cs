using System.Globalization;
using System.Security;
using System.Text;

namespace Gmm.Reports;

/// <summary>Writes Scalable Vector Graphics 1.1, self-contained (images are embedded as PNG).</summary>
internal sealed class SvgCanvas : ICanvas
{
    private readonly StringBuilder _text = new();

    public SvgCanvas(double width, double height)
    {
        _text.Append(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:0.##}\" height=\"{height:0.##}\" viewBox=\"0 0 {width:0.##} {height:0.##}\" ")
            .Append("font-family=\"Helvetica, Arial, sans-serif\">\n");
        Rectangle(0, 0, width, height, new Rgb(255, 255, 255));
    }

    /// <summary>Ends the document and returns it.</summary>
    public override string ToString() => _text + "</svg>\n";

    public void Polyline(ReadOnlySpan<(double X, double Y)> points, LineStyle style)
    {
        _text.Append("<polyline points=\"");
        foreach (var (x, y) in points)
        {
            _text.Append(CultureInfo.InvariantCulture, $"{x:0.##},{y:0.##} ");
        }

        _text.Length--;
        _text.Append(
            CultureInfo.InvariantCulture, $"\" fill=\"none\" stroke=\"{Hex(style.Colour)}\" stroke-width=\"{style.Width:0.##}\" stroke-linejoin=\"round\"");
        if (style.Dash > 0)
        {
            _text.Append(CultureInfo.InvariantCulture, $" stroke-dasharray=\"{style.Dash:0.##}\"");
        }

        _text.Append("/>\n");
    }

    public void Dot(double x, double y, double radius, Rgb colour) =>
        _text.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{x:0.##}\" cy=\"{y:0.##}\" r=\"{radius:0.##}\" fill=\"{Hex(colour)}\"/>\n");

    public void Rectangle(double x, double y, double width, double height, Rgb colour, double opacity = 1)
    {
        _text.Append(
            CultureInfo.InvariantCulture, $"<rect x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\" fill=\"{Hex(colour)}\"");
        if (opacity < 1)
        {
            _text.Append(CultureInfo.InvariantCulture, $" fill-opacity=\"{opacity:0.##}\"");
        }

        _text.Append("/>\n");
    }

    public void Text(double x, double y, string text, TextStyle style)
    {
        var anchor = style.Anchor switch { TextAnchor.Middle => "middle", TextAnchor.End => "end", _ => "start" };
        var place = style.Upwards
            ? string.Create(CultureInfo.InvariantCulture, $"transform=\"translate({x:0.##},{y:0.##}) rotate(-90)\"")
            : string.Create(CultureInfo.InvariantCulture, $"x=\"{x:0.##}\" y=\"{y:0.##}\"");
        _text.Append(CultureInfo.InvariantCulture, $"<text {place} font-size=\"{style.Size:0.##}\" text-anchor=\"{anchor}\" fill=\"{Hex(style.Colour)}\"")
            .Append(style.Bold ? " font-weight=\"bold\">" : ">").Append(SecurityElement.Escape(Fit(text))).Append("</text>\n");
    }

    public void Image(double x, double y, double width, double height, ReadOnlySpan<byte> grey, int columns, int rows)
    {
        var data = Convert.ToBase64String(PngEncoder.EncodeGrey(grey, columns, rows));
        _text.Append(CultureInfo.InvariantCulture, $"<image x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\" ")
            .Append("preserveAspectRatio=\"none\" href=\"data:image/png;base64,").Append(data).Append("\"/>\n");
    }

    /// <summary>XML 1.0 has no way to hold most control characters, nor halves of surrogate pairs: they are replaced, so that the picture opens.</summary>
    private static string Fit(string text)
    {
        var fit = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            // EnumerateRunes gives U+FFFD for half a pair.
            fit.Append(rune.Value < 0x20 || rune.Value is (>= 0x7f and <= 0x9f) or 0xfffe or 0xffff ? "\ufffd" : rune.ToString());
        }

        return fit.ToString();
    }

    private static string Hex(Rgb c) => $"#{c.R:x2}{c.G:x2}{c.B:x2}";
}
