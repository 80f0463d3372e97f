using System.IO.Compression;
using System.Text;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>Opens and reads the files that a user names: one place for what can go wrong before the first byte is understood.</summary>
public static class InputFile
{
    /// <summary>
    /// No deflated byte gives more than 1032 bytes: a match of 258 takes two bits at least (RFC 1951). So a gzipped file proves how large its content can be.
    /// </summary>
    internal const int GreatestInflation = 1032;

    /// <summary>
    /// Refuses what is no regular file with something in it. A pipe or a device would make the program wait for ever when it is opened, so it is told
    /// before that: like an empty file, it has no length.
    /// </summary>
    /// <param name="path">The file. Where there is none nothing happens: who opens it says so.</param>
    /// <exception cref="InvalidInputException">
    /// It is a folder, empty, a pipe, a socket or a device; a link to one of these; or links that go round in a circle.
    /// </exception>
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

    /// <summary>Atomic models shrink to a fifth or a tenth; what shrinks more than this is none.</summary>
    private const int GreatestTextInflation = 24;

    /// <summary>Small files may shrink more: all atoms at one place, say.</summary>
    private const int SmallText = 1 << 20;

    /// <summary>Whether a file is gzipped, by its name.</summary>
    internal static bool IsZipped(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    /// <summary>Opens a file for a reader, unzipped if it is gzipped, and gives every failure the file's name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Reads it: the stream, and the file's length in bytes as it is on disk.</param>
    /// <exception cref="InvalidInputException">It cannot be opened or read, or is not what gzip wrote.</exception>
    internal static T Read<T>(string path, Func<Stream, long, T> read)
    {
        RequireRegular(path);
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
            if (!IsZipped(path))
            {
                return read(file, file.CanSeek ? file.Length : long.MaxValue);
            }

            using var unzipped = new GZipStream(file, CompressionMode.Decompress);
            return read(unzipped, file.CanSeek ? file.Length : long.MaxValue);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw Unreadable(path, e);
        }
    }

    /// <summary>Opens a text for a reader, unzipped if it is gzipped, as long as it is not larger than a text can be.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Reads it.</param>
    /// <exception cref="InvalidInputException">As for <see cref="Read"/>, or the content is too large for the file.</exception>
    internal static T ReadText<T>(string path, Func<Stream, T> read) => Read(path, (stream, length) =>
    {
        using var limited = IsZipped(path) ? new InflationLimit(stream, SmallText + (GreatestTextInflation * length), path) : null;
        return read(limited ?? stream);
    });

    /// <summary>Reads a whole file, not unzipped.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maximum">Bytes that such a file has at most.</param>
    /// <exception cref="InvalidInputException">It cannot be read, or is larger.</exception>
    internal static byte[] ReadBytes(string path, long maximum = int.MaxValue)
    {
        RequireRegular(path);
        try
        {
            var length = new FileInfo(path) is { Exists: true } file ? file.Length : 0;
            return length <= maximum && length <= Array.MaxLength
                ? ReadAll(path)
                : throw new InvalidInputException($"has {length} bytes; a file of this kind has {Math.Min(maximum, Array.MaxLength)} at most", path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    /// <summary>Reads a text in UTF-8 that is not unzipped: without a byte order mark, its lines ended by line feeds whatever system wrote it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maximum">Bytes that such a file has at most.</param>
    /// <exception cref="InvalidInputException">It cannot be read, is larger, or is in UTF-16.</exception>
    internal static string ReadUtf8(string path, long maximum = int.MaxValue)
    {
        var bytes = ReadBytes(path, maximum);
        RefuseUtf16(bytes, path);
        return Encoding.UTF8.GetString(WithoutMark(bytes)).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
    }

    /// <summary>Refuses a text that begins with a byte order mark of UTF-16.</summary>
    /// <exception cref="InvalidInputException">It does.</exception>
    internal static void RefuseUtf16(ReadOnlySpan<byte> text, string path)
    {
        if (text is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            throw new InvalidInputException("this is text in UTF-16; save it as UTF-8", path);
        }
    }

    /// <summary>A text in UTF-8 without the byte order mark that editors of some systems begin it with.</summary>
    internal static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> text) => text is [0xEF, 0xBB, 0xBF, ..] ? text[3..] : text;

    private static byte[] ReadAll(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.SequentialScan);
        var bytes = LargeArray.Allocate(checked((int)RandomAccess.GetLength(file)));
        for (var done = 0; done < bytes.Length;)
        {
            var read = RandomAccess.Read(file, bytes.AsSpan(done), done);
            done += read > 0 ? read : throw new EndOfStreamException("it became shorter while it was read");
        }

        return bytes;
    }

    /// <summary>What to say of a file that cannot be opened or read.</summary>
    internal static InvalidInputException Unreadable(string path, Exception e) => new(
        e is FileNotFoundException or DirectoryNotFoundException ? "the file does not exist"
        : e is InvalidDataException ? $"cannot be read: it is not gzipped, or is damaged ({e.Message})"
        : $"cannot be read: {e.Message}",
        path,
        innerException: e);
}
