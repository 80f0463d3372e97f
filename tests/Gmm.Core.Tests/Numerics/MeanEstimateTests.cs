namespace Gmm.Core.Tests;

public class MeanEstimateTests
{
    [Fact]
    public void Mean_and_error_are_those_of_the_finite_values()
    {
        // 1, 2, 3, 6: mean 3, variance 14 / 3, so the error is sqrt(14 / 12).
        var estimate = MeanEstimate.Of([1, double.NaN, 2, 3, double.PositiveInfinity, 6]);
        Assert.Equal((3, 4), (estimate.Mean, estimate.Count));
        Assert.Equal(Math.Sqrt(14.0 / 12), estimate.Error, 1e-15);
        Assert.Equal(3 / Math.Sqrt(14.0 / 12), estimate.StandardErrors, 1e-14);
    }

    [Fact]
    public void One_value_or_equal_ones_say_nothing_of_their_error()
    {
        Assert.True(double.IsNaN(MeanEstimate.Of([5]).Mean));
        Assert.Equal(0, MeanEstimate.Of([5]).StandardErrors);
        Assert.Equal(0, MeanEstimate.Of([5, 5, 5]).StandardErrors);
        Assert.Equal(0, MeanEstimate.Of([]).Count);
    }
}
