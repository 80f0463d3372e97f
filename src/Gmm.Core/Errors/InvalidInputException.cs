namespace Gmm.Core;

/// <summary>
/// Input that cannot be used: the message is one line that names the file, the row and the field, and says what is wrong.
/// </summary>
/// <remarks>
/// Every reader and every check of user data throws this type, so that a program can show <see cref="Exception.Message"/> as it is: it is one line whatever
/// the names and cells in it hold (<see cref="PlainText.OneLine"/>).
/// </remarks>
public sealed class InvalidInputException : Exception
{
    private const int MaximumField = 200;
    private const int MaximumProblem = 2000;

    /// <summary>Makes an error without a place.</summary>
    /// <param name="message">What is wrong, in one line.</param>
    public InvalidInputException(string message)
        : base(PlainText.OneLine(message ?? throw new ArgumentNullException(nameof(message))))
    {
    }

    /// <summary>Makes an error without a place, caused by another.</summary>
    /// <param name="message">What is wrong, in one line.</param>
    /// <param name="innerException">The cause.</param>
    public InvalidInputException(string message, Exception innerException)
        : base(PlainText.OneLine(message ?? throw new ArgumentNullException(nameof(message))), innerException)
    {
    }

    /// <summary>Makes an error at a place in a file.</summary>
    /// <param name="problem">What is wrong, in one line.</param>
    /// <param name="file">The file's path, as the user gave it.</param>
    /// <param name="row">The row: a line number of a text file (from 1) or an image number of a stack (from 1).</param>
    /// <param name="field">The column, label or header word.</param>
    /// <param name="innerException">The cause, if any.</param>
    public InvalidInputException(string problem, string? file, long? row = null, string? field = null, Exception? innerException = null)
        : base(Format(problem, file, row, field), innerException)
    {
        File = file;
        Row = row;
        Field = field;
    }

    /// <summary>The file's path, if the error is about a file.</summary>
    public string? File { get; }

    /// <summary>The row (from 1), if the error is about one.</summary>
    public long? Row { get; }

    /// <summary>The column, label or header word, if the error is about one.</summary>
    public string? Field { get; }

    private static string Format(string problem, string? file, long? row, string? field)
    {
        var place = file ?? "input";
        if (row is { } r)
        {
            place += $", row {r}";
        }

        if (field is not null)
        {
            place += $", {Short(field, MaximumField)}";
        }

        return PlainText.OneLine($"{place}: {Short(problem, MaximumProblem)}");
    }

    /// <summary>A cell may be as long as its file; its middle is left out. A path is what its user gave, and is not cut.</summary>
    private static string Short(string text, int maximum) =>
        text.Length <= maximum ? text : $"{text.AsSpan(0, maximum / 2)} ... {text.AsSpan(text.Length - (maximum / 3))}";
}
