using System.Globalization;

namespace Gmm.IO.Tests;

public sealed class ModelOriginTests
{
    [Fact]
    public void The_sample_is_the_smallest_hashes_of_all_names_each_once_in_order()
    {
        string[] names = [.. Enumerable.Range(0, 700).Select(i => (i * 7919 % 350).ToString("D6", CultureInfo.InvariantCulture) + "@a/s.mrcs")];
        string[] expected = [.. names.Select(n => ModelOrigin.Of(1, [n]).Sample[0]).Distinct().Order(StringComparer.Ordinal).Take(32)];
        Assert.Equal(32, expected.Length);
        Assert.Equal(expected, ModelOrigin.Of(1, names).Sample);
        Assert.Equal(expected, ModelOrigin.Of(1, names.Reverse()).Sample);
        Assert.Equal(3, ModelOrigin.Of(2, names[..3]).Sample.Count);
        Assert.Empty(ModelOrigin.Of(2, []).Sample);
    }
}
