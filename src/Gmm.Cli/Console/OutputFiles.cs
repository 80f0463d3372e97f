using Gmm.Core;

namespace Gmm.Cli;

/// <summary>Checks outputs before any work is done, so that nothing is computed in vain and nothing is written over by accident.</summary>
internal static class OutputFiles
{
    /// <summary>Checks files that are to be written. Nothing is made yet, so that bad input found later leaves no empty folder behind.</summary>
    /// <param name="overwrite">Whether existing files may be replaced.</param>
    /// <param name="files">The files.</param>
    /// <exception cref="InvalidInputException">A file exists and must not be replaced, or its folder cannot be written to.</exception>
    public static void Check(bool overwrite, params IEnumerable<string> files)
    {
        var list = files.ToList();
        foreach (var file in list)
        {
            if (Directory.Exists(file))
            {
                throw new InvalidInputException("is a folder, a file name is needed", file);
            }

            if (!overwrite && File.Exists(file))
            {
                throw new InvalidInputException("exists already; --overwrite replaces it", file);
            }
        }

        foreach (var folder in list.Select(ExistingFolder).Distinct())
        {
            RequireWritable(folder);
        }
    }

    /// <summary>Makes the folders of files that are about to be written.</summary>
    /// <param name="files">The files.</param>
    public static void MakeFolders(params IEnumerable<string> files)
    {
        foreach (var folder in files.Select(Folder).Distinct())
        {
            Directory.CreateDirectory(folder);
        }
    }

    private static string Folder(string file) => Path.GetDirectoryName(Path.GetFullPath(file))!;

    /// <summary>The nearest folder above a file that exists: the one in which something will be made.</summary>
    private static string ExistingFolder(string file)
    {
        var folder = Folder(file);
        while (!Directory.Exists(folder))
        {
            if (File.Exists(folder))
            {
                throw new InvalidInputException("is a file, a folder is needed", folder);
            }

            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }

    private static void RequireWritable(string folder)
    {
        try
        {
            using var probe = new FileStream(
                Path.Combine(folder, $".gmm-{Environment.ProcessId}-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"cannot be written to: {e.Message.ReplaceLineEndings(" ")}", folder, innerException: e);
        }
    }
}
