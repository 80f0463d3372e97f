using System.Buffers.Binary;
using System.Text;

namespace Gmm.IO;

/// <summary>
/// Writes HDF5 files of the layout that all versions of the library read (superblock 0, symbol tables, object headers 1): groups, attributes, and datasets of
/// single precision in one piece.
/// </summary>
/// <remarks>HDF5 File Format Specification 3.0. Everything is appended; the superblock at the start is written when all else is there.</remarks>
internal sealed class HdfWriter
{
    /// <summary>A node of a group's tree has room for twice as many children, a leaf for twice as many members; these are the library's own numbers.</summary>
    private const int InnerK = 16, LeafK = 4;

    private const int NodeBytes = 24 + (2 * InnerK * 8) + (((2 * InnerK) + 1) * 8);
    private const int LeafBytes = 8 + (2 * LeafK * 40);
    private const int SuperblockBytes = 96;
    private const int Dataspace = 1, Datatype = 3, FillValue = 5, Layout = 8, Attribute = 12, SymbolTable = 17;
    private const ulong Undefined = ulong.MaxValue;

    private readonly Stream _stream;
    private ulong _end;

    /// <summary>Begins a file.</summary>
    /// <param name="stream">Where it goes: empty, seekable.</param>
    public HdfWriter(Stream stream)
    {
        _stream = stream;
        Append(new byte[SuperblockBytes]);
    }

    /// <summary>The description of a space that holds one element.</summary>
    public static ReadOnlySpan<byte> ScalarSpace => [1, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Bytes with zeros behind them up to a multiple of 8.</summary>
    public static byte[] Padded(ReadOnlySpan<byte> bytes)
    {
        var padded = new byte[(bytes.Length + 7) / 8 * 8];
        bytes.CopyTo(padded);
        return padded;
    }

    /// <summary>Writes a dataset.</summary>
    /// <param name="dimensions">Numbers of elements along each axis, the slowest first.</param>
    /// <param name="values">The elements.</param>
    /// <returns>The address of its header.</returns>
    public ulong Dataset(ReadOnlySpan<int> dimensions, ReadOnlySpan<float> values)
    {
        var data = _end;
        FloatValues.Write(_stream, values);
        var size = (ulong)values.Length * sizeof(float);
        _end += size;
        Append(new byte[(8 - (int)(size % 8)) % 8]);
        var space = new byte[8 + (8 * dimensions.Length)];
        (space[0], space[1]) = (1, (byte)dimensions.Length);
        for (var i = 0; i < dimensions.Length; i++)
        {
            Put(space, 8 + (8 * i), (ulong)dimensions[i]);
        }

        var layout = new byte[18];
        (layout[0], layout[1]) = (3, 1);
        Put(layout, 2, data);
        Put(layout, 10, size);
        return Header([(Dataspace, space), (Datatype, HdfAttribute.SingleType.ToArray()), (FillValue, [2, 2, 2, 1, 0, 0, 0, 0]), (Layout, layout)]);
    }

    /// <summary>Writes a group.</summary>
    /// <param name="members">Names of its members, and the addresses of their headers; one at least.</param>
    /// <param name="attributes">Its attributes.</param>
    public HdfGroup Group(IEnumerable<(string Name, ulong Address)> members, params IReadOnlyList<HdfAttribute> attributes)
    {
        // In the order of bytes, as the library searches.
        var sorted = members.OrderBy(m => m.Name, StringComparer.Ordinal).ToArray();
        var (names, offsets) = (new List<byte>(new byte[8]), new ulong[sorted.Length]);
        for (var i = 0; i < sorted.Length; i++)
        {
            offsets[i] = (ulong)names.Count;
            names.AddRange(Padded([.. Encoding.UTF8.GetBytes(sorted[i].Name), 0]));
        }

        var nameBytes = Append([.. names]);
        var heap = new byte[32];
        "HEAP"u8.CopyTo(heap);
        Put(heap, 8, (ulong)names.Count);

        // 1: there is no free space in it.
        Put(heap, 16, 1);
        Put(heap, 24, nameBytes);
        var heapAddress = Append(heap);
        var tree = Tree(Leaves(sorted, offsets));
        var table = new byte[16];
        Put(table, 0, tree);
        Put(table, 8, heapAddress);
        return new HdfGroup(Header([(SymbolTable, table), .. attributes.Select(a => (Attribute, a.Message()))]), tree, heapAddress);
    }

    /// <summary>Ends the file.</summary>
    /// <param name="root">The root group.</param>
    public void Complete(HdfGroup root)
    {
        var block = new byte[SuperblockBytes];
        ReadOnlySpan<byte> signature = [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];
        signature.CopyTo(block);
        (block[13], block[14], block[16], block[18]) = (8, 8, LeafK, InnerK);
        Put(block, 32, Undefined);
        Put(block, 40, _end);
        Put(block, 48, Undefined);
        Put(block, 64, root.Header);

        // The entry of the root holds what its header says too.
        block[72] = 1;
        Put(block, 80, root.Tree);
        Put(block, 88, root.Heap);
        _stream.Position = 0;
        _stream.Write(block);
        _stream.Position = (long)_end;
    }

    private static void Put(byte[] bytes, int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), value);

    /// <summary>The leaves of a group's tree, each with the place of its last name.</summary>
    private List<(ulong Address, ulong Last)> Leaves((string Name, ulong Address)[] members, ulong[] offsets)
    {
        var leaves = new List<(ulong Address, ulong Last)>();
        for (var start = 0; start < members.Length; start += 2 * LeafK)
        {
            var count = Math.Min(2 * LeafK, members.Length - start);
            var leaf = new byte[LeafBytes];
            "SNOD"u8.CopyTo(leaf);
            (leaf[4], leaf[6]) = (1, (byte)count);
            for (var i = 0; i < count; i++)
            {
                Put(leaf, 8 + (40 * i), offsets[start + i]);
                Put(leaf, 16 + (40 * i), members[start + i].Address);
            }

            leaves.Add((Append(leaf), offsets[start + count - 1]));
        }

        return leaves;
    }

    /// <summary>The nodes above leaves, level by level; nodes of a level lie behind each other.</summary>
    /// <returns>The address of the top.</returns>
    private ulong Tree(List<(ulong Address, ulong Last)> children)
    {
        for (byte level = 0; ; level++)
        {
            var (nodes, first) = (new List<(ulong Address, ulong Last)>(), _end);
            var count = (children.Count + (2 * InnerK) - 1) / (2 * InnerK);
            for (var n = 0; n < count; n++)
            {
                var part = children.Skip(n * 2 * InnerK).Take(2 * InnerK).ToArray();
                var node = new byte[NodeBytes];
                "TREE"u8.CopyTo(node);
                (node[5], node[6]) = (level, (byte)part.Length);
                Put(node, 8, n > 0 ? first + (ulong)((n - 1) * NodeBytes) : Undefined);
                Put(node, 16, n + 1 < count ? first + (ulong)((n + 1) * NodeBytes) : Undefined);

                // Names of child i come behind key i, and none behind key i + 1.
                Put(node, 24, n > 0 ? nodes[n - 1].Last : 0);
                for (var i = 0; i < part.Length; i++)
                {
                    Put(node, 32 + (16 * i), part[i].Address);
                    Put(node, 40 + (16 * i), part[i].Last);
                }

                nodes.Add((Append(node), part[^1].Last));
            }

            if (count == 1)
            {
                return nodes[0].Address;
            }

            children = nodes;
        }
    }

    private ulong Header((int Type, byte[] Data)[] messages)
    {
        var bytes = new List<byte>(new byte[16]);
        foreach (var (type, data) in messages)
        {
            var padded = Padded(data);
            var head = new byte[8];
            BinaryPrimitives.WriteUInt16LittleEndian(head, (ushort)type);
            BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(2), checked((ushort)padded.Length));
            bytes.AddRange(head);
            bytes.AddRange(padded);
        }

        byte[] header = [.. bytes];
        header[0] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(2), (ushort)messages.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), 1);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), header.Length - 16);
        return Append(header);
    }

    private ulong Append(byte[] bytes)
    {
        var address = _end;
        _stream.Write(bytes);
        _end += (ulong)bytes.Length;
        return address;
    }
}

/// <summary>A group that was written.</summary>
/// <param name="Header">The address of its header.</param>
/// <param name="Tree">That of its tree.</param>
/// <param name="Heap">That of its names.</param>
internal readonly record struct HdfGroup(ulong Header, ulong Tree, ulong Heap);
