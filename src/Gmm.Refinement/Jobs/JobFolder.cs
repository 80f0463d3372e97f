using Gmm.Core;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>The folder that a job writes its results to.</summary>
internal static class JobFolder
{
    /// <summary>Checks, before the long work, that a folder can be made and written to; makes nothing.</summary>
    /// <param name="path">The folder, as the user gave it.</param>
    /// <param name="file">Name of a file that will be written there.</param>
    /// <exception cref="InvalidInputException">It cannot.</exception>
    public static void CheckWritable(string path, string file)
    {
        var folder = Path.GetFullPath(path);
        while (!Directory.Exists(folder))
        {
            if (File.Exists(folder) || Path.GetDirectoryName(folder) is not { } parent)
            {
                throw new InvalidInputException($"the output folder cannot be made: {folder} is not a folder", path);
            }

            folder = parent;
        }

        AtomicOutput.CheckWritable(Path.Combine(folder, file), overwrite: true);
    }

    /// <summary>Makes a folder, and those it lies in.</summary>
    /// <param name="path">The folder, as the user gave it.</param>
    /// <exception cref="InvalidInputException">It cannot be made.</exception>
    public static void Create(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new InvalidInputException($"the output folder cannot be made: {e.Message}", path);
        }
    }
}
