namespace Gmm.Core.Tests;

public class PlainTextTests
{
    [Theory]
    [InlineData("a\nb\r\nc\td", "a\\nb\\r\\nc\\td")]
    [InlineData("\u001b[31mred\u0007\0\u009b2J\u007f", "\\x1b[31mred\\x07\\x00\\x9b2J\\x7f")]
    [InlineData("\u2028\u2029\u202e", "\\u2028\\u2029\\u202e")]
    [InlineData("plain 5 Å \\n é 漢", "plain 5 Å \\n é 漢")]
    public void Control_characters_are_escaped(string text, string line)
    {
        Assert.Equal(line, PlainText.OneLine(text));
        Exception[] errors =
        [
            new InvalidInputException(text), new InvalidInputException(text, new IOException("x")), new InvalidInputException("p", text),
            new InvalidInputException(text, "f"),
            new InvalidInputException("p", "f", 3, text),
        ];
        Assert.All(errors, e => Assert.Contains(line, e.Message, StringComparison.Ordinal));
        Assert.All(errors, e => Assert.DoesNotContain(e.Message, char.IsControl));
    }

    [Fact]
    public void The_place_is_kept_as_it_is() => Assert.Equal(
        ("a\nb", "c\u0001"), (new InvalidInputException("p", "a\nb", 1, "c\u0001").File, new InvalidInputException("p", "a\nb", 1, "c\u0001").Field));
}
