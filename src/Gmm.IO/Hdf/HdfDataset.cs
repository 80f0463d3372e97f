using System.Buffers.Binary;
using System.IO.Compression;

namespace Gmm.IO;

/// <summary>An array of numbers in an HDF5 file: in one piece, in its header, or in chunks, which may be deflated and shuffled.</summary>
internal sealed class HdfDataset
{
    private const int Compact = 0, Contiguous = 1, Chunked = 2, Deflate = 1, Shuffle = 2, Checksum = 3;

    /// <summary>Images are noise, and shrink to a tenth; what shrinks more than this is none.</summary>
    private const int GreatestInflation = 64;
    private const int SmallImage = 1 << 20;

    private readonly HdfFile _file;
    private readonly HdfFile.Tables _tables;
    private readonly HdfType _type;
    private readonly byte[] _layout;
    private readonly List<int> _filters = [];

    public HdfDataset(HdfFile file, HdfFile.Tables tables, ulong[] dimensions, HdfType type, byte[] layout, byte[]? filters)
    {
        (_file, _tables, _type, _layout) = (file, tables, type, layout);
        if (!type.IsNumber)
        {
            throw file.Error("the values of an image are no numbers that are read", "image");
        }

        UInt128 count = dimensions.Aggregate((UInt128)1, (a, b) => a > int.MaxValue ? a : a * b);
        if (dimensions.Contains(0ul) || count * sizeof(float) > (UInt128)Array.MaxLength
            || count * (UInt128)type.Size > ((UInt128)file.Length * GreatestInflation) + SmallImage)
        {
            throw file.Error($"an image of {string.Join(" x ", dimensions.Reverse())} values cannot be in a file of {file.Length} bytes", "image");
        }

        Dimensions = [.. dimensions.Select(d => (int)d)];
        Count = (int)count;
        ReadFilters(filters ?? []);
    }

    /// <summary>Numbers of elements along each axis, the slowest first.</summary>
    public IReadOnlyList<int> Dimensions { get; }

    /// <summary>Number of elements.</summary>
    public int Count { get; }

    /// <summary>Reads the values.</summary>
    public void Read(Span<float> values)
    {
        if (_layout.Length < 4 || _layout[0] is not (3 or 4))
        {
            throw _file.Error($"an image is stored in a way that is not read (its layout is of version {_layout[0]}; 3 and 4 are read)", "image");
        }

        switch ((int)_layout[1])
        {
            case Compact when BinaryPrimitives.ReadUInt16LittleEndian(_layout.AsSpan(2)) is var size && size + 4 <= _layout.Length:
                Convert(_layout.AsSpan(4, size), values);
                break;
            case Contiguous when _layout.Length >= 18:
                var bytes = new byte[checked(Count * _type.Size)];
                _file.Read(Address(_layout.AsSpan(2)), bytes, "the values of an image");
                Convert(bytes, values);
                break;
            case Chunked when _layout[0] == 4:
                ReadNewChunks(values);
                break;
            case Chunked when _layout.Length >= 11 + (4 * (Dimensions.Count + 1)) && _layout[2] == Dimensions.Count + 1:
                ReadChunks(values);
                break;
            default:
                throw _file.Error("an image is stored in a way that is not read", "image");
        }
    }

    private static ulong Address(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    private void ReadFilters(byte[] message)
    {
        if (message.Length == 0)
        {
            return;
        }

        var isNew = message[0] == 2;
        var at = isNew ? 2 : 8;
        for (var i = 0; i < (message.Length > 1 ? message[1] : 0); i++)
        {
            if (message[0] is not (1 or 2) || at + 8 > message.Length + (isNew ? 2 : 0))
            {
                throw _file.Error("the filters of an image are cut off, or of another version", "image");
            }

            // In version 2 those that are HDF5's own have no name, and nothing is padded.
            int id = BinaryPrimitives.ReadUInt16LittleEndian(message.AsSpan(at)), own = isNew && id < 256 ? 2 : 0;
            int name = own > 0 ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(message.AsSpan(at + 2));
            int values = BinaryPrimitives.ReadUInt16LittleEndian(message.AsSpan(at + 6 - own));
            if (id is not (Deflate or Shuffle or Checksum))
            {
                throw _file.Error($"an image is packed by HDF5's filter {id}, which is not read; deflate (gzip) and shuffle are", "image");
            }

            _filters.Add(id);
            at += 8 - own + (isNew ? name + (4 * values) : ((name + 7) / 8 * 8) + (4 * (values + (values % 2))));
        }
    }

    private void ReadChunks(Span<float> values)
    {
        var rank = Dimensions.Count;
        int[] chunk = [.. Enumerable.Range(0, rank).Select(i => BinaryPrimitives.ReadInt32LittleEndian(_layout.AsSpan(11 + (4 * i))))];
        _ = ChunkBytes(chunk);
        Place(chunk, InTree(Address(_layout.AsSpan(3)), rank), values);
    }

    /// <summary>Chunks of a layout of version 4: flags, axes (the last is an element's bytes), width of a size, sizes, index.</summary>
    private void ReadNewChunks(Span<float> values)
    {
        int rank = Dimensions.Count, width = _layout.Length > 4 ? _layout[4] : 0, indexAt = 5 + ((rank + 1) * width);
        if (width is < 1 or > 8 || _layout[3] != rank + 1 || indexAt >= _layout.Length)
        {
            throw _file.Error("the sizes of an image's chunks are cut off, or of other axes: the file is damaged", "image");
        }

        int[] chunk = [.. Enumerable.Range(0, rank).Select(i => HdfBytes.Length(_layout.AsSpan(5 + (i * width), width)))];
        var chunks = new HdfChunks(_file, _tables, Dimensions, chunk, ChunkBytes(chunk), _filters.Count > 0);
        Place(chunk, chunks.All(_layout[2], _layout[indexAt..]), values);
    }

    private int ChunkBytes(int[] chunk)
    {
        long size = _type.Size;
        foreach (var n in chunk)
        {
            size *= n > 0 && size <= int.MaxValue ? n : throw _file.Error("the chunks of an image have no size", "image");
        }

        return size <= Math.Min(((long)Count * _type.Size * 8) + SmallImage, int.MaxValue) ? (int)size
            : throw _file.Error("the chunks of an image are much larger than it", "image");
    }

    private IEnumerable<HdfChunk> InTree(ulong root, int rank)
    {
        var nodes = new Stack<ulong>([root]);
        var keyBytes = 8 + (8 * (rank + 1));
        while (nodes.TryPop(out var address))
        {
            var head = _tables.Take(address, 24);
            _tables.Require(head, "TREE");
            var used = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(6));
            var entries = _tables.Take(address + 24, (used * (keyBytes + 8)) + keyBytes);
            for (var i = 0; i < used; i++)
            {
                var entry = entries[(i * (keyBytes + 8))..((i + 1) * (keyBytes + 8))];
                if (head[5] > 0)
                {
                    nodes.Push(Address(entry.AsSpan(keyBytes)));
                    continue;
                }

                yield return new HdfChunk(
                    Address(entry.AsSpan(keyBytes)), BinaryPrimitives.ReadUInt32LittleEndian(entry), BinaryPrimitives.ReadUInt32LittleEndian(entry.AsSpan(4)),
                    [.. Enumerable.Range(0, rank).Select(a => Address(entry.AsSpan(8 + (8 * a))))]);
            }
        }
    }

    private void Place(int[] chunk, IEnumerable<HdfChunk> chunks, Span<float> values)
    {
        var buffer = new byte[ChunkBytes(chunk)];
        var part = new float[buffer.Length / _type.Size];
        values.Clear();

        // Chunks do not overlap, neither in the file nor in the image.
        var places = Dimensions.Select((n, i) => ((long)n + chunk[i] - 1) / chunk[i]).Aggregate(1L, (a, b) => a * b);
        var bytes = (2 * _file.Length) + SmallImage;
        foreach (var found in chunks)
        {
            bytes -= found.Stored;
            if (--places < 0 || bytes < 0)
            {
                throw _file.Error("an image has more chunks than it has room for: the file is damaged", "image");
            }

            Unpack(found.Address, found.Stored, found.Skipped, buffer);
            Convert(buffer, part);
            Place(found.Start, chunk, part, values);
        }
    }

    /// <summary>The bytes of a chunk, its filters undone.</summary>
    private void Unpack(ulong address, uint stored, uint skipped, byte[] chunk)
    {
        if (stored > (2L * chunk.Length) + 4096)
        {
            throw _file.Error("a chunk of an image is larger than its values", "image");
        }

        var bytes = new byte[stored];
        _file.Read(address, bytes, "a chunk of an image");
        for (var f = _filters.Count - 1; f >= 0; f--)
        {
            bytes = (skipped >> f & 1) != 0 ? bytes : _filters[f] switch
            {
                Deflate => Inflate(bytes, chunk.Length),
                Shuffle => Unshuffle(bytes),
                _ => bytes.Length >= 4 ? bytes[..^4] : bytes,
            };
        }

        if (bytes.Length != chunk.Length)
        {
            throw _file.Error($"a chunk of an image has {bytes.Length} bytes, not {chunk.Length}", "image");
        }

        bytes.CopyTo(chunk, 0);
    }

    private byte[] Inflate(byte[] bytes, int size)
    {
        try
        {
            using var stream = new ZLibStream(new MemoryStream(bytes), CompressionMode.Decompress);

            // Checksums lie behind the values.
            var result = new byte[size + 4];
            var n = stream.ReadAtLeast(result, result.Length, throwOnEndOfStream: false);
            return result[..n];
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new Gmm.Core.InvalidInputException($"a chunk cannot be inflated: {e.Message}", _file.Path, null, "image", e);
        }
    }

    private byte[] Unshuffle(byte[] bytes)
    {
        var result = new byte[bytes.Length];
        var count = bytes.Length / _type.Size;
        for (var b = 0; b < _type.Size; b++)
        {
            for (var i = 0; i < count; i++)
            {
                result[(i * _type.Size) + b] = bytes[(b * count) + i];
            }
        }

        return result;
    }

    private void Place(ulong[] offsets, int[] chunk, float[] part, Span<float> values)
    {
        var rank = Dimensions.Count;
        Span<int> start = stackalloc int[3], size = stackalloc int[3], extent = stackalloc int[3];
        (start[0], size[0], extent[0]) = (0, 1, 1);
        for (var i = 0; i < rank; i++)
        {
            var offset = offsets[i];
            var axis = i + 3 - rank;
            extent[axis] = Dimensions[i];
            size[axis] = chunk[i];
            start[axis] = offset < (ulong)Dimensions[i] ? (int)offset : throw _file.Error("a chunk lies outside its image", "image");
        }

        for (var z = 0; z < Math.Min(size[0], extent[0] - start[0]); z++)
        {
            for (var y = 0; y < Math.Min(size[1], extent[1] - start[1]); y++)
            {
                var length = Math.Min(size[2], extent[2] - start[2]);
                var to = ((((start[0] + z) * extent[1]) + start[1] + y) * extent[2]) + start[2];
                part.AsSpan(((z * size[1]) + y) * size[2], length).CopyTo(values.Slice(to, length));
            }
        }
    }

    private void Convert(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        if (bytes.Length != (long)values.Length * _type.Size)
        {
            throw _file.Error($"an image has {bytes.Length} bytes, not {(long)values.Length * _type.Size}", "image");
        }

        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)_type.Value(bytes[(i * _type.Size)..]);
        }
    }
}
