using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Maps;

/// <summary>
/// The binary file of partial sums: 8 bytes "GMMSUMS1", the length of the header (4 bytes), the header (JSON, UTF-8), the planes of half 1 and of half
/// 2 (float64), SHA-256 of all before. Little-endian.
/// </summary>
internal static class PartialSumsFile
{
    public const int Version = 1;
    private const int MaxHeader = 1 << 16;
    private const int HashLength = 32;

    private static ReadOnlySpan<byte> Magic => "GMMSUMS1"u8;

    /// <summary>Writes a file; the sums of each half are asked for only when it is their turn.</summary>
    public static void Write(string path, PartialSumsInfo info, Func<int, FourierAccumulator> sumsOfHalf, bool overwrite) =>
        AtomicOutput.Write(path, overwrite, stream =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            void Put(ReadOnlySpan<byte> bytes)
            {
                hash.AppendData(bytes);
                stream.Write(bytes);
            }

            var header = RecordFile.ToBytes(info, PartialSumsJson.Default.PartialSumsInfo);
            Put(Magic);
            var length = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, header.Length);
            Put(length);
            Put(header);
            for (var h = 0; h < 2; h++)
            {
                var sums = sumsOfHalf(h);
                for (var z = 0; z < sums.Grid.PlaneCells.Length; z++)
                {
                    Put(LittleEndian(sums.PlaneSums(z)));
                }
            }

            stream.Write(hash.GetHashAndReset());
        });

    /// <summary>Reads the header and checks that the file is as long as it says.</summary>
    public static PartialSumsInfo ReadInfo(string path)
    {
        using var stream = Open(path);
        var (info, start) = ReadHeader(stream, path);

        // Each half has more cells than a cube of that side, so that no grid is made for sums that the file cannot hold.
        var least = 2 * 3 * sizeof(double) * ((Int128)info.LastShell * info.LastShell * info.LastShell);
        if (least > stream.Length)
        {
            throw new InvalidInputException(
                $"the file has {stream.Length} bytes, its header says more than {least}: it is cut off or damaged", path, null, "last_shell");
        }

        Int128 cells = 0;
        foreach (var plane in MakeGrid(info, path).PlaneCells)
        {
            cells += plane;
        }

        var expected = start + (2 * 3 * sizeof(double) * cells) + HashLength;
        return stream.Length == expected
            ? info
            : throw new InvalidInputException($"the file has {stream.Length} bytes, its header says {expected}: it is cut off or damaged", path);
    }

    /// <summary>The grid of a file's sums.</summary>
    public static ReconstructionGrid MakeGrid(PartialSumsInfo info, string path)
    {
        // Before the grid is made: it may be large.
        var same = info.GridSize == ReconstructionGrid.SideOf(info.BoxSize, info.PaddingFactor)
            && info.LastShell == ReconstructionGrid.LastShellOf(info.BoxSize, info.PixelSize, info.MaxResolution);
        return same
            ? new ReconstructionGrid(info.BoxSize, info.PixelSize, info.PaddingFactor, info.MaxResolution)
            : throw new InvalidInputException("the header's box, padding and resolution do not make a grid of this version", path, null, "grid_size");
    }

    /// <summary>Adds a half's sums to an accumulator, and checks the file's hash once the last half is read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="half">0 or 1.</param>
    /// <param name="sums">Where they are added.</param>
    public static void AddTo(string path, int half, FourierAccumulator sums)
    {
        using var stream = Open(path);
        var (_, start) = ReadHeader(stream, path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        stream.Position = 0;
        var head = new byte[start];
        Fill(stream, head, path);
        hash.AppendData(head);
        var buffer = Array.Empty<double>();
        for (var h = 0; h < 2; h++)
        {
            for (var z = 0; z < sums.Grid.PlaneCells.Length; z++)
            {
                var plane = sums.PlaneSums(z);
                if (buffer.Length < plane.Length)
                {
                    buffer = new double[plane.Length];
                }

                var values = buffer.AsSpan(0, plane.Length);
                var bytes = MemoryMarshal.AsBytes(values);
                Fill(stream, bytes, path);
                hash.AppendData(bytes);
                if (h == half)
                {
                    SwapIfNeeded(values);
                    if (!System.Numerics.Tensors.TensorPrimitives.IsFiniteAll<double>(values))
                    {
                        throw new InvalidInputException("holds a sum that is NaN or infinite", path, null, $"half {h + 1}, plane {z + 1}");
                    }

                    System.Numerics.Tensors.TensorPrimitives.Add(plane, values, plane);
                }
            }
        }

        var expected = new byte[HashLength];
        Fill(stream, expected, path);
        if (!hash.GetHashAndReset().AsSpan().SequenceEqual(expected))
        {
            throw new InvalidInputException("the checksum does not fit: the file is damaged", path);
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            InputFile.RequireRegular(path);
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw InputFile.Unreadable(path, e);
        }
    }

    private static (PartialSumsInfo Info, int Length) ReadHeader(Stream stream, string path)
    {
        Span<byte> start = stackalloc byte[12];
        if (stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !start[..8].SequenceEqual(Magic))
        {
            throw new InvalidInputException("not a file of partial sums (.gmmsum)", path);
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(start[8..]);
        if (length is <= 0 or > MaxHeader)
        {
            throw new InvalidInputException($"the header's length {length} is impossible: the file is damaged", path);
        }

        var header = new byte[length];
        Fill(stream, header, path);
        return (RecordFile.Parse(header, PartialSumsJson.Default.PartialSumsInfo, path, "the header of partial sums"), start.Length + length);
    }

    private static void Fill(Stream stream, Span<byte> bytes, string path)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw new InvalidInputException("the file is cut off", path);
        }
    }

    private static ReadOnlySpan<byte> LittleEndian(Span<double> values)
    {
        if (BitConverter.IsLittleEndian)
        {
            return MemoryMarshal.AsBytes(values);
        }

        var copy = values.ToArray();
        SwapIfNeeded(copy);
        return MemoryMarshal.AsBytes(copy.AsSpan());
    }

    private static void SwapIfNeeded(Span<double> values)
    {
        if (!BitConverter.IsLittleEndian)
        {
            var bits = MemoryMarshal.Cast<double, long>(values);
            BinaryPrimitives.ReverseEndianness(bits, bits);
        }
    }
}
