using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using SkiaSharp;

namespace Gmm.Reports.Tests;

/// <summary>A legend hides nothing: it lies in a corner that nothing is drawn in, or below the axes.</summary>
public class LegendTests
{
    [Property(MaxTest = 60)]
    public void A_legend_lies_on_no_line(PositiveInt seed)
    {
        var random = new Random(seed.Get);
        ChartSeries Series(int k) => new($"series {k} with a name", [0, 1, 2, 3, 4], [.. Enumerable.Range(0, 5).Select(_ => Math.Pow(random.NextDouble(), 4))]);
        var named = new LineChart("", new ChartAxis("x"), new ChartAxis("y"), Enumerable.Range(0, 1 + (seed.Get % 4)).Select(Series).Append(Series(9)))
        {
            ReferenceLines = [new ReferenceLine(0.143, "0.143")],
        };
        using var plot = named.CreatePlot();
        plot.Settle();
        var data = plot.Plot.LastRender.DataRect;
        if (plot.LegendArea is not { } area)
        {
            Assert.True(data.Bottom < 400 - 50 - (9 * named.Series.Count), $"no room below {data.Bottom}");
            return;
        }

        Assert.True(area.Left >= data.Left && area.Right <= data.Right && area.Top >= data.Top && area.Bottom <= data.Bottom, $"{area} leaves {data}");
        Assert.DoesNotContain(plot.DrawnPixels(), p => p.X >= area.Left && p.X <= area.Right && p.Y >= area.Top && p.Y <= area.Bottom);

        // Nothing but the legend is drawn there: without it the pixels are white.
        plot.Plot.Legend.IsVisible = false;
        using var image = plot.Plot.GetImage(560, 400);
        using var bare = SKBitmap.Decode(image.GetImageBytes());
        for (var x = (int)area.Left + 1; x < area.Right - 1; x++)
        {
            for (var y = (int)area.Top + 1; y < area.Bottom - 1; y++)
            {
                Assert.Equal(SKColors.White, bare.GetPixel(x, y));
            }
        }
    }

    [Fact]
    public void Names_stand_in_the_order_given_and_the_first_is_drawn_last()
    {
        double[] x = [0, 1];
        var chart = new LineChart("", new ChartAxis("x"), new ChartAxis("y"), [new("a", x, [0, 1]), new("b", x, [1, 0]), new("c", x, [1, 1])]);
        using var plot = chart.CreatePlot();
        plot.Settle();
        Assert.Equal(["a", "b", "c"], plot.Plot.Legend.GetItems().Select(i => i.LabelText));
        Assert.Equal(["c", "b", "a"], plot.Plot.PlottableList.OfType<ScottPlot.Plottables.Scatter>().Select(s => s.LegendText));
    }

    [Fact]
    public void Full_corners_move_the_legend_below_the_axes()
    {
        double[] x = [.. Enumerable.Range(0, 200).Select(i => (double)i)];
        ChartSeries[] series = [new("up and down", x, [.. x.Select(i => i % 2)]), new("level", x, [.. x.Select(_ => 0.5)])];
        var chart = new LineChart("", new ChartAxis("x"), new ChartAxis("y"), series);
        var svg = new SvgPicture(chart);
        Assert.True(svg.Place("up and down").Y > svg.Place("x").Y, "the legend is not below the axis");
        Assert.True(svg.Place("level").Y < chart.Height - 4, "the legend leaves the picture");
    }
}
