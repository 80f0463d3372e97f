using Gmm.Maps;

namespace Gmm.Reports;

/// <summary>Makes the Guinier plot: the logarithm of the mean amplitude of each shell over the squared frequency, with the fitted line.</summary>
public static class GuinierChart
{
    internal const string XTitle = "Squared frequency (1/Å²)";
    internal const string YTitle = "ln amplitude";

    /// <summary>Makes the chart.</summary>
    /// <param name="plot">The amplitudes.</param>
    /// <param name="appliedBFactor">B factor that the map was sharpened by, square angstrom; null where it was not sharpened by one.</param>
    /// <param name="title">The heading; by default it says the B factor of the fit, and of what.</param>
    /// <returns>The chart. Shell 0 is left out, which says nothing about resolution. The legend says what each curve is and by which B factor.</returns>
    /// <exception cref="ArgumentException">No shell has an amplitude.</exception>
    public static LineChart Create(GuinierPlot plot, double? appliedBFactor, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(plot);
        title ??= plot.Fit is { } fit ? $"Guinier plot: B = {Number(fit.BFactor)} Å² of the half maps' mean" : "Guinier plot";
        return new LineChart(title, new ChartAxis(XTitle) { Minimum = 0 }, new ChartAxis(YTitle), Series(plot, appliedBFactor));
    }

    /// <summary>The curves with the names of the legend.</summary>
    internal static IReadOnlyList<ChartSeries> Series(GuinierPlot plot, double? appliedBFactor)
    {
        var x = plot.SquaredFrequency[1..];
        var series = new List<ChartSeries>
        {
            new("mean of the half maps", x, plot.Original[1..]),
            new("weighted by FSC", x, plot.Weighted[1..]),
        };

        // Without a B factor and without a model's amplitudes nothing is sharpened, and the curve is the one before.
        if (!plot.Sharpened.SequenceEqual(plot.Weighted))
        {
            series.Add(new(appliedBFactor is { } b ? $"sharpened by B = {Number(b)} Å²" : "sharpened to a model's amplitudes", x, plot.Sharpened[1..]));
        }

        if (plot.Fit is { } fit)
        {
            double[] ends = [1 / (fit.From * fit.From), Math.Min(1 / (fit.To * fit.To), x[^1])];
            var name = $"fit, {Number(fit.From)} to {Number(fit.To)} Å: B = {Number(fit.BFactor)} Å²";
            series.Add(new ChartSeries(name, ends, [.. ends.Select(e => fit.Intercept + (fit.Slope * e))]) { Dashed = true });
        }

        return series;
    }

    private static string Number(double value) => PictureText.Number(Math.Round(value, 1));
}
