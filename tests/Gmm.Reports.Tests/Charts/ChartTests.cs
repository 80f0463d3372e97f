using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Gmm.Core;
using Gmm.Maps;
using Gmm.TestData;
using ScottPlot;
using ScottPlot.Plottables;

namespace Gmm.Reports.Tests;

public partial class ChartTests
{
    private const string Blue = "#0072B2";
    private const string Orange = "#D55E00";

    [Fact]
    public void An_SVG_has_its_texts_its_lines_and_its_threshold()
    {
        var svg = new SvgPicture(FscChart.Create([("before & <raw>", [0, 0.1, 0.2], [1, 0.6, 0]), ("after", [0, 0.1, 0.2], [1, 0.9, 0.2])], "Half maps"));

        Assert.Superset(
            new HashSet<string> { "Half maps", "Correlation", "Resolution (Å)", "0.143", "before & <raw>", "after", "10", "5", "0.2", "1" },
            svg.Texts.ToHashSet());

        // The line and its key in the legend; whole, with dashes, and the threshold's own dashes.
        Assert.Equal([null, null], svg.Strokes(Blue).Select(l => l.Attribute("stroke-dasharray")?.Value));
        Assert.Equal(["7 3", "7 3"], svg.Strokes(Orange).Select(l => l.Attribute("stroke-dasharray")?.Value));
        Assert.Equal(["1.8", "1.8"], svg.Strokes(Orange).Select(l => l.Attribute("stroke-width")?.Value));
        Assert.Equal("4 4", svg.Strokes("#777").Single().Attribute("stroke-dasharray")?.Value);
    }

    [Fact]
    public void A_point_lies_where_the_ticks_say_it_does()
    {
        var svg = new SvgPicture(new LineChart(
            "", new ChartAxis("x") { Ticks = [(2, "two")] }, new ChartAxis("y") { Ticks = [(5, "five")] }, [new ChartSeries("a", [0, 2, 10], [0, 5, 10])]));

        var points = SvgPicture.Points(svg.Strokes(Blue).Single());
        Assert.Equal(svg.Place("two").X, points[1].X, 0.01);
        Assert.Equal(svg.Place("five").Y, points[1].Y, 0.01);
        Assert.Equal((points[0].Y + points[2].Y) / 2, points[1].Y, 0.01);
        Assert.Equal(points[0].X + ((points[2].X - points[0].X) / 5), points[1].X, 0.01);
    }

    [Fact]
    public void Values_that_are_not_finite_break_the_line()
    {
        var chart = new LineChart("", new ChartAxis("x"), new ChartAxis("y"), [new ChartSeries("a", [0, 1, 2, 3, 4], [0, 1, double.NaN, 1, 0])]);

        Assert.Equal([2, 2], new SvgPicture(chart).Strokes(Blue).Select(p => SvgPicture.Points(p).Length));
        Assert.DoesNotContain("NaN", chart.ToSvg(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_PNG_shows_the_line_where_the_SVG_has_it_cut_at_the_frame(int scale)
    {
        var axis = new ChartAxis("y") { Minimum = 0, Maximum = 1 };
        var chart = new LineChart("", new ChartAxis("x") { Minimum = 0, Maximum = 1 }, axis, [new ChartSeries("a", [-1, 2], [0.5, 0.5])]);
        var points = SvgPicture.Points(new SvgPicture(chart).Strokes(Blue).Single());
        using var plot = chart.CreatePlot();
        plot.Settle();
        var area = plot.Plot.LastRender.DataRect;

        var png = new PngReader(chart.ToPng(scale));

        Assert.Equal((560 * scale, 400 * scale, 3), (png.Width, png.Height, png.Channels));
        var row = (int)(points[0].Y * scale);
        var blue = Enumerable.Range(0, png.Width).Where(x => png[x, row, 0] < 60 && png[x, row, 2] > 150).ToArray();
        Assert.InRange(blue[0], (area.Left - 1) * scale, (area.Left + 2) * scale);
        Assert.InRange(blue[^1], (area.Right - 2) * scale, (area.Right + 1) * scale);
        Assert.Equal(blue[^1] - blue[0] + 1, blue.Length);
        Assert.Equal(255, png[png.Width / 2, row + (4 * scale), 0]);
        Assert.Equal(255, png[0, 0, 1]);
    }

    [Fact]
    public void A_dashed_line_has_its_gaps_in_pixels_too()
    {
        var chart = new LineChart(
            "", new ChartAxis("x"), new ChartAxis("y"), [new ChartSeries("a", [0, 1], [1, 1]), new ChartSeries("b", [0, 1], [2, 2])]);
        var points = SvgPicture.Points(new SvgPicture(chart).Strokes(Orange).MaxBy(s => SvgPicture.Points(s)[^1].X - SvgPicture.Points(s)[0].X)!);
        var png = new PngReader(chart.ToPng(2));
        var (from, to) = ((int)(2 * points[0].X), (int)(2 * points[1].X));

        var drawn = Enumerable.Range(from, to - from).Average(x => (255 - png[x, (int)(2 * points[0].Y), 2]) / 255.0);

        Assert.InRange(drawn, 0.63, 0.77);
    }

    [Fact]
    public async Task A_picture_says_its_resolution_and_is_the_same_twice()
    {
        var chart = FscChart.Create([("a", [0, 0.1, 0.2], [1, 0.6, 0]), ("b", [0, 0.1, 0.2], [1, 0.9, 0.2])]);
        var png = chart.ToPng();
        var at = png.AsSpan().IndexOf("pHYs"u8);
        Assert.Equal(192 / 0.0254, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at + 4)), 1.0);
        Assert.Equal(png, chart.ToPng());
        Assert.Equal(chart.ToSvg(), chart.ToSvg());

        // In one page the names of two pictures differ, and each uses its own.
        var other = FscChart.Create([("a", [0, 0.1, 0.2], [1, 0.6, 0])]).ToSvg();
        Assert.Empty(Names(chart.ToSvg()).Intersect(Names(other)));
        Assert.Equal(Names(chart.ToSvg()).Count, XDocument.Parse(chart.ToSvg()).Descendants().Count(e => e.Attribute("id") is not null));
        Assert.All(Uses().Matches(chart.ToSvg()).Select(m => m.Groups[1].Value), use => Assert.Contains(use, Names(chart.ToSvg())));
        Assert.Equal(png, await Task.Run(() => chart.ToPng()));
    }

    private static HashSet<string> Names(string svg) => [.. XDocument.Parse(svg).Descendants().Attributes("id").Select(a => a.Value)];

    [GeneratedRegex(@"url\(#([^)]+)\)")]
    private static partial Regex Uses();

    [Fact]
    public void The_font_has_every_character_that_pictures_use_and_the_widths_of_Arial()
    {
        foreach (var bold in new[] { false, true })
        {
            var missing = Enumerable.Range('!', '~' - '!' + 1).Concat("Åσ·°±−–×²³⁻¹αβγΔθλµμπχ∞≤≥…�".Select(c => (int)c))
                .Where(c => !PictureFont.Typeface(bold).ContainsGlyph(c));
            Assert.Empty(missing.Select(char.ConvertFromUtf32));
            Assert.Equal("Arimo", PictureFont.Typeface(bold).FamilyName);

            // Digits of Arial and Helvetica are 1139 of 2048 wide, in both weights.
            Assert.Equal(113.9, PictureFont.Measure("0123456789", 20.48, bold), 0.1);
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
        Assert.Contains(
            "2 values of y and 1 errors", Assert.Throws<ArgumentException>(() => new ChartSeries("a", [1, 2], [1, 2]) { Errors = [1] }).Message,
            StringComparison.Ordinal);
        Assert.Contains("at least one curve", Assert.Throws<ArgumentException>(() => FscChart.Create([])).Message, StringComparison.Ordinal);
        Assert.Contains(
            "at least one finite value", Assert.Throws<ArgumentException>(() => new HistogramChart("T", x, [("a", [double.NaN])])).Message,
            StringComparison.Ordinal);
        Assert.Contains("no image", Assert.Throws<ArgumentException>(() => new ImageGrid("T", [], 3)).Message, StringComparison.Ordinal);
        Assert.Contains("2 x 2", Assert.Throws<ArgumentException>(() => new ImagePanel("p", [1, 2, 3], 2, 2)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\u0001b\nc", "a\ufffdb\ufffdc")]
    [InlineData("<script>alert('&quot;')</script>", "<script>alert('&quot;')</script>")]
    [InlineData("stroke-width=\"1.84\" <text x=\"1, \" y=\"2, \">", "stroke-width=\"1.84\" <text x=\"1, \" y=\"2, \">")]
    public void Names_are_text_whatever_they_are_made_of(string name, string shown)
    {
        var svg = new SvgPicture(new LineChart(name, new ChartAxis(name), new ChartAxis("y"), [new(name, [0, 1], [0, 1]), new("b", [0, 1], [1, 0])]));
        Assert.Equal(3, svg.Texts.Count(t => t == shown));
        Assert.Contains(shown, new SvgPicture(new ImageGrid(name, [new ImagePanel("p", [0, 1, 2, 3], 2, 2)], 1)).Texts);
        Assert.Equal("half \ufffd pair", PictureText.Line("half \ud800 pair"));
    }

    [Fact]
    public void Long_words_fit_with_their_ends_and_a_mark_of_what_is_left_out()
    {
        var name = "/a/" + string.Concat(Enumerable.Repeat("very/long/", 30)) + "path/run_half1_unfil.mrc";
        var chart = new LineChart(name, new ChartAxis(name), new ChartAxis(name), [new(name, [0, 1], [0, 1]), new("b", [0, 1], [1, 0])]);
        var texts = new SvgPicture(chart).Texts.Where(t => t.Contains('…', StringComparison.Ordinal)).ToArray();
        Assert.Equal(4, texts.Length);
        Assert.All(texts, t => Assert.True(t.StartsWith("/a/very", StringComparison.Ordinal) && t.EndsWith("half1_unfil.mrc", StringComparison.Ordinal), t));
        double size = 13;
        Assert.True(PictureFont.Measure(PictureFont.Fit(name, ref size, 300), size) <= 300.1);
        Assert.Equal(9, size);
        size = 13;
        Assert.Equal(("short", 13.0), (PictureFont.Fit("short", ref size, 300), size));
    }

    [Fact]
    public void Shares_of_a_histogram_count_every_value_once()
    {
        Assert.Equal([50, 25, 25], HistogramChart.Shares([0, 0.5, 1, 3], 0, 1, 3));
        Assert.Equal([50, 0], HistogramChart.Shares([0, -1, 7, 0.2], 0, 1, 2));
        using var plot = new HistogramChart("", new ChartAxis("x"), [("a", [1, 2, 2, 3]), ("b", [5, 5, 6, 7])]).CreatePlot();
        plot.Settle();
        Assert.Equal("Share (%)", plot.Plot.Axes.Left.Label.Text);
        Assert.Equal(["a", "b"], plot.Plot.Legend.GetItems().Select(i => i.LabelText));

        // The steps of a: 25 % of the values at 1, 50 at 2, 25 at 3.
        var a = plot.Plot.PlottableList.OfType<Polygon>().Single(p => p.LegendText == "a").Coordinates;
        Assert.Equal(50, a.Max(c => c.Y), 1e-9);
        Assert.Equal(50, a.Where(c => c.X is >= 2 and < 2.05).Max(c => c.Y), 1e-9);
        Assert.Equal((1, 7), (plot.Plot.Axes.GetLimits().Left, Math.Round(plot.Plot.Axes.GetLimits().Right, 6)));
    }

    [Fact]
    public void A_chart_of_a_single_value_still_has_an_axis()
    {
        foreach (var value in new[] { 0.0, -3, 1e9 })
        {
            var chart = new LineChart("", new ChartAxis("x"), new ChartAxis("y"), [new ChartSeries("a", [value], [value]) { Markers = true }]);
            using var plot = chart.CreatePlot();
            plot.Settle();
            var limits = plot.Plot.Axes.GetLimits();
            Assert.True(limits.Left < value && value < limits.Right && limits.Bottom < value && value < limits.Top, $"{limits}");
            Assert.DoesNotContain("NaN", chart.ToSvg(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.143)]
    public void No_curve_crosses_the_label_of_a_threshold(double threshold)
    {
        // Flat above the line up to its right end, then through it.
        double[] x = [.. Enumerable.Range(0, 33).Select(i => i / 226.0)];
        double[][] curves = [[.. x.Select((_, i) => i < 30 ? threshold + 0.02 : threshold - (0.05 * (i - 29)))], [.. x.Select((_, i) => 1 - (i / 32.0))]];
        var chart = FscChart.Create([("a", x, curves[0]), ("b", x, curves[1])], "Half maps", [threshold]);
        var svg = new SvgPicture(chart);
        var label = svg.Place(PictureText.Number(threshold));
        var right = new[] { Blue, Orange }.SelectMany(c => svg.Strokes(c)).SelectMany(SvgPicture.Points).Max(p => p.X);

        Assert.True(label.X > right, $"the label begins at {label.X}, the curves end at {right}");
        Assert.Equal(SvgPicture.Points(svg.Strokes("#777").Single())[0].Y, label.Y, 0.5);
        Assert.True(label.X + PictureFont.Measure(PictureText.Number(threshold), 12) < chart.Width, "the label leaves the picture");
    }

    [Fact]
    public void Errors_have_bars_inside_the_axes_and_a_line_at_zero()
    {
        var chart = new LineChart(
            "Gain", new ChartAxis("Epoch") { WholeNumbers = true }, new ChartAxis("Gain"),
            [new ChartSeries("half 1", [1, 2, 3], [1, 2, 3]) { Errors = [0.5, 0.5, 2] }])
        {
            ReferenceLines = [new ReferenceLine(0, "0")],
        };
        using var plot = chart.CreatePlot();
        plot.Settle();
        var bars = plot.Plot.PlottableList.OfType<ErrorBar>().Single();
        Assert.Equal([0.5, 0.5, 2], bars.YErrorPositive!);
        Assert.Equal([1.0, 2, 3], bars.Ys);
        Assert.True(plot.Plot.Axes.GetLimits().Top > 5 && plot.Plot.Axes.GetLimits().Bottom < 0, $"{plot.Plot.Axes.GetLimits()}");
        Assert.Equal(0, plot.Plot.PlottableList.OfType<HorizontalLine>().Single().Y);
        Assert.All(plot.Plot.Axes.Bottom.TickGenerator.Ticks.Where(t => t.IsMajor), t => Assert.Equal(Math.Round(t.Position), t.Position));
    }

    [Fact]
    public void A_machine_without_the_native_library_says_so_and_nothing_else_is_taken_for_that()
    {
        var missing = new TypeInitializationException(
            "SkiaSharp.SKTypeface", new TypeInitializationException("SkiaSharp.SKObject", new DllNotFoundException("libSkiaSharp: cannot open\nmore")));
        Assert.True(PicturesUnavailableException.Means(missing));
        Assert.EndsWith("does not load (libSkiaSharp: cannot open)", PicturesUnavailableException.From(missing).Message, StringComparison.Ordinal);
        Assert.False(PicturesUnavailableException.Means(new TypeInitializationException("x", new InvalidOperationException())));
        Assert.False(PicturesUnavailableException.Means(new ArgumentException("x")));
    }

    /// <summary>
    /// What the native library reads must be held while it reads, which only code that the JIT has optimised may fail to do: this project's tests run such
    /// code from the start. A crash
    /// of this process is the failure.
    /// </summary>
    [Fact]
    public async Task Pictures_survive_the_garbage_collector()
    {
        var chart = FscChart.Create([("a", [0, 0.1, 0.2], [1, 0.6, 0])]);
        var expected = chart.ToPng(3);
        using var stop = new CancellationTokenSource();
        var collector = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                LaterTenant.Leave();
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        });
        for (var n = 0; n < 40; n++)
        {
            Assert.True(expected.AsSpan().SequenceEqual(chart.ToPng(3)));
        }

        await stop.CancelAsync();
        await collector;
    }

    /// <summary>
    /// Fills the blocks that finalizers have just freed, of the sizes of Skia's small objects, with what is no address: what would else be read as it was.
    /// </summary>
    private sealed class LaterTenant
    {
        private static readonly long[] s_noAddress = [.. Enumerable.Repeat(-1L, 8)];

        ~LaterTenant()
        {
            foreach (var words in Enumerable.Range(3, 6))
            {
                var blocks = Enumerable.Range(0, 8).Select(_ => Marshal.AllocHGlobal(8 * words)).ToList();
                blocks.ForEach(block => Marshal.Copy(s_noAddress, 0, block, words));
                blocks.ForEach(Marshal.FreeHGlobal);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void Leave() => _ = new LaterTenant();
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
}
