using Gmm.Core;

namespace Gmm.IO;

/// <summary>Files that are to be read.</summary>
public static class InputFile
{
    /// <summary>
    /// Refuses what is no regular file with something in it. A pipe or a device would make the program wait for ever when it is opened, so it is told before that: like an
    /// empty file, it has no length.
    /// </summary>
    /// <param name="path">The file. Where there is none nothing happens: who opens it says so.</param>
    /// <exception cref="InvalidInputException">It is a folder, empty, a pipe, a socket or a device; a link to one of these; or links that go round in a circle.</exception>
    public static void RequireRegular(string path)
    {
        if (Directory.Exists(path))
        {
            throw new InvalidInputException("is a folder, not a file", path);
        }

        try
        {
            var file = new FileInfo(path);
            if (file.Exists && (file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file) is { Exists: true, Length: 0 })
            {
                throw new InvalidInputException("is empty, or no regular file (a pipe or a device): nothing can be read from it", path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"cannot be read: {e.Message}", path, innerException: e);
        }
    }
}
