namespace Gmm.Cli;

/// <summary>An error in the words of the command line.</summary>
/// <param name="Message">The whole line.</param>
/// <param name="File">The file at fault, if it is one.</param>
/// <param name="Row">Its row.</param>
/// <param name="Field">The field or option at fault.</param>
internal readonly record struct ErrorPlace(string Message, string? File, long? Row, string? Field);
