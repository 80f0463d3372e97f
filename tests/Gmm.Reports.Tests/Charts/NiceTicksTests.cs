using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Gmm.Reports.Tests;

public class NiceTicksTests
{
    [Property]
    public Property Steps_are_one_two_or_five_times_a_power_of_ten_and_few_enough()
    {
        // Ranges over 24 powers of ten.
        var ranges = ArbMap.Default.ArbFor<NormalFloat>().Filter(x => x.Get != 0).Convert(
            x => Math.Pow(10, Math.IEEERemainder(x.Get, 24)), NormalFloat.NewNormalFloat);
        return Prop.ForAll(ranges, range =>
        {
            var step = NiceTicks.Step(range, 6);
            var digit = step / Math.Pow(10, Math.Floor(Math.Log10(step) + 1e-9));
            return new[] { 1.0, 2, 5 }.Any(d => Math.Abs(digit - d) < 1e-6) && range / step <= 6 + 1e-6 && range / step >= 2.3;
        });
    }

    [Theory]
    [InlineData(0, 1, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(-3, 3, "−3 −2 −1 0 1 2 3")]
    [InlineData(0.31, 0.34, "0.310 0.315 0.320 0.325 0.330 0.335 0.340")]
    [InlineData(0, 3e7, "0 5e6 1e7 1.5e7 2e7 2.5e7 3e7")]
    public void Labels_have_the_decimals_they_need(double low, double high, string labels) =>
        Assert.Equal(labels, string.Join(' ', NiceTicks.Between(low, high, NiceTicks.Step(high - low, 6)).Select(t => t.Label)));

    [Fact]
    public void Whole_numbers_stay_whole()
    {
        var axis = AxisScale.Create(new ChartAxis("Iteration") { WholeNumbers = true }, 0, 3);
        Assert.Equal(["0", "1", "2", "3"], axis.Ticks.Select(t => t.Label));
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
        Assert.All(ticks, t => Assert.Equal(1 / t.Position, double.Parse(t.Label, System.Globalization.CultureInfo.InvariantCulture), 6));
        Assert.All(ticks.Zip(ticks.Skip(1)), p => Assert.True(p.Second.Position - p.First.Position > end / 12));
    }
}
