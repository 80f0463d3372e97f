using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Gmm.IO.Tests;

/// <summary>Numbers read from bytes, against the framework's own reading of the same text, to the bit.</summary>
public sealed class NumberTextTests
{
    [Property(MaxTest = 5000)]
    public Property A_row_of_digits_signs_points_and_exponents_is_read_as_the_framework_reads_it()
    {
        var letters = Gen.Elements("0123456789012345678901234567890123456789....--+eE ,x".ToCharArray());
        var decimals = Gen.Choose(0, 12).SelectMany(n => ArbMap.Default.GeneratorFor<long>().Select(v => Decimal(v, n)));
        return Prop.ForAll(Gen.OneOf(letters.ListOf().Select(string.Concat), decimals).ToArbitrary(), Same);
    }

    [Property(MaxTest = 5000)]
    public void A_number_is_read_as_it_was_written(double value, byte places)
    {
        Same(value.ToString("R", CultureInfo.InvariantCulture));
        Same(value.ToString("F" + (places % 25), CultureInfo.InvariantCulture));
        Same(value.ToString("E" + (places % 25), CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("-.")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("+.5")]
    [InlineData("-0")]
    [InlineData("-0.000000")]
    [InlineData("1.2.3")]
    [InlineData("--1")]
    [InlineData("nan")]
    [InlineData("Infinity")]
    [InlineData("1e5")]
    [InlineData("9007199254740992")]
    [InlineData("9007199254740993")]
    [InlineData("0.9007199254740993")]
    [InlineData("9999999999999999999")]
    [InlineData("18446744073709551617")]
    [InlineData("0000000000000000001.5")]
    [InlineData("0.0000000000000000001")]
    [InlineData("0.00000000000000000000001")]
    [InlineData("179769313486231580793728971405301e400")]
    public void Edges_are_read_as_the_framework_reads_them(string text) => Same(text);

    private static string Decimal(long digits, int places)
    {
        var text = Math.Abs((decimal)digits).ToString(CultureInfo.InvariantCulture).PadLeft(places + 1, '0');
        return $"{(digits < 0 ? "-" : string.Empty)}{text[..^places]}.{text[^places..]}";
    }

    private static void Same(string text)
    {
        var expected = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var wanted);
        Assert.Equal(expected, NumberText.TryParse(Encoding.UTF8.GetBytes(text), out var value));
        Assert.Equal(BitConverter.DoubleToInt64Bits(wanted), BitConverter.DoubleToInt64Bits(value));
    }
}
