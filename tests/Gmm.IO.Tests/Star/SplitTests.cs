using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Gmm.IO.Tests;

/// <summary>Lines cut into values many bytes at once, against the framework's own splitting.</summary>
public sealed class SplitTests
{
    [Property(MaxTest = 500)]
    public Property A_line_is_cut_where_its_spaces_are()
    {
        var letters = Gen.Elements('a', 'Z', '7', '.', '-', '@', '\u00e9', ' ', ' ', '\t', '\r');
        return Prop.ForAll(letters.ListOf().ToArbitrary(), x =>
        {
            var text = string.Concat(x);
            var bytes = Encoding.UTF8.GetBytes(text);
            var values = new TextRange[bytes.Length + 1];
            var count = StarText.Split(bytes, values);
            var expected = text.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(expected, values.Take(count).Select(v => Encoding.UTF8.GetString(bytes, v.Start, v.Length)));
            Assert.Equal(count, StarText.Split(bytes, []));
        });
    }

    [Fact]
    public void Every_length_around_a_block_is_right()
    {
        for (var n = 0; n < 70; n++)
        {
            var values = new TextRange[2];
            Assert.Equal(n == 0 ? 0 : 1, StarText.Split(Encoding.ASCII.GetBytes(new string('x', n)), values));
            Assert.Equal(n == 0 ? default : new TextRange(0, n), values[0]);
            Assert.Equal(2, StarText.Split(Encoding.ASCII.GetBytes(new string('x', n + 1) + " y"), values));
            Assert.Equal(new TextRange(n + 2, 1), values[1]);
        }
    }
}
