using System.Globalization;
using System.Xml.Linq;
using Gmm.Core;
using Gmm.IO;
using Gmm.Testing;

namespace Gmm.Reports.Tests;

public class ChartTests
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void An_SVG_has_its_texts_its_lines_and_its_threshold()
    {
        var chart = FscChart.Create([("before & <raw>", [0, 0.1, 0.2], [1, 0.6, 0]), ("after", [0, 0.1, 0.2], [1, 0.9, 0.2])], "Half maps");

        var root = XDocument.Parse(chart.ToSvg()).Root!;

        var texts = root.Elements(s_svg + "text").Select(t => t.Value).ToArray();
        Assert.Superset(
            new HashSet<string> { "Half maps", "Correlation", "Resolution (Å)", "0.143", "before & <raw>", "after", "10", "5", "0.2", "1.0" },
            texts.ToHashSet());
        Assert.Equal(2, Lines(root, "#0072b2").Length);
        Assert.Equal(2, Lines(root, "#d55e00").Length);
        Assert.NotNull(Lines(root, "#777777").Single().Attribute("stroke-dasharray"));
    }

    [Fact]
    public void A_point_lies_where_the_ticks_say_it_does()
    {
        var chart = new LineChart("", new ChartAxis("x"), new ChartAxis("y"), [new ChartSeries("a", [0, 2, 10], [0, 5, 10])]);

        var root = XDocument.Parse(chart.ToSvg()).Root!;

        var points = Points(Lines(root, "#0072b2").Single());
        var x2 = TickPosition(root, "2", "x", "middle");
        var y10 = TickPosition(root, "10", "y", "end");
        Assert.InRange(points[1].X - x2, -1, 1);
        Assert.InRange(points[2].Y - (y10 - (13 * 0.36)), -1, 1);
        Assert.Equal((points[0].Y + points[2].Y) / 2, points[1].Y, 2);
    }

    [Fact]
    public void Values_that_are_not_finite_break_the_line()
    {
        var chart = new LineChart("", new ChartAxis("x"), new ChartAxis("y"), [new ChartSeries("a", [0, 1, 2, 3, 4], [0, 1, double.NaN, 1, 0])]);

        var pieces = Lines(XDocument.Parse(chart.ToSvg()).Root!, "#0072b2");

        Assert.Equal(2, pieces.Length);
        Assert.All(pieces, p => Assert.Equal(2, Points(p).Length));
        Assert.DoesNotContain("NaN", chart.ToSvg(), StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_are_cut_at_the_frame()
    {
        var axis = new ChartAxis("y") { Minimum = 0, Maximum = 1 };
        var chart = new LineChart("", new ChartAxis("x") { Minimum = 0, Maximum = 1 }, axis, [new ChartSeries("a", [-1, 2], [-1, 2])]);
        var root = XDocument.Parse(chart.ToSvg()).Root!;

        var points = Points(Lines(root, "#0072b2").Single());
        var frame = Points(Lines(root, "#222222")[0]);

        Assert.Equal(frame[1], points[0]);
        Assert.Equal((frame[2].X, frame[0].Y), points[1]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_PNG_shows_the_line_where_the_SVG_has_it(int scale)
    {
        var chart = new LineChart(
            "", new ChartAxis("x"), new ChartAxis("y") { Minimum = 0 }, [new ChartSeries("a", [0, 1], [1, 1]), new ChartSeries("b", [0, 1], [2, 2])]);
        var points = Points(Lines(XDocument.Parse(chart.ToSvg()).Root!, "#0072b2")[0]);

        var png = new PngReader(chart.ToPng(scale));

        Assert.Equal((560 * scale, 400 * scale, 3), (png.Width, png.Height, png.Channels));
        var (x, y) = ((int)((points[0].X + points[1].X) / 2 * scale), (int)(points[0].Y * scale));
        Assert.InRange(png[x, y, 0], 0, 40);
        Assert.InRange(png[x, y, 2], 150, 255);
        Assert.Equal(255, png[x, y + (4 * scale), 0]);
        Assert.Equal(255, png[x, y - (4 * scale), 0]);
        Assert.Equal(255, png[0, 0, 1]);
    }

    [Fact]
    public void Text_in_a_PNG_is_black_on_white_and_reads_upwards_where_asked()
    {
        var canvas = new PngCanvas(60, 60, 2);
        canvas.Text(10, 30, "l", new TextStyle(20, default));
        canvas.Text(50, 40, "l", new TextStyle(20, default, Upwards: true));

        var png = new PngReader(canvas.ToPng());

        // An upright l is a column over the baseline; a turned one is a row left of it.
        var upright = Dark(png, 0, 60);
        var turned = Dark(png, 60, 120);
        Assert.True(upright.Height > 4 * upright.Width, $"{upright}");
        Assert.True(turned.Width > 4 * turned.Height, $"{turned}");
        Assert.InRange(upright.Bottom, 58, 61);
        Assert.InRange(turned.Right, 98, 101);
    }

    [Fact]
    public void A_dashed_line_is_half_empty()
    {
        var canvas = new PngCanvas(100, 10, 1);
        canvas.Polyline([(0, 5.5), (37, 5.5), (100, 5.5)], new LineStyle(1, default, 5));

        var png = new PngReader(canvas.ToPng());

        Assert.InRange(Enumerable.Range(0, 100).Sum(x => 255 - png[x, 5, 0]) / 255.0, 48, 62);
    }

    [Fact]
    public void Every_printable_ASCII_character_has_a_glyph()
    {
        var box = StrokeFont.Strokes("\u0001", 20).Single();
        Assert.Equal(5, box.Length);
        for (var c = '!'; c <= '~'; c++)
        {
            Assert.False(StrokeFont.Strokes(c.ToString(), 20).First().SequenceEqual(box), $"no glyph for {c}");
        }
    }

    [Fact]
    public void Empty_input_is_refused_in_words()
    {
        ChartAxis x = new("x"), y = new("y");
        Assert.Contains("no point to show", Assert.Throws<ArgumentException>(() => new LineChart("T", x, y, [])).Message, StringComparison.Ordinal);
        Assert.Contains(
            "no point to show", Assert.Throws<ArgumentException>(() => new LineChart("T", x, y, [new("a", [1], [double.NaN])])).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "2 values of x and 1 of y", Assert.Throws<ArgumentException>(() => new ChartSeries("a", [1, 2], [1])).Message, StringComparison.Ordinal);
        Assert.Contains("at least one curve", Assert.Throws<ArgumentException>(() => FscChart.Create([])).Message, StringComparison.Ordinal);
        Assert.Contains(
            "at least one finite value", Assert.Throws<ArgumentException>(() => new HistogramChart("T", x, [("a", [double.NaN])])).Message,
            StringComparison.Ordinal);
        Assert.Contains("no image", Assert.Throws<ArgumentException>(() => new ImageGrid("T", [], 3)).Message, StringComparison.Ordinal);
        Assert.Contains("2 x 2", Assert.Throws<ArgumentException>(() => new ImagePanel("p", [1, 2, 3], 2, 2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shares_of_a_histogram_count_every_value_once()
    {
        Assert.Equal([50, 25, 25], HistogramChart.Shares([0, 0.5, 1, 3], 0, 1, 3));
        Assert.Equal([50, 0], HistogramChart.Shares([0, -1, 7, 0.2], 0, 1, 2));
        var svg = new HistogramChart("", new ChartAxis("x"), [("a", [1, 2, 2, 3]), ("b", [5, 5, 6, 7])]).ToSvg();
        Assert.Contains("Share (%)", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chart_of_a_single_value_still_has_an_axis()
    {
        foreach (var value in new[] { 0.0, -3, 1e9 })
        {
            var svg = new LineChart("", new ChartAxis("x"), new ChartAxis("y"), [new ChartSeries("a", [value], [value]) { Markers = true }]).ToSvg();
            Assert.Single(XDocument.Parse(svg).Root!.Elements(s_svg + "circle"));
            Assert.DoesNotContain("NaN", svg, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.143)]
    public void No_curve_crosses_the_label_of_a_threshold(double threshold)
    {
        // Flat above the line up to its right end, then through it: the places over the line and at its end are taken.
        double[] x = [.. Enumerable.Range(0, 33).Select(i => i / 226.0)];
        double[][] curves = [[.. x.Select((_, i) => i < 30 ? threshold + 0.02 : threshold - (0.05 * (i - 29)))], [.. x.Select((_, i) => 1 - (i / 32.0))]];
        var chart = FscChart.Create([("a", x, curves[0]), ("b", x, curves[1])], "Half maps", [threshold]);
        var root = XDocument.Parse(chart.ToSvg()).Root!;
        var label = root.Elements(s_svg + "text").Single(t => t.Value == threshold.ToString(CultureInfo.InvariantCulture));
        double right = Number(label, "x"), bottom = Number(label, "y"), left = right - 16, top = bottom - 8;
        Assert.Equal("end", label.Attribute("text-anchor")!.Value);
        foreach (var colour in new[] { "#0072b2", "#d55e00" })
        {
            var points = Points(Lines(root, colour).MaxBy(l => Points(l).Length)!);
            for (var i = 1; i < points.Length; i++)
            {
                for (var t = 0; t <= 50; t++)
                {
                    var (px, py) = (points[i - 1].X + ((points[i].X - points[i - 1].X) * t / 50), points[i - 1].Y + ((points[i].Y - points[i - 1].Y) * t / 50));
                    Assert.False(px > left && px < right && py > top && py < bottom, $"{colour} crosses the label at {px:F0}, {py:F0}");
                }
            }
        }

        static double Number(XElement e, string name) => double.Parse(e.Attribute(name)!.Value, CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Maps_side_by_side_have_a_column_each()
    {
        const int N = 8;
        var maps = new[] { "a", "b", "c" }.Select((name, k) =>
        {
            var voxels = new float[N * N * N];
            voxels[(((N / 2 * N) + 2) * N) + 1 + k] = 5; // z in the middle, y 2, x 1 + k
            return (name, (DensityMap)new RenderedMap(N, 2, voxels));
        }).ToArray();
        var grid = MapViews.SideBySide("Maps", maps);
        Assert.Equal(
            ["a, slice xy", "b, slice xy", "c, slice xy", "a, slice yz", "b, slice yz", "c, slice yz", "a, along z", "b, along z", "c, along z"],
            grid.Panels.Select(p => p.Label));
        for (var k = 0; k < 3; k++)
        {
            Assert.Equal((2 * N) + 1 + k, Array.IndexOf(grid.Panels[k].Pixels, 5f));
            Assert.Equal((2 * N) + 1 + k, Array.IndexOf(grid.Panels[6 + k].Pixels, 5f));
        }

        Assert.Throws<ArgumentException>(() => MapViews.SideBySide("none", []));
    }

    [Fact]
    public void Map_views_cut_across_the_right_axis()
    {
        const int N = 4;
        var voxels = new float[N * N * N];
        voxels[(((3 * N) + 2) * N) + 1] = 5; // x 1, y 2, z 3
        var map = new RenderedMap(N, 2, voxels);

        Assert.Equal((2 * N) + 1, Array.IndexOf(MapViews.Cut(map, 2, 0, N), 5f));
        Assert.Equal((3 * N) + 1, Array.IndexOf(MapViews.Cut(map, 1, 0, N), 5f));
        Assert.Equal((3 * N) + 2, Array.IndexOf(MapViews.Cut(map, 0, 0, N), 5f));
        Assert.DoesNotContain(5f, MapViews.Cut(map, 2, 2, 3));
        var root = XDocument.Parse(MapViews.Create("Maps", [("a", map)]).ToSvg()).Root!;
        Assert.Equal(6, root.Elements(s_svg + "image").Count());
        var embedded = new PngReader(Convert.FromBase64String(root.Elements(s_svg + "image").ElementAt(3).Attribute("href")!.Value.Split(',')[1]));
        Assert.Equal((N, N, 1), (embedded.Width, embedded.Height, embedded.Channels));

        // The first stored row is at the bottom.
        Assert.Equal(255, embedded[1, N - 1 - 2, 0]);
    }

    [Fact]
    public void Saving_replaces_a_file_only_if_asked_and_leaves_nothing_else()
    {
        var folder = Directory.CreateTempSubdirectory("gmm-chart");
        try
        {
            var chart = FscChart.Create([("a", [0.1, 0.2], [1, 0])]);
            var path = Path.Combine(folder.FullName, "fsc.png");
            File.WriteAllText(path, "old");
            Assert.Throws<InvalidInputException>(() => chart.Save(path));
            chart.Save(path, overwrite: true);
            chart.Save(Path.ChangeExtension(path, ".svg"));
            Assert.Equal(chart.ToPng(), File.ReadAllBytes(path));
            Assert.Equal(["fsc.png", "fsc.svg"], folder.GetFiles().Select(f => f.Name).Order());
            Assert.Throws<ArgumentException>(() => chart.Save(Path.ChangeExtension(path, ".pdf")));
        }
        finally
        {
            folder.Delete(true);
        }
    }

    private static XElement[] Lines(XElement root, string colour) =>
        [.. root.Elements(s_svg + "polyline").Where(p => p.Attribute("stroke")!.Value == colour)];

    private static (double X, double Y)[] Points(XElement line) =>
        [.. line.Attribute("points")!.Value.Split(' ').Select(p => p.Split(',')).Select(p => (Number(p[0]), Number(p[1])))];

    private static double TickPosition(XElement root, string label, string coordinate, string anchor) =>
        Number(root.Elements(s_svg + "text").Single(t => t.Value == label && t.Attribute("text-anchor")!.Value == anchor).Attribute(coordinate)!.Value);

    private static double Number(string s) => double.Parse(s, CultureInfo.InvariantCulture);

    private static (int Width, int Height, int Right, int Bottom) Dark(PngReader png, int from, int to)
    {
        var dark = Enumerable.Range(0, png.Height).SelectMany(
            y => Enumerable.Range(from, to - from).Where(x => png[x, y, 0] < 100).Select(x => (X: x, Y: y))).ToArray();
        var (left, right) = (dark.Min(p => p.X), dark.Max(p => p.X) + 1);
        var (top, bottom) = (dark.Min(p => p.Y), dark.Max(p => p.Y) + 1);
        return (right - left, bottom - top, right, bottom);
    }
}
