using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ScottPlot;

namespace Gmm.Reports;

/// <summary>What Skia's SVG canvas leaves out of an SVG, put into its text.</summary>
/// <remarks>
/// Dashes: the canvas would draw whole lines, and complain on standard error. So a line goes there whole, with the number of its pattern in the
/// hundredths of its width, and gets its dashes here. Letters: the canvas places each by the width that it has in Arimo; with another font they would
/// stand in each other's way, so a text gets its length instead, to which a viewer fits the font that it has.
/// </remarks>
internal static partial class SvgText
{
    // No text holds a control character.
    private const string NamePlace = "\u0001";

    /// <summary>Gives a line its width and its dashes, for a canvas of pixels or of SVG.</summary>
    public static void Dash(IHasLine line, float width, int pattern, bool svg)
    {
        // A little more than the hundredths: 1.82 might be written as 1.8199999.
        var dashes = ChartTheme.Dashes(pattern);
        line.LineWidth = svg && dashes.Count > 0 ? width + (0.01f * pattern) + 0.004f : width;
        line.LinePattern = svg || dashes.Count == 0 ? LinePattern.Solid : new LinePattern([.. dashes], 0, "dashes");
    }

    /// <summary>Completes an SVG.</summary>
    /// <param name="svg">As Skia wrote it.</param>
    /// <param name="smooth">Whether viewers may smooth images that they enlarge; cells of a histogram are to stay cells.</param>
    public static string Complete(string svg, bool smooth)
    {
        svg = CodedWidth().Replace(svg, match =>
        {
            var pattern = ChartTheme.Dashes(int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
            var dashes = string.Join(' ', pattern.Select(d => d.ToString(CultureInfo.InvariantCulture)));
            return $"stroke-width=\"{match.Groups[1].Value}\" stroke-dasharray=\"{dashes}\"";
        });
        svg = PlacedLetters().Replace(svg, match =>
        {
            var (font, x, y, words) = (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value, match.Groups[4].Value.Trim());
            var size = double.Parse(FontSize().Match(font).Groups[1].Value, CultureInfo.InvariantCulture);
            var bold = font.Contains("font-weight", StringComparison.Ordinal);
            var length = PictureFont.Measure(WebUtility.HtmlDecode(words), size, bold);
            var fit = string.Create(CultureInfo.InvariantCulture, $"textLength=\"{length:0.##}\" lengthAdjust=\"spacingAndGlyphs\"");
            return $"<text {font} x=\"{x}\" y=\"{y}\" {fit}>{words}</text>";
        });
        svg = Renumbered(svg);
        svg = svg.Replace("font-family=\"Arimo\"", "font-family=\"Arimo, Arial, Helvetica, 'Liberation Sans', sans-serif\"", StringComparison.Ordinal);
        return smooth ? svg : svg.Replace("<image ", "<image style=\"image-rendering:pixelated\" ", StringComparison.Ordinal);
    }

    /// <summary>
    /// Skia counts the names that elements use each other by through the life of the process. Here they count from 0 and begin with a check sum of the
    /// picture, so that it has the same bytes every time, and names of its own in a page of many.
    /// </summary>
    private static string Renumbered(string svg)
    {
        var order = new Dictionary<string, int>();
        svg = ElementName().Replace(svg, match =>
        {
            order.TryAdd(match.Groups[2].Value, order.Count);
            return match.Groups[1].Value + NamePlace + order[match.Groups[2].Value].ToString(CultureInfo.InvariantCulture);
        });
        var sum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(svg)))[..12];
        return svg.Replace(NamePlace, $"p{sum}-", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"( id=""|=""url\(#|href=""#)([a-z]+_[0-9a-f]+)")]
    private static partial Regex ElementName();

    // Quotation marks and brackets in texts are written as entities, so what these find are always attributes and elements.
    [GeneratedRegex(@"stroke-width=""(\d+\.\d)([1-5])\d*""")]
    private static partial Regex CodedWidth();

    [GeneratedRegex(@"<text ([^>]*?)\s*x=""([-.\d]+),[^""]*""\s*y=""([-.\d]+),[^""]*"">([^<]*)</text>")]
    private static partial Regex PlacedLetters();

    [GeneratedRegex(@"font-size=""([.\d]+)""")]
    private static partial Regex FontSize();
}
