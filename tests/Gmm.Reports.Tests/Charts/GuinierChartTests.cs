using Gmm.Maps;

namespace Gmm.Reports.Tests;

public class GuinierChartTests
{
    private static readonly double[] s_squares = [0, 0.01, 0.02, 0.03];
    private static readonly double[] s_logs = [0, -1, -2, -3];
    private static readonly GuinierFit s_fit = new(-30.04, 0, -1, 10, 6);

    [Fact]
    public void The_B_factor_is_said_and_of_what_it_is()
    {
        var chart = GuinierChart.Create(new GuinierPlot(s_squares, s_logs, s_logs, [0, 0, 0, 0], s_fit), -90);
        Assert.Equal("Guinier plot: B = −120.2 Å² of the half maps' mean", chart.Title);
        Assert.Equal(
            ["mean of the half maps", "weighted by FSC", "sharpened by B = −90 Å²", "fit, 10 to 6 Å: B = −120.2 Å²"],
            chart.Series.Select(s => s.Name));

        // The line of the fit: from 1 / 10² to 1 / 6² of squared frequency.
        Assert.Equal([0.01, 1 / 36.0], chart.Series[3].X);
        Assert.Equal(-0.3004, chart.Series[3].Y[0], 1e-12);
        Assert.Equal(-30.04 / 36, chart.Series[3].Y[1], 1e-12);
    }

    [Fact]
    public void Nothing_is_called_sharpened_that_is_not()
    {
        var none = GuinierChart.Create(new GuinierPlot(s_squares, s_logs, s_logs, s_logs, null), null);
        Assert.Equal(["mean of the half maps", "weighted by FSC"], none.Series.Select(s => s.Name));
        Assert.Equal("Guinier plot", none.Title);
        var model = GuinierChart.Create(new GuinierPlot(s_squares, s_logs, s_logs, [0, 1, 2, 3], null), null);
        Assert.Equal("sharpened to a model's amplitudes", model.Series[2].Name);
    }
}
