using Gmm.Maps;

namespace Gmm.Reports.Tests;

public class FscChartTests
{
    [Fact]
    public void A_name_says_the_resolution_read_from_the_curve()
    {
        // Shell 4 of a box of 20 A is 5 A; halfway between shells 3 and 4 lies 20 / 3.5 = 5.71 A.
        Assert.Equal("masked: 5.71 Å", FscChart.Label("masked", Curve(1, 1, 1, 0.6, 0.4, 0), 0.5));
        Assert.Equal("masked: Nyquist, 4.00 Å", FscChart.Label("masked", Curve(1, 1, 1, 1, 1, 1)));
        Assert.Equal("masked: none", FscChart.Label("masked", Curve(1, 0.1, 1, 1, 1, 1)));
    }

    [Fact]
    public void The_chart_of_a_gold_standard_FSC_is_labelled_and_draws_the_curve_that_counts_on_top()
    {
        var signal = new SignalTest(9, 1, 1);
        var curves = new CorrectedFsc(
            Curve(1, 1, 0.8, 0.143001, 0, 0), Curve(1, 1, 1, 1, 0.143001, 0), Curve(1, 1, 0, 0, 0, 0), Curve(1, 1, 1, 0.9, 0.1, 0), 2, signal, signal);
        Assert.True(curves.Resolution > 0, "the test's curves have a resolution");
        var chart = FscChart.Create(curves);
        var corrected = FscChart.Label("masked, corrected", curves.Corrected);
        Assert.Equal([corrected, "masked: 5.00 Å", "unmasked: 6.67 Å", "masked, phases random"], chart.Series.Select(s => s.Name));
        Assert.Equal($"FSC of the half maps: {corrected.Split(": ")[1]} (masked, corrected)", chart.Title);
        var texts = new SvgPicture(chart).Texts;
        Assert.Superset(chart.Series.Select(s => s.Name).Append(chart.Title).ToHashSet(), texts.ToHashSet());
    }

    [Fact]
    public void Without_a_resolution_the_heading_says_none()
    {
        var none = new SignalTest(0, 1, 1);
        var flat = Curve(1, 0, 0, 0, 0, 0);
        var chart = FscChart.Create(new CorrectedFsc(flat, flat, flat, flat, 2, none, none));
        Assert.Equal("FSC of the half maps: no resolution", chart.Title);
        Assert.DoesNotContain(chart.Series, s => s.Name.Contains('Å', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0.2, 0)]
    [InlineData(-0.04, -0.1)]
    [InlineData(-0.45, -0.5)]
    [InlineData(-1, -1)]
    public void No_curve_is_cut_off(double lowest, double bottom)
    {
        using var plot = FscChart.Create([("a", [0, 0.1, 0.2], [1, lowest, 0.3])]).CreatePlot();
        plot.Settle();
        Assert.Equal(bottom, plot.Plot.Axes.GetLimits().Bottom, 1e-9);
        Assert.Equal(1, plot.Plot.Axes.GetLimits().Top);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.3)]
    [InlineData(0.2)]
    [InlineData(0.125)]
    [InlineData(0.05)]
    [InlineData(1.1)]
    public void Resolution_ticks_sit_at_their_frequency_and_apart(double end)
    {
        var ticks = ChartAxis.Resolution(end).Ticks!;

        Assert.InRange(ticks.Count, 3, 10);
        Assert.All(ticks, t => Assert.Equal(1 / t.Position, SvgPicture.Number(t.Label), 6));
        Assert.All(ticks.Zip(ticks.Skip(1)), p => Assert.True(p.Second.Position - p.First.Position > end / 12));
    }

    private static FscCurve Curve(params double[] values) => new(10, 2, values);
}
