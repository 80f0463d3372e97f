namespace Gmm.Reports;

/// <summary>
/// A sans serif font of strokes, drawn for this library, so that PNG text needs no font file. Letters are lines and arcs of ellipses
/// on a grid where a capital is 14 high, a small letter 10, and the baseline is 0.
/// </summary>
/// <remarks>
/// A glyph is "width|stroke;stroke;...". A stroke is a list of points "x y x y ...", or an arc "@cx cy rx ry from to" with angles in
/// degrees, anticlockwise from the x axis. Joints are round caps of two strokes.
/// </remarks>
internal static class StrokeFont
{
    // Capitals are 0.716 em high, like Helvetica's, with half the stroke beyond the grid at either end.
    private const double UnitsPerEm = (14 + RegularStroke) / 0.716;
    private const double RegularStroke = 1.7;
    private const double BoldStroke = 2.7;
    private const double Spacing = 4.1;
    private const double SpaceWidth = 6;

    private static readonly Dictionary<char, Glyph> s_glyphs = Parse(StrokeFontGlyphs.Table);

    /// <summary>Width of the pen, pixels.</summary>
    public static double StrokeWidth(double size, bool bold) => (bold ? BoldStroke : RegularStroke) * size / UnitsPerEm;

    /// <summary>Length of a text, pixels.</summary>
    public static double Measure(string text, double size, bool bold = false)
    {
        double units = 0;
        foreach (var c in text)
        {
            units += Advance(c, bold);
        }

        return units * size / UnitsPerEm;
    }

    /// <summary>The strokes of a text whose baseline starts at the origin; y is down.</summary>
    public static IEnumerable<(double X, double Y)[]> Strokes(string text, double size, bool bold = false)
    {
        var scale = size / UnitsPerEm;
        double x = 0;
        foreach (var c in text)
        {
            var glyph = Find(c);
            var left = x + ((Spacing + (bold ? BoldStroke - RegularStroke : 0)) / 2);
            foreach (var stroke in glyph.Strokes)
            {
                yield return Array.ConvertAll(stroke, p => ((left + p.X) * scale, -(p.Y + (RegularStroke / 2)) * scale));
            }

            x += Advance(c, bold);
        }
    }

    private static double Advance(char c, bool bold) =>
        c == ' ' ? SpaceWidth : Find(c).Width + Spacing + (bold ? BoldStroke - RegularStroke : 0);

    // An unknown character is a box, so that a missing glyph is seen.
    private static Glyph Find(char c) => s_glyphs.TryGetValue(c, out var glyph) ? glyph : s_glyphs['\uFFFD'];

    private static Dictionary<char, Glyph> Parse(string table)
    {
        var glyphs = new Dictionary<char, Glyph> { [' '] = new Glyph(0, []) };
        foreach (var line in table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var bar = line.IndexOf('|', 1);
            var strokes = line[(bar + 1)..].Split(';').Select(ParseStroke).ToArray();
            glyphs.Add(line[0], new Glyph(Number(line[1..bar]), strokes));
        }

        return glyphs;
    }

    private static (double X, double Y)[] ParseStroke(string stroke)
    {
        var v = stroke.TrimStart('@').Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Number).ToArray();
        if (stroke[0] != '@')
        {
            return [.. v.Chunk(2).Select(p => (p[0], p[1]))];
        }

        var steps = Math.Max(4, (int)(Math.Abs(v[5] - v[4]) / 12));
        return [.. Enumerable.Range(0, steps + 1).Select(i =>
        {
            var (sin, cos) = Math.SinCos((v[4] + ((v[5] - v[4]) * i / steps)) * Math.PI / 180);
            return (v[0] + (v[2] * cos), v[1] + (v[3] * sin));
        })];
    }

    private static double Number(string s) => double.Parse(s, System.Globalization.CultureInfo.InvariantCulture);

    private sealed record Glyph(double Width, (double X, double Y)[][] Strokes);
}
