using Gmm.Maps;

namespace Gmm.Reports;

/// <summary>Makes the Guinier plot: the logarithm of the mean amplitude of each shell over the squared frequency, with the fitted line.</summary>
public static class GuinierChart
{
    /// <summary>Makes the chart.</summary>
    /// <param name="plot">The amplitudes.</param>
    /// <param name="title">The heading; none if empty.</param>
    /// <returns>The chart. Shell 0 is left out, which says nothing about resolution.</returns>
    /// <exception cref="ArgumentException">No shell has an amplitude.</exception>
    public static LineChart Create(GuinierPlot plot, string title = "Guinier plot")
    {
        ArgumentNullException.ThrowIfNull(plot);
        var x = plot.SquaredFrequency[1..];
        var series = new List<ChartSeries>
        {
            new("mean of the half maps", x, plot.Original[1..]),
            new("weighted by FSC", x, plot.Weighted[1..]),
            new("sharpened", x, plot.Sharpened[1..]),
        };
        if (plot.Fit is { } fit)
        {
            double[] ends = [1 / (fit.From * fit.From), Math.Min(1 / (fit.To * fit.To), x[^1])];
            series.Add(new ChartSeries("fit", ends, [.. ends.Select(e => fit.Intercept + (fit.Slope * e))]) { Dashed = true });
        }

        return new LineChart(title, new ChartAxis("Squared frequency (1/Å²)") { Minimum = 0 }, new ChartAxis("ln amplitude"), series);
    }
}
