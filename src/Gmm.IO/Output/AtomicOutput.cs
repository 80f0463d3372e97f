using System.Text.RegularExpressions;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>
/// An output file that appears whole or not at all: it is written under a temporary name in the same folder and renamed by
/// <see cref="Complete"/>. Disposed before that, the temporary file is deleted and an older file of the name is untouched.
/// </summary>
public sealed partial class AtomicOutput : IDisposable
{
    private readonly string _temporary;
    private readonly bool _overwrite;
    private FileStream? _stream;

    private AtomicOutput(string path, string temporary, bool overwrite, FileStream stream)
    {
        Path = path;
        _temporary = temporary;
        _overwrite = overwrite;
        _stream = stream;
    }

    /// <summary>The name that the file will have, as given.</summary>
    public string Path { get; }

    /// <summary>Where to write; seekable.</summary>
    /// <exception cref="ObjectDisposedException">The output is complete or disposed.</exception>
    public Stream Stream => _stream ?? throw new ObjectDisposedException(nameof(AtomicOutput));

    /// <summary>Opens a temporary file beside the wanted one.</summary>
    /// <param name="path">The wanted file. Its folder must exist.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <returns>The open output.</returns>
    /// <exception cref="InvalidInputException">The file exists and must not be replaced, or the folder is missing or cannot be written.</exception>
    public static AtomicOutput Create(string path, bool overwrite = false)
    {
        CheckName(path, overwrite);
        var full = System.IO.Path.GetFullPath(path);
        var temporary = System.IO.Path.Combine(
            System.IO.Path.GetDirectoryName(full)!, $".{System.IO.Path.GetFileName(full)}.{Guid.NewGuid():N}.tmp");
        try
        {
            return new AtomicOutput(path, temporary, overwrite, new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, e);
        }
    }

    /// <summary>
    /// Checks, before a long computation, that a file can be written later: it does not exist (or may be replaced) and its folder takes new files.
    /// </summary>
    /// <param name="path">The wanted file.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <exception cref="InvalidInputException">As for <see cref="Create"/>.</exception>
    public static void CheckWritable(string path, bool overwrite = false)
    {
        // Opening and deleting a temporary file is the only test of permission that holds on every file system.
        using var probe = Create(path, overwrite);
    }

    /// <summary>Writes a whole file by a delegate.</summary>
    /// <param name="path">The wanted file.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="InvalidInputException">As for <see cref="Create"/>.</exception>
    public static void Write(string path, bool overwrite, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        using var output = Create(path, overwrite);
        try
        {
            write(output.Stream);
        }
        catch (IOException e)
        {
            throw Unwritable(path, e);
        }

        output.Complete();
    }

    /// <summary>Flushes the file to disk and gives it its name.</summary>
    /// <exception cref="InvalidInputException">The disk is full, or the file came into being meanwhile and must not be replaced.</exception>
    public void Complete()
    {
        var stream = _stream ?? throw new ObjectDisposedException(nameof(AtomicOutput));
        try
        {
            stream.Flush(flushToDisk: true);
            stream.Dispose();
            _stream = null;
            File.Move(_temporary, Path, _overwrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Discard();
            throw Unwritable(Path, e);
        }
    }

    /// <summary>Deletes the temporary file unless the output is complete.</summary>
    public void Dispose()
    {
        if (_stream is not null)
        {
            Discard();
        }
    }

    /// <summary>Names of temporary files: ".NAME.(32 hexadecimal digits).tmp".</summary>
    [GeneratedRegex(@"^\.(?<name>.+)\.[0-9a-f]{32}\.tmp$", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    internal static partial Regex TemporaryName();

    /// <summary>Temporary files of an output, of whatever process.</summary>
    internal static IEnumerable<string> TemporaryFilesOf(string full) =>
        Directory.EnumerateFiles(System.IO.Path.GetDirectoryName(full)!, ".*.tmp")
            .Where(
                f => TemporaryName().Match(System.IO.Path.GetFileName(f)) is { Success: true } m && m.Groups["name"].Value == System.IO.Path.GetFileName(full));

    private static void CheckName(string path, bool overwrite)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new InvalidInputException("an output file needs a name");
        }

        if (Directory.Exists(path))
        {
            throw new InvalidInputException("cannot be written: it is a folder", path);
        }

        if (!overwrite && File.Exists(path))
        {
            throw new InvalidInputException("exists already and is not overwritten", path);
        }

        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path));
        if (folder is null || !Directory.Exists(folder))
        {
            throw new InvalidInputException("cannot be written: its folder does not exist", path);
        }
    }

    private static InvalidInputException Unwritable(string path, Exception e) =>
        new($"cannot be written: {e.Message}", path, innerException: e);

    private void Discard()
    {
        try
        {
            _stream?.Dispose();
        }
        catch (IOException)
        {
            // A full disk fails again when buffers are flushed at closing; the file is deleted anyway.
        }

        _stream = null;
        File.Delete(_temporary);
    }
}
