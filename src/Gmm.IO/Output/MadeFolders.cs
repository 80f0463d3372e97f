using Gmm.Core;

namespace Gmm.IO;

/// <summary>Folders that were made for outputs; those in which nothing came to be are removed again.</summary>
internal sealed class MadeFolders : IDisposable
{
    private readonly List<string> _made = [];

    /// <summary>Makes a folder, and those it lies in.</summary>
    /// <param name="path">The folder, as the user gave it.</param>
    /// <exception cref="InvalidInputException">It cannot be made.</exception>
    public MadeFolders(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new InvalidInputException("an output folder needs a name");
        }

        for (var folder = Path.GetFullPath(path); !Directory.Exists(folder); folder = Path.GetDirectoryName(folder)!)
        {
            if (File.Exists(folder) || Path.GetDirectoryName(folder) is null)
            {
                throw new InvalidInputException($"the output folder cannot be made: {folder} is not a folder", path);
            }

            _made.Add(folder);
        }

        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            Dispose();
            throw new InvalidInputException($"the output folder cannot be made: {e.Message}", path, innerException: e);
        }
    }

    /// <summary>Removes what is empty of what was made.</summary>
    public void Dispose() => RemoveEmpty(_made);

    /// <summary>Removes folders, innermost first, as far as nothing is in them.</summary>
    public static void RemoveEmpty(IEnumerable<string> folders)
    {
        try
        {
            foreach (var folder in folders)
            {
                if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
                {
                    Directory.Delete(folder);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody has put something there meanwhile.
        }
    }
}
