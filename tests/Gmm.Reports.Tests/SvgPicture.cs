using System.Globalization;
using System.Xml.Linq;

namespace Gmm.Reports.Tests;

/// <summary>What an SVG shows: its texts with their places, and the lines of a colour, in pixels of the picture.</summary>
internal sealed class SvgPicture
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";
    private readonly XElement _root;

    public SvgPicture(Chart chart) => _root = XDocument.Parse(chart.ToSvg()).Root!;

    public IReadOnlyList<string> Texts => [.. _root.Descendants(s_svg + "text").Select(t => t.Value)];

    public IEnumerable<XElement> Images => _root.Descendants(s_svg + "image");

    /// <summary>Where a text's anchor is: a tick's label is centred on it below its tick, or ends at it left of its tick.</summary>
    public (double X, double Y) Place(string text)
    {
        var transform = _root.Descendants(s_svg + "text").Single(t => t.Value == text).Attribute("transform")!.Value;
        var numbers = transform[(transform.IndexOf('(') + 1)..^1].Split(' ').Select(Number).ToArray();
        return (numbers[^2], numbers[^1]);
    }

    /// <summary>The elements that draw lines of a colour.</summary>
    public XElement[] Strokes(string colour) => [.. _root.Descendants(s_svg + "path").Where(p => p.Attribute("stroke")?.Value == colour)];

    /// <summary>The points of a path of straight lines.</summary>
    public static (double X, double Y)[] Points(XElement path)
    {
        var points = new List<(double X, double Y)>();
        foreach (var step in path.Attribute("d")!.Value.Split(['M', 'L', 'H', 'V', 'Z'], StringSplitOptions.RemoveEmptyEntries))
        {
            // Skia shortens level and upright pieces.
            var before = path.Attribute("d")!.Value[path.Attribute("d")!.Value.IndexOf(step, StringComparison.Ordinal) - 1];
            var numbers = step.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Select(Number).ToArray();
            points.Add(before switch { 'H' => (numbers[0], points[^1].Y), 'V' => (points[^1].X, numbers[0]), _ => (numbers[0], numbers[1]) });
        }

        return [.. points];
    }

    public static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
