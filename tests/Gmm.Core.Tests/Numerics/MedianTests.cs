using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Gmm.Core.Tests;

/// <summary>Medians, against sorting.</summary>
public sealed class MedianTests
{
    [Property(MaxTest = 500)]
    public Property The_median_is_the_value_in_the_middle_of_the_sorted_ones()
    {
        // Few kinds of values make many equal ones.
        var values = Gen.Choose(1, 1000).SelectMany(kinds => Gen.Choose(-kinds, kinds).Select(v => v / 8.0).NonEmptyListOf());
        return Prop.ForAll(values.ToArbitrary(), x => Assert.Equal(Middle(x), Medians.Of(x)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(100_001)]
    public void Rows_in_order_against_it_and_with_a_period_have_it_too(int count)
    {
        int[] rows = [.. Enumerable.Range(0, count)];
        foreach (var values in new IEnumerable<double>[]
        {
            rows.Select(i => (double)i), rows.Select(i => (double)-i), rows.Select(i => (double)(i % 7)), rows.Select(_ => 3.0),
            rows.Select(i => (double)Math.Abs((2 * i) - count)), rows.Select(i => i % 2 == 0 ? double.PositiveInfinity : -i),
        })
        {
            Assert.Equal(Middle(values), Medians.Of(values));
        }
    }

    private static double Middle(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
