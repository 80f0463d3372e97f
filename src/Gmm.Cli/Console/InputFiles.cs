using Gmm.Core;

namespace Gmm.Cli;

/// <summary>Checks that inputs are there, before the outputs' folders are made.</summary>
internal static class InputFiles
{
    /// <summary>Checks files that are to be read; null is skipped.</summary>
    /// <param name="files">The files.</param>
    /// <exception cref="InvalidInputException">A file does not exist.</exception>
    public static void Check(params ReadOnlySpan<string?> files)
    {
        foreach (var file in files)
        {
            if (file is not null && !File.Exists(file))
            {
                throw new InvalidInputException(Directory.Exists(file) ? "is a folder, a file is needed" : "there is no such file", file);
            }
        }
    }
}
