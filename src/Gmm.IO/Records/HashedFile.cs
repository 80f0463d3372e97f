using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Serialization.Metadata;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>
/// Reads a binary file with a record in its head: 8 bytes that name the kind, the length of the header (4 bytes), the header (JSON, UTF-8), numbers, and
/// SHA-256 of all before. Little-endian. Nothing is believed of the header that the file's length does not bear out.
/// </summary>
/// <typeparam name="T">The header.</typeparam>
internal sealed class HashedFile<T> : IDisposable
    where T : class, IRecord
{
    private readonly string _path;
    private readonly FileStream _stream;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    private HashedFile(string path, FileStream stream, T header) => (_path, _stream, Header) = (path, stream, header);

    /// <summary>What the file says about itself.</summary>
    public T Header { get; private init; }

    /// <summary>Bytes of numbers between the header and the hash; negative in a file that is cut off.</summary>
    public long ContentLength { get; private init; }

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kind">The 8 bytes that it begins with.</param>
    /// <param name="type">The header's type, source-generated.</param>
    /// <param name="what">What the file is, for messages: "a file of partial sums (.gmmsum)".</param>
    /// <exception cref="InvalidInputException">It cannot be read, is something else, or its header is not usable.</exception>
    public static HashedFile<T> Open(string path, ReadOnlySpan<byte> kind, JsonTypeInfo<T> type, string what)
    {
        FileStream? stream = null;
        try
        {
            InputFile.RequireRegular(path);
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            Span<byte> start = stackalloc byte[HashedFile.KindLength + sizeof(int)];
            if (stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !start[..kind.Length].SequenceEqual(kind))
            {
                throw new InvalidInputException($"not {what}", path);
            }

            var length = BinaryPrimitives.ReadInt32LittleEndian(start[kind.Length..]);
            if (length is <= 0 or > HashedFile.MostHeader)
            {
                throw new InvalidInputException($"the header's length {length} is impossible: the file is damaged", path);
            }

            var header = new byte[length];
            Read(stream, header, path);
            var file = new HashedFile<T>(path, stream, RecordFile.Parse(header, type, path, "the header of " + what))
            {
                ContentLength = stream.Length - start.Length - length - HashedFile.HashLength,
            };
            file._hash.AppendData(start);
            file._hash.AppendData(header);
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            stream?.Dispose();
            throw InputFile.Unreadable(path, e);
        }
        catch
        {
            stream?.Dispose();
            throw;
        }
    }

    /// <summary>Refuses a file that has not as many bytes of numbers as its header says.</summary>
    /// <param name="bytes">What the header says.</param>
    /// <exception cref="InvalidInputException">It has more or less.</exception>
    public void RequireContent(Int128 bytes)
    {
        if (bytes != ContentLength)
        {
            throw new InvalidInputException(
                $"the file has {_stream.Length} bytes, its header says {bytes + (_stream.Length - ContentLength)}: it is cut off or damaged", _path);
        }
    }

    /// <summary>Reads numbers.</summary>
    /// <typeparam name="TNumber">Of 1, 4 or 8 bytes.</typeparam>
    /// <param name="numbers">All of it is filled.</param>
    /// <exception cref="InvalidInputException">The file ends before.</exception>
    public void Fill<TNumber>(Span<TNumber> numbers)
        where TNumber : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(numbers);
        Read(_stream, bytes, _path);
        _hash.AppendData(bytes);
        HashedFile.SwapIfNeeded(numbers);
    }

    /// <summary>Reads the hash at the end and compares it with what was read.</summary>
    /// <exception cref="InvalidInputException">The file is damaged, or goes on behind it.</exception>
    public void RequireHash()
    {
        if (_stream.Length - _stream.Position != HashedFile.HashLength)
        {
            throw new InvalidInputException("the file has more or fewer bytes than its header and numbers say: it is damaged", _path);
        }

        var expected = new byte[HashedFile.HashLength];
        Read(_stream, expected, _path);
        if (!_hash.GetHashAndReset().AsSpan().SequenceEqual(expected))
        {
            throw new InvalidInputException("the checksum does not fit: the file is damaged", _path);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Dispose();
        _hash.Dispose();
    }

    private static void Read(Stream stream, Span<byte> bytes, string path)
    {
        try
        {
            if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            {
                throw new InvalidInputException("the file is cut off", path);
            }
        }
        catch (IOException e)
        {
            throw InputFile.Unreadable(path, e);
        }
    }
}

/// <summary>What files with a record and a hash have in common.</summary>
internal static class HashedFile
{
    public const int KindLength = 8;
    public const int HashLength = 32;

    /// <summary>No header is near this.</summary>
    public const int MostHeader = 1 << 16;

    /// <summary>Turns numbers about where the machine's order of bytes is not the file's.</summary>
    public static void SwapIfNeeded<T>(Span<T> numbers)
        where T : unmanaged
    {
        if (BitConverter.IsLittleEndian)
        {
            return;
        }

        if (Unsafe.SizeOf<T>() == sizeof(int))
        {
            var bits = MemoryMarshal.Cast<T, int>(numbers);
            BinaryPrimitives.ReverseEndianness(bits, bits);
        }
        else if (Unsafe.SizeOf<T>() == sizeof(long))
        {
            var bits = MemoryMarshal.Cast<T, long>(numbers);
            BinaryPrimitives.ReverseEndianness(bits, bits);
        }
    }
}
