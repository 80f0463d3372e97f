using System.Buffers.Binary;

namespace Gmm.IO;

/// <summary>Where a chunk of a dataset lies.</summary>
/// <param name="Address">Its place.</param>
/// <param name="Stored">Bytes there.</param>
/// <param name="Skipped">A bit for each filter that was not applied.</param>
/// <param name="Start">Its first element along each axis, the slowest first.</param>
internal readonly record struct HdfChunk(ulong Address, uint Stored, uint Skipped, ulong[] Start);

/// <summary>The chunks of a dataset in the newer layout (message of version 4): one, in their order, in a fixed array, or in a tree.</summary>
/// <remarks>HDF5 File Format Specification 3.0, IV.A.2.i and VII. Extensible arrays are of datasets that grow along one axis, which images do not.</remarks>
internal sealed class HdfChunks(HdfFile file, HdfFile.Tables tables, IReadOnlyList<int> dimensions, int[] chunk, int chunkBytes, bool isFiltered)
{
    private const int Single = 1, Implicit = 2, FixedArray = 3, ExtensibleArray = 4, Tree = 5;
    private const int UnfilteredEdges = 1, SingleIsFiltered = 2;

    private readonly ulong[] _grid = [.. dimensions.Select((n, i) => (ulong)((n + chunk[i] - 1) / chunk[i]))];

    /// <summary>Bytes of a stored size (H5D_*_COMPUTE_CHUNK_SIZE_LEN).</summary>
    private readonly int _sizeBytes = Math.Min(8, 1 + ((System.Numerics.BitOperations.Log2((uint)Math.Max(1, chunkBytes)) + 8) / 8));

    /// <summary>The chunks that are there.</summary>
    /// <param name="flags">Of the layout.</param>
    /// <param name="index">The layout's message from the type of its index on.</param>
    public IEnumerable<HdfChunk> All(int flags, byte[] index)
    {
        if (isFiltered && (flags & UnfilteredEdges) != 0)
        {
            throw Unread("chunks whose filters are left out at the edges");
        }

        // Only what the address of the index is behind differs.
        int kind = index[0];
        var before = kind switch
        {
            Single => (flags & SingleIsFiltered) != 0 ? 13 : 1,
            Implicit => 1,
            FixedArray => 2,
            Tree => 7,
            ExtensibleArray => throw Unread("a dataset that can grow along one axis (an extensible array of chunks)"),
            _ => throw Unread($"chunks in an index of kind {kind}"),
        };
        if (index.Length < before + 8)
        {
            throw file.Error("where the chunks of an image are is cut off: the file is damaged", "image");
        }

        var address = BinaryPrimitives.ReadUInt64LittleEndian(index.AsSpan(before));
        return address == HdfBytes.Nowhere ? [] : kind switch
        {
            Single => [before > 1
                ? new HdfChunk(address, (uint)HdfBytes.Length(index.AsSpan(1, 8)), BinaryPrimitives.ReadUInt32LittleEndian(index.AsSpan(9)), Start(0))
                : new HdfChunk(address, (uint)chunkBytes, 0, Start(0))],
            Implicit => InOrder(address),
            FixedArray => InArray(address),
            _ => InTree(address),
        };
    }

    private ulong Count => _grid.Aggregate(1ul, (a, b) => a * b);

    private IEnumerable<HdfChunk> InOrder(ulong address)
    {
        for (var i = 0ul; i < Count; i++)
        {
            yield return new HdfChunk(address + (i * (ulong)chunkBytes), (uint)chunkBytes, 0, Start(i));
        }
    }

    private IEnumerable<HdfChunk> InArray(ulong address)
    {
        var head = tables.Take(address, 24);
        tables.Require(head, "FAHD");
        var count = BinaryPrimitives.ReadUInt64LittleEndian(head.AsSpan(8));
        var entry = isFiltered ? 8 + _sizeBytes + 4 : 8;
        if (count != Count || head[6] != entry || head[7] > 30)
        {
            throw file.Error("the array of an image's chunks has another size than the image: the file is damaged", "image");
        }

        var at = BinaryPrimitives.ReadUInt64LittleEndian(head.AsSpan(16));
        if (at == HdfBytes.Nowhere)
        {
            yield break;
        }

        tables.Require(tables.Take(at, 4), "FADB");
        at += 14;
        var page = 1ul << head[7];
        var pages = count > page ? (count + page - 1) / page : 0;
        var made = pages > 0 ? tables.Take(at, HdfBytes.Length(BitConverter.GetBytes((pages + 7) / 8))) : [];
        at += pages > 0 ? (ulong)made.Length + 4 : 0;
        for (var first = 0ul; first < count; first += page, at += (page * (ulong)entry) + 4)
        {
            // A bit for each page, the highest first, says whether it was ever written.
            if (pages > 0 && (made[first / page / 8] & (0x80 >> (int)(first / page % 8))) == 0)
            {
                continue;
            }

            var here = Math.Min(page, count - first);
            var bytes = tables.Take(at, here * (ulong)entry is <= int.MaxValue and var n ? (int)n : -1);
            for (var i = 0; i < (int)here; i++)
            {
                if (Entry(bytes.AsSpan(i * entry, entry), Start(first + (ulong)i)) is { } found)
                {
                    yield return found;
                }
            }
        }
    }

    private IEnumerable<HdfChunk> InTree(ulong address)
    {
        var entry = isFiltered ? 8 + _sizeBytes + 4 : 8;
        foreach (var record in HdfTree.Records(file, tables, address))
        {
            if (record.Length != entry + (8 * dimensions.Count))
            {
                throw file.Error("the tree of an image's chunks has records of another size: the file is damaged", "image");
            }

            ulong[] start = [.. chunk.Select((n, i) => BinaryPrimitives.ReadUInt64LittleEndian(record.AsSpan(entry + (8 * i))) is var at && at < _grid[i]
                ? at * (ulong)n : throw file.Error("a chunk lies outside its image", "image"))];
            if (Entry(record.AsSpan(0, entry), start) is { } found)
            {
                yield return found;
            }
        }
    }

    private HdfChunk? Entry(ReadOnlySpan<byte> bytes, ulong[] start)
    {
        var address = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        if (address == HdfBytes.Nowhere)
        {
            return null;
        }

        var stored = isFiltered ? (uint)HdfBytes.Length(bytes.Slice(8, _sizeBytes)) : (uint)chunkBytes;
        return new HdfChunk(address, stored, isFiltered ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[(8 + _sizeBytes)..]) : 0, start);
    }

    /// <summary>The first elements of a chunk by its number, the last axis fastest.</summary>
    private ulong[] Start(ulong number)
    {
        var start = new ulong[chunk.Length];
        for (var i = chunk.Length - 1; i >= 0; i--)
        {
            start[i] = number % _grid[i] * (ulong)chunk[i];
            number /= _grid[i];
        }

        return start;
    }

    private Gmm.Core.InvalidInputException Unread(string what) => file.Error(
        $"keeps an image as {what}, which is not read: h5repack -f NONE -l CONTI IN.hdf OUT.hdf writes it in one piece", "image");
}
