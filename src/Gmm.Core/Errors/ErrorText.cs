namespace Gmm.Core;

/// <summary>Errors of inner parts, told in the words of a user.</summary>
internal static class ErrorText
{
    /// <summary>What an error says, without the name of a parameter that .NET puts behind it.</summary>
    /// <param name="error">The error.</param>
    /// <returns>Its message.</returns>
    public static string Problem(Exception error) => error is ArgumentException { ParamName: { } name }
        ? error.Message.Replace($" (Parameter '{name}')", string.Empty, StringComparison.Ordinal)
        : error.Message;

    /// <summary>Does something with what a file holds, so that an error that names no file names this one.</summary>
    /// <param name="file">The file.</param>
    /// <param name="work">What is done.</param>
    /// <returns>Its result.</returns>
    /// <exception cref="InvalidInputException">That of the work, with a file.</exception>
    public static T About<T>(string file, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (InvalidInputException e) when (e.File is null)
        {
            throw new InvalidInputException(e.Message, file, null, null, e);
        }
    }
}
