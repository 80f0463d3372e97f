using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gmm.IO;

/// <summary>
/// A stack whose images are kept in a file beside: 64 bytes of header, a checksum for each image (4 bytes, 0 for an image that is not there), then room for
/// each image (float32, of this machine's byte order). What is not there takes no space on disks that know holes in files.
/// </summary>
/// <remarks>
/// Nothing here fails a run: what cannot be read or written, or whose checksum is wrong, comes from the stack. An image is written before its checksum, and
/// two processes that write the same one write the same bytes.
/// </remarks>
internal sealed class CachedStack : IImageStack
{
    private const int HeaderLength = 64;

    private readonly IImageStack _stack;
    private readonly SafeFileHandle _file;
    private readonly Func<long, bool> _takeRoom;
    private readonly Action _damaged;

    private CachedStack(IImageStack stack, SafeFileHandle file, Func<long, bool> takeRoom, Action damaged) =>
        (_stack, _file, _takeRoom, _damaged) = (stack, file, takeRoom, damaged);

    public int Count => _stack.Count;

    public int Width => _stack.Width;

    public int Height => _stack.Height;

    public double PixelSize => _stack.PixelSize;

    private static ReadOnlySpan<byte> Magic => "GMMCACH1"u8;

    /// <summary>Opens the file of a stack, or begins it anew if it is of another; null where the disk does not let us.</summary>
    /// <param name="path">The file.</param>
    /// <param name="header">What it must be of.</param>
    /// <param name="stack">The stack.</param>
    /// <param name="takeRoom">Whether so many bytes more may be written.</param>
    /// <param name="damaged">Told, with the file, that something in it is damaged.</param>
    public static CachedStack? TryOpen(string path, Header header, IImageStack stack, Func<long, bool> takeRoom, Action<string> damaged)
    {
        Span<byte> wanted = stackalloc byte[HeaderLength], found = stackalloc byte[HeaderLength];
        header.Write(wanted);
        try
        {
            var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            var length = RandomAccess.Read(file, found, 0);
            if (length == HeaderLength && found.SequenceEqual(wanted))
            {
                return new CachedStack(stack, file, takeRoom, () => damaged(path));
            }

            if (length > 0 && !(length == HeaderLength && found.StartsWith(Magic)))
            {
                damaged(path);
            }

            // Whoever reads the old file goes on with it; the new one comes whole or not at all.
            file.Dispose();
            var fresh = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}";
            file = File.OpenHandle(fresh, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.Write(file, wanted, 0);
            File.Move(fresh, path, overwrite: true);
            return new CachedStack(stack, file, takeRoom, () => damaged(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void ReadImage(int index, Span<float> pixels)
    {
        if (TryRead(index, pixels))
        {
            return;
        }

        _stack.ReadImage(index, pixels);
        Keep(index, pixels);
    }

    public void Dispose()
    {
        _file.Dispose();
        _stack.Dispose();
    }

    private bool TryRead(int index, Span<float> pixels)
    {
        try
        {
            Span<byte> sum = stackalloc byte[sizeof(uint)];
            var bytes = MemoryMarshal.AsBytes(pixels);
            if (RandomAccess.Read(_file, sum, SumAt(index)) != sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(sum) is not (not 0 and var expected))
            {
                return false;
            }

            if (RandomAccess.Read(_file, bytes, ImageAt(index)) == bytes.Length && Checksum(bytes) == expected)
            {
                return true;
            }
        }
        catch (IOException)
        {
            // A disk that fails: told as damage is.
        }

        _damaged();
        return false;
    }

    private void Keep(int index, Span<float> pixels)
    {
        if (!_takeRoom(sizeof(float) * (long)pixels.Length))
        {
            return;
        }

        try
        {
            Span<byte> sum = stackalloc byte[sizeof(uint)];
            var bytes = MemoryMarshal.AsBytes(pixels);
            BinaryPrimitives.WriteUInt32LittleEndian(sum, Checksum(bytes));
            RandomAccess.Write(_file, bytes, ImageAt(index));
            RandomAccess.Write(_file, sum, SumAt(index));
        }
        catch (IOException)
        {
            // A full disk: the image is read from the stack next time too.
        }
    }

    private static long SumAt(int index) => HeaderLength + (sizeof(uint) * (long)index);

    private long ImageAt(int index) => HeaderLength + (sizeof(uint) * (long)Count) + (sizeof(float) * (long)Width * Height * index);

    /// <summary>CRC-32C of the image, never 0.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            sum = BitOperations.Crc32C(sum, word);
        }

        foreach (var b in bytes[(bytes.Length & ~7)..])
        {
            sum = BitOperations.Crc32C(sum, b);
        }

        return Math.Max(1, sum);
    }

    /// <summary>What a file is of.</summary>
    internal readonly record struct Header(long Length, long Time, int Count, int Width, int Height)
    {
        public void Write(Span<byte> bytes)
        {
            bytes.Clear();
            Magic.CopyTo(bytes);
            BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], Length);
            BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], Time);
            BinaryPrimitives.WriteInt32LittleEndian(bytes[24..], Count);
            BinaryPrimitives.WriteInt32LittleEndian(bytes[28..], Width);
            BinaryPrimitives.WriteInt32LittleEndian(bytes[32..], Height);
            bytes[36] = (byte)(BitConverter.IsLittleEndian ? 1 : 2);
        }
    }
}
