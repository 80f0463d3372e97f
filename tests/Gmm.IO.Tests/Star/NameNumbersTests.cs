using System.Text;
using FsCheck.Xunit;

namespace Gmm.IO.Tests;

/// <summary>Names numbered by their bytes, against a dictionary of their texts.</summary>
public sealed class NameNumbersTests
{
    [Property]
    public void A_name_has_the_number_of_its_first_place(string?[] names)
    {
        var numbers = new NameNumbers();
        var expected = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in names.Select(n => n ?? new string('x', 300)).SelectMany(n => new[] { n, $"\"{n}\"" }))
        {
            var raw = Encoding.UTF8.GetBytes(name);
            var text = StarText.Decode(raw);
            expected.TryAdd(text, expected.Count);
            Assert.Equal(expected[text], numbers.Of(raw));
        }
    }
}
