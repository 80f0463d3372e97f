using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>How a file was: its size, its time, and a hash of it, whole if it is small, else of its head (the header) and of pieces spread over it.</summary>
/// <param name="Path">The file, as it was named.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Changed">When it was last written, UTC.</param>
/// <param name="Hash">SHA-256 of what was read, 8 bytes of it.</param>
/// <param name="Whole">Whether all of it was read.</param>
public sealed record FileStamp(string Path, long Bytes, DateTime Changed, string Hash, bool Whole)
{
    private const int Piece = 1 << 14;

    /// <summary>Bytes of all files together up to which they are read whole; a second's work.</summary>
    private const long MostWhole = 1L << 28;

    /// <summary>Pieces that are read of larger ones, all files together: a disk with a moving head takes some seconds for them.</summary>
    private const int Pieces = 1024;

    /// <summary>
    /// Stamps of files: of all bytes if they have up to 256 MB together, else of pieces of 16 kB, some thousand in all and two of each file at least.
    /// </summary>
    /// <param name="paths">The files.</param>
    /// <returns>A stamp of each.</returns>
    /// <exception cref="InvalidInputException">A file is missing or cannot be read.</exception>
    public static IReadOnlyList<FileStamp> Of(IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var whole = paths.Sum(p => new FileInfo(FilePaths.Resolve(p)) is { Exists: true } file ? file.Length : 0) <= MostWhole;
        var pieces = whole ? int.MaxValue : Math.Max(2, Pieces / Math.Max(1, paths.Count));
        return [.. paths.Select(p => Of(p, pieces))];
    }

    /// <summary>A stamp of all bytes of a file, however many.</summary>
    /// <exception cref="InvalidInputException">It is missing or cannot be read.</exception>
    internal static FileStamp OfAll(string path) => Of(path, int.MaxValue);

    /// <summary>What has changed since; null if nothing has.</summary>
    /// <param name="before">The stamp of the same file at an earlier time.</param>
    /// <returns>What has changed, for a message.</returns>
    public string? DifferenceFrom(FileStamp before)
    {
        ArgumentNullException.ThrowIfNull(before);
        static string Text(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture) + " UTC";
        return Bytes != before.Bytes ? string.Create(CultureInfo.InvariantCulture, $"has {Bytes} bytes, had {before.Bytes}")
            : Hash != before.Hash ? "has other content"
            : Changed == before.Changed || (Whole && before.Whole) ? null
            : $"was written at {Text(Changed)}, before that at {Text(before.Changed)} (of so large a file only a sample is compared; if it is the "
                + "same one copied anew, give it its old time)";
    }

    private static FileStamp Of(string path, int pieces)
    {
        InputFile.RequireRegular(path);
        var buffer = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var (length, changed) = (RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file));
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var all = (length + Piece - 1) / Piece;
            var count = Math.Min(all, pieces);
            for (var i = 0L; i < count; i++)
            {
                // The first and the last piece are always among them.
                var piece = count == all ? i : i * (all - 1) / (count - 1);
                for (int at = 0, read; at < Piece && (read = RandomAccess.Read(file, buffer.AsSpan(0, Piece - at), (piece * Piece) + at)) > 0; at += read)
                {
                    hash.AppendData(buffer, 0, read);
                }
            }

            return new FileStamp(path, length, changed, Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8)), count == all);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"cannot be read: {e.Message}", path, innerException: e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
