using Gmm.Core;

namespace Gmm.IO;

/// <summary>
/// Output files that were named one by one or by a prefix, and belong together: locked as long as they are worked on, so that never some are of one
/// process and some of another. For jobs that write a folder there is <see cref="RunFolder"/>.
/// </summary>
public sealed class OutputSet : IDisposable
{
    private readonly IReadOnlyList<string> _files;
    private readonly List<MadeFolders> _folders = [];
    private OutputLock? _lock;

    private OutputSet(IReadOnlyList<string> files) => _files = files;

    /// <summary>What a person should know: whose lock was taken over; null if there was none.</summary>
    public string? Note => _lock?.Note;

    /// <summary>Makes the files' folders and locks the set, which is named by its first file.</summary>
    /// <param name="files">The files, at least one.</param>
    /// <param name="overwrite">Whether files that exist may be replaced. Inputs, and files of a run in their folder, never are.</param>
    /// <param name="inputs">Files that are read.</param>
    /// <param name="program">Who writes them.</param>
    /// <returns>The set; its folders that stay empty are removed with it.</returns>
    /// <exception cref="InvalidInputException">
    /// A file exists and must not be replaced, or is being written by another process; a folder cannot be made or written to.
    /// </exception>
    public static OutputSet Open(IReadOnlyList<string> files, bool overwrite, IEnumerable<string> inputs, string program)
    {
        ArgumentNullException.ThrowIfNull(files);
        var set = new OutputSet(files);
        try
        {
            foreach (var file in files)
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

            RequireNoInput(files, inputs);
            foreach (var file in files.Where(File.Exists))
            {
                if (RunFolder.OwnerOf(file) is { } owner)
                {
                    throw new InvalidInputException($"is a file of {owner} and is not replaced: choose another name", file);
                }
            }

            set.Lock(program);
            return set;
        }
        catch
        {
            set.Dispose();
            throw;
        }
    }

    /// <summary>Refuses outputs that are inputs, by whatever name or link.</summary>
    /// <param name="outputs">Files that are to be written or removed.</param>
    /// <param name="inputs">Files that are read.</param>
    /// <exception cref="InvalidInputException">A file is both.</exception>
    public static void RequireNoInput(IEnumerable<string> outputs, IEnumerable<string> inputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        var read = new HashSet<string>(inputs.SelectMany(FilePaths.NamesOf), FilePaths.Comparer);
        foreach (var output in outputs)
        {
            if (FilePaths.NamesOf(output).Any(read.Contains))
            {
                throw new InvalidInputException("is read by this run, which would replace or remove it: choose another place for the results", output);
            }
        }
    }

    /// <summary>Unlocks the set.</summary>
    public void Dispose()
    {
        _lock?.Dispose();
        foreach (var folder in _folders)
        {
            folder.Dispose();
        }
    }

    private void Lock(string program)
    {
        foreach (var folder in _files.Select(f => Path.GetDirectoryName(Path.GetFullPath(f))!).Distinct())
        {
            _folders.Add(new MadeFolders(folder));
        }

        var first = Path.GetFullPath(_files[0]);
        _lock = OutputLock.Take(Path.Combine(Path.GetDirectoryName(first)!, $".{Path.GetFileName(first)}.gmm_lock"), program);
        foreach (var file in _files.Select(Path.GetFullPath))
        {
            // Of a process that was killed: the set's lock is this one's.
            foreach (var left in AtomicOutput.TemporaryFilesOf(file))
            {
                File.Delete(left);
            }
        }
    }
}
