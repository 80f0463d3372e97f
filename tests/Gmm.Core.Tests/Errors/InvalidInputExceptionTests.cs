namespace Gmm.Core.Tests;

public sealed class InvalidInputExceptionTests
{
    [Fact]
    public void A_long_cell_loses_its_middle_and_a_path_nothing()
    {
        var path = "/" + new string('p', 5000);
        var message = new InvalidInputException($"\"{new string('7', 1_000_000)}\" is not a whole number", path, 1, new string('f', 3000)).Message;
        Assert.InRange(message.Length, path.Length, path.Length + 3000);
        Assert.StartsWith(path + ", row 1, fff", message, StringComparison.Ordinal);
        Assert.EndsWith("77\" is not a whole number", message, StringComparison.Ordinal);
    }
}
