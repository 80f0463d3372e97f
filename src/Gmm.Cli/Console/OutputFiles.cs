using Gmm.Core;

namespace Gmm.Cli;

/// <summary>Checks outputs before any work is done, so that nothing is computed in vain and nothing is written over by accident.</summary>
internal static class OutputFiles
{
    /// <summary>Checks files that are to be written; makes their folders.</summary>
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

        foreach (var folder in list.Select(f => Path.GetDirectoryName(Path.GetFullPath(f))!).Distinct())
        {
            MakeWritable(folder);
        }
    }

    private static void MakeWritable(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            using var probe = new FileStream(
                Path.Combine(folder, $".gmm-{Environment.ProcessId}-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"cannot be written to: {e.Message.ReplaceLineEndings(" ")}", folder, innerException: e);
        }
    }
}
