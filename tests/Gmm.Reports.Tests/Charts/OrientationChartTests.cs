using Gmm.Core;
using ScottPlot;
using ScottPlot.Plottables;

namespace Gmm.Reports.Tests;

public class OrientationChartTests
{
    [Fact]
    public void Even_directions_are_even_and_counted_once()
    {
        var random = new SeededGenerator(3, 1, 0);
        var rotations = Enumerable.Range(0, 40000).Select(_ => random.Rotation()).ToArray();
        var chart = OrientationChart.Create(rotations);
        Assert.Equal(2 * chart.Rows, chart.Columns);
        Assert.Equal(1, chart.Density.Average(), 1e-9);

        // Counting statistics of the particles in each cell, and none of its own: the cells have one solid angle.
        var expected = 1 / Math.Sqrt(40000.0 / chart.Density.Count);
        Assert.Equal(expected, Math.Sqrt(chart.Density.Average(d => (d - 1) * (d - 1))), 0.1 * expected);
        for (var row = 0; row < chart.Rows; row++)
        {
            Assert.Equal(1, chart.Density.Skip(row * chart.Columns).Take(chart.Columns).Average(), 5 * expected / Math.Sqrt(chart.Columns));
        }
    }

    [Theory]
    [InlineData(60, 30)]
    [InlineData(-170, 150)]
    [InlineData(179.9, 90)]
    public void A_view_is_in_its_cell(double rot, double tilt)
    {
        var rotations = Enumerable.Range(0, 3000).Select(i => Rotation.FromEuler(new(rot, tilt, i))).ToArray();
        var chart = OrientationChart.Create(rotations);
        var row = (int)((1 - Math.Cos(tilt * Math.PI / 180)) / 2 * chart.Rows);
        var column = (int)((rot + 180) / 360 * chart.Columns);
        Assert.Equal(chart.Density.Count, chart.Density[(row * chart.Columns) + column], 1e-6);
        Assert.Equal(1 - (1.0 / chart.Density.Count), chart.EmptyFraction, 1e-9);
    }

    [Fact]
    public void Both_pictures_are_made()
    {
        var random = new SeededGenerator(3, 1, 0);
        var chart = OrientationChart.Create(Enumerable.Range(0, 500).Select(_ => random.Rotation()));
        var svg = new SvgPicture(chart);
        Assert.Superset(
            new HashSet<string> { "Viewing directions", "Rot (°)", "Tilt (°)", "Times even distribution", "−180", "180", "90" }, svg.Texts.ToHashSet());
        using var plot = chart.CreatePlot();
        plot.Settle();
        var map = plot.Plot.PlottableList.OfType<Heatmap>().Single();

        // The first row is that of tilt 0, at the top; the cells fill the frame.
        Assert.Equal(chart.Density.Take(chart.Columns), Enumerable.Range(0, chart.Columns).Select(c => map.Intensities[0, c]));
        Assert.Equal(chart.Density[0], map.GetValue(new Coordinates(-179, 0.999)));
        Assert.Equal(chart.Density[^1], map.GetValue(new Coordinates(179, -0.999)));
        Assert.True(map.GetRange().Max >= chart.Density.Max());
        var extent = map.GetAlignedExtent();
        Assert.Equal((0.0, -180.0, 180.0, -1.0, 1.0), (map.GetRange().Min, extent.Left, extent.Right, extent.Bottom, extent.Top));
        Assert.True(chart.ToPng().Length > 2000);
        Assert.Throws<ArgumentException>(() => OrientationChart.Create([]));
        Assert.Throws<ArgumentException>(() => OrientationChart.Create([new Rotation(1, 0, 0, 0, 1, 0, double.NaN, 0, 1)]));
    }
}
