using System.Buffers;
using System.Runtime.InteropServices;
using Gmm.Core;
using Microsoft.Win32.SafeHandles;

namespace Gmm.IO;

/// <summary>
/// A stack of images (.mrcs, .mrc) read image by image, from a file of any size. Only the asked image passes through memory, so the
/// memory used does not grow with the stack.
/// </summary>
/// <remarks>Reading is safe on many threads at once: every read names its own position in the file.</remarks>
public sealed class MrcStack : IImageStack
{
    private readonly SafeFileHandle _file;

    private MrcStack(string path, MrcHeader header, SafeFileHandle file)
    {
        Path = path;
        Header = header;
        _file = file;
    }

    /// <summary>The file, as given.</summary>
    public string Path { get; }

    /// <summary>The file's header.</summary>
    public MrcHeader Header { get; }

    /// <summary>Pixels along x.</summary>
    public int Width => Header.Columns;

    /// <summary>Pixels along y.</summary>
    public int Height => Header.Rows;

    /// <summary>Number of images.</summary>
    public int Count => Header.Sections;

    double IImageStack.PixelSize => Header.PixelSize.X;

    /// <summary>Opens a stack.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The open stack.</returns>
    /// <exception cref="InvalidInputException">The file is missing, cannot be read, is not MRC, is truncated, or has its axes in another order.</exception>
    public static MrcStack Open(string path)
    {
        SafeFileHandle? file = null;
        try
        {
            InputFile.RequireRegular(path);
            // Not with FileOptions.RandomAccess: that keeps Linux from reading ahead, so that images in their order wait for the disk one by one. Without
            // it the system tells the two apart, and images in any order are read as they are asked for.
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            var bytes = new byte[MrcHeader.ByteCount];
            var length = ReadFully(file, bytes, 0);
            var header = MrcHeader.Parse(bytes.AsSpan(0, length), path);
            if (header.Axes is not (1, 2, 3))
            {
                throw new InvalidInputException("a stack needs the axis order 1, 2, 3", path, null, "header MAPC, MAPR, MAPS");
            }

            if ((long)header.Columns * header.Rows * sizeof(float) > Array.MaxLength)
            {
                throw new InvalidInputException($"images of {header.Columns} x {header.Rows} pixels are too large", path, null, "header NX, NY");
            }

            var actual = RandomAccess.GetLength(file);
            if (actual < header.ExpectedFileLength)
            {
                var whole = Math.Max(0, actual - header.DataOffset) / header.BytesOf((long)header.Columns * header.Rows);
                throw new InvalidInputException(
                    $"the stack is truncated: its header says {header.Sections} images ({header.ExpectedFileLength} bytes), the file has {whole} "
                        + $"({actual} bytes)",
                    path, null, "data");
            }

            return new MrcStack(path, header, file);
        }
        catch (Exception e)
        {
            file?.Dispose();
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new InvalidInputException(
                    e is FileNotFoundException or DirectoryNotFoundException ? "the stack does not exist" : $"cannot be read: {e.Message}",
                    path,
                    innerException: e);
            }

            throw;
        }
    }

    /// <summary>Reads an image. Its values are not checked for NaN.</summary>
    /// <param name="index">Image, from 0.</param>
    /// <param name="pixels">Where it goes: Width x Height values, rows in the file's order.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    /// <exception cref="InvalidInputException">The file cannot be read any more.</exception>
    public void ReadImage(int index, Span<float> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        var count = Width * Height;
        if (pixels.Length != count)
        {
            throw new ArgumentException($"An image has {Width} x {Height} pixels, not {pixels.Length}.", nameof(pixels));
        }

        var length = (int)Header.BytesOf(count);
        var offset = Header.DataOffset + ((long)index * length);
        if (Header.Mode == MrcMode.Float32)
        {
            // The common case: straight into the caller's memory.
            Read(MemoryMarshal.AsBytes(pixels), offset, index);
            MrcValues.Swap(pixels, Header.IsBigEndian == BitConverter.IsLittleEndian);
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            Read(buffer.AsSpan(0, length), offset, index);
            MrcValues.Convert(Header, buffer.AsSpan(0, length), pixels);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private static int ReadFully(SafeFileHandle file, Span<byte> bytes, long offset)
    {
        var done = 0;
        while (done < bytes.Length)
        {
            var n = RandomAccess.Read(file, bytes[done..], offset + done);
            if (n == 0)
            {
                break;
            }

            done += n;
        }

        return done;
    }

    private void Read(Span<byte> bytes, long offset, int index)
    {
        try
        {
            if (ReadFully(_file, bytes, offset) == bytes.Length)
            {
                return;
            }
        }
        catch (IOException e)
        {
            throw new InvalidInputException($"cannot be read: {e.Message.ReplaceLineEndings(" ")}", Path, index + 1, "data", e);
        }

        throw new InvalidInputException("the stack has become shorter than its header says", Path, index + 1, "data");
    }
}
