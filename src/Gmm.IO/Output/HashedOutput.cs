using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Serialization.Metadata;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>Writes the files that <see cref="HashedFile{T}"/> reads, whole or not at all.</summary>
internal sealed class HashedOutput
{
    private readonly Stream _stream;
    private readonly IncrementalHash _hash;

    private HashedOutput(Stream stream, IncrementalHash hash) => (_stream, _hash) = (stream, hash);

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kind">The 8 bytes that it begins with.</param>
    /// <param name="header">What it says about itself.</param>
    /// <param name="type">How that is serialised, source-generated.</param>
    /// <param name="overwrite">Whether a file that is there may be replaced.</param>
    /// <param name="content">Puts the numbers.</param>
    /// <exception cref="InvalidInputException">It cannot be written.</exception>
    public static void Write<T>(
        string path, ReadOnlySpan<byte> kind, T header, JsonTypeInfo<T> type, bool overwrite, Action<HashedOutput> content)
        where T : class, IRecord
    {
        var start = kind.ToArray();
        AtomicOutput.Write(path, overwrite, stream =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var output = new HashedOutput(stream, hash);
            var record = RecordFile.ToBytes(header, type);
            var length = new byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(length, record.Length);
            output.Put<byte>(start);
            output.Put<byte>(length);
            output.Put<byte>(record);
            content(output);
            stream.Write(hash.GetHashAndReset());
        });
    }

    /// <summary>Writes numbers.</summary>
    /// <typeparam name="T">Of 1, 4 or 8 bytes.</typeparam>
    public void Put<T>(ReadOnlySpan<T> numbers)
        where T : unmanaged
    {
        if (!BitConverter.IsLittleEndian)
        {
            var copy = numbers.ToArray();
            HashedFile.SwapIfNeeded<T>(copy);
            numbers = copy;
        }

        var bytes = MemoryMarshal.AsBytes(numbers);
        _hash.AppendData(bytes);
        _stream.Write(bytes);
    }
}
