using Gmm.Refinement;

namespace Gmm.Cli.Tests;

/// <summary>What is said while a run goes on.</summary>
public class RunWordsTests
{
    [Theory]
    [InlineData(0.05, 0, "images: the signal's scale varies by 5 % (gmmScale, gmmWeight)")]
    [InlineData(0.05, 3, "images: the signal's scale varies by 5 %; 3 weigh less, being unlike the others (gmmScale, gmmWeight)")]
    [InlineData(0, 0, null)]
    public void Images_that_weigh_less_are_named_where_there_are_any(double spread, int less, string? expected) =>
        Assert.Equal(expected, RefinementRunner.Scales(new IterationStatistics { ScaleSpread = spread, Downweighted = less }));

    [Fact]
    public void Doubts_about_the_start_say_that_they_are_about_the_start()
    {
        var start = new IterationRecord { Iteration = 0, Resolution = 12, Limit = 12, Doubts = ["rests on the mask alone"] };
        Assert.Equal(["at the start: rests on the mask alone"], RefinementRunner.Doubts(start));

        // Of later ones those of the last are said, at the end.
        Assert.Empty(RefinementRunner.Doubts(start with { Iteration = 1 }));
        Assert.Equal(["no resolution"], RefinementRunner.Doubts(start with { Resolution = null, Doubts = ["no resolution"] }));
    }

    [Theory]
    [InlineData(7.23, 7.23, true)]
    [InlineData(7.4, 7.23, false)]
    [InlineData(null, 7.23, false)]
    public void A_median_at_the_finest_that_can_be_measured_says_so(double? median, double finest, bool said) =>
        Assert.Equal(said, LocalresVerb.Limit(median, finest).Contains("7.23 A is the finest", StringComparison.Ordinal));
}
