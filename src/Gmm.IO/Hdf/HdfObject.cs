using System.Buffers.Binary;
using System.Text;

namespace Gmm.IO;

/// <summary>An object of an HDF5 file: a group or a dataset, with its attributes.</summary>
internal sealed class HdfObject
{
    private const int Dataspace = 1, LinkInfo = 2, Datatype = 3, Link = 6, Layout = 8, Filters = 11, Attribute = 12, SymbolTable = 17, AttributeInfo = 21;

    private readonly HdfFile _file;
    private readonly HdfFile.Tables _tables;
    private readonly List<(int Type, byte[] Data)> _messages = [];
    private IReadOnlyList<byte[]>? _attributes;

    private HdfObject(HdfFile file) => (_file, _tables) = (file, new HdfFile.Tables(file));

    /// <summary>Reads the header of an object.</summary>
    /// <exception cref="Gmm.Core.InvalidInputException">It is damaged, or of another version.</exception>
    public static HdfObject Read(HdfFile file, ulong address)
    {
        var read = new HdfObject(file);
        read._messages.AddRange(HdfHeader.Read(file, read._tables, address));
        return read;
    }

    /// <summary>The members of a group, with the addresses of their headers.</summary>
    public IEnumerable<(string Name, ulong Address)> Members()
    {
        if (Message(SymbolTable) is not { Length: >= 16 } table)
        {
            // Behind a hash of its name each record of many links has the place of the link.
            foreach (var link in All(Link, LinkInfo, 8, record => record.AsMemory(Math.Min(4, record.Length))).Select(HardLink))
            {
                if (link is { } found)
                {
                    yield return found;
                }
            }

            yield break;
        }

        var heap = _tables.Take(UInt64(table.AsSpan(8)), 32);
        _tables.Require(heap, "HEAP");
        var names = _tables.Take(UInt64(heap.AsSpan(24)), Int(heap.AsSpan(8)));
        var nodes = new Stack<ulong>([UInt64(table)]);
        while (nodes.TryPop(out var address))
        {
            var head = _tables.Take(address, 24);
            if (head.AsSpan().StartsWith("SNOD"u8))
            {
                var count = UInt16(head.AsSpan(6));
                var entries = _tables.Take(address + 8, 40 * count);
                for (var i = 0; i < count; i++)
                {
                    var name = UInt64(entries.AsSpan(40 * i));
                    if (name >= (ulong)names.Length)
                    {
                        throw _file.Error("a name of a group is outside its table: the file is damaged");
                    }

                    var text = names.AsSpan((int)name);
                    var end = text.IndexOf((byte)0);
                    yield return (Encoding.UTF8.GetString(end < 0 ? text : text[..end]), UInt64(entries.AsSpan((40 * i) + 8)));
                }

                continue;
            }

            _tables.Require(head, "TREE");
            var used = UInt16(head.AsSpan(6));
            var children = _tables.Take(address + 24, (16 * used) + 8);
            for (var i = used - 1; i >= 0; i--)
            {
                nodes.Push(UInt64(children.AsSpan((16 * i) + 8)));
            }
        }
    }

    /// <summary>A number among the attributes, the first where there are several; null if there is none of that name.</summary>
    public double? Number(string name) => Find(name) is { } a && a.Type.IsNumber && a.Data.Length >= a.Type.Size ? a.Type.Value(a.Data) : null;

    /// <summary>A text among the attributes.</summary>
    public string? Text(string name) => Find(name) is { Type.Class: HdfType.String } a ? Encoding.UTF8.GetString(a.Data).TrimEnd('\0', ' ') : null;

    /// <summary>Single-precision numbers among the attributes: an array, or a compound of them, as EMAN2 keeps a transform.</summary>
    public float[]? Singles(string name, int count) =>
        Find(name) is { } a && a.Data.Length == 4 * count && (a.Type.Class == HdfType.Compound || (a.Type.IsNumber && a.Type.Size == 4))
            ? [.. Enumerable.Range(0, count).Select(i => BinaryPrimitives.ReadSingleLittleEndian(a.Data.AsSpan(4 * i)))]
            : null;

    /// <summary>The dataset that the object is.</summary>
    /// <exception cref="Gmm.Core.InvalidInputException">It is none, or of a kind that is not read.</exception>
    public HdfDataset Dataset()
    {
        if (Message(Dataspace) is not { } space || Message(Datatype) is not { } type || Message(Layout) is not { } layout)
        {
            throw _file.Error("an image is no dataset", "image");
        }

        return new HdfDataset(_file, _tables, Dimensions(space), HdfType.Read(_file, type), layout, Message(Filters));
    }

    /// <summary>All messages of a kind: those of the header, and those that are too many for it, which lie in a heap that a tree leads to.</summary>
    /// <param name="kind">The kind of message.</param>
    /// <param name="info">The kind of message that says where the others are.</param>
    /// <param name="order">Bytes of the greatest number of their order in it, where it has one.</param>
    /// <param name="name">The name in the heap, of a record of the tree.</param>
    private IEnumerable<byte[]> All(int kind, int info, int order, Func<byte[], ReadOnlyMemory<byte>> name)
    {
        foreach (var (_, data) in _messages.Where(m => m.Type == kind))
        {
            yield return data;
        }

        if (Message(info) is not { Length: >= 2 } where)
        {
            yield break;
        }

        var at = 2 + ((where[1] & 1) != 0 ? order : 0);
        if (where.Length >= at + 16 && UInt64(where.AsSpan(at)) is var heapAt && heapAt != HdfBytes.Nowhere)
        {
            var heap = new HdfHeap(_file, _tables, heapAt);
            foreach (var record in HdfTree.Records(_file, _tables, UInt64(where.AsSpan(at + 8))))
            {
                yield return heap.Object(name(record).Span);
            }
        }
    }

    /// <summary>The name and address of a link that leads to an object of the file; null of another kind of link.</summary>
    private (string Name, ulong Address)? HardLink(byte[] link)
    {
        var flags = link.Length > 2 ? link[1] : throw Cut();
        var isOther = (flags & 8) != 0 && link[2] != 0;
        var at = 2 + ((flags & 8) != 0 ? 1 : 0) + ((flags & 4) != 0 ? 8 : 0) + ((flags & 16) != 0 ? 1 : 0);
        var width = 1 << (flags & 3);
        var length = at + width <= link.Length ? HdfBytes.Length(link.AsSpan(at, width)) : -1;
        at += width;
        return length < 0 || length > link.Length - at ? throw Cut()
            : isOther ? null
            : link.Length - at - length >= 8 ? (Encoding.UTF8.GetString(link.AsSpan(at, length)), UInt64(link.AsSpan(at + length)))
            : throw Cut();
        Gmm.Core.InvalidInputException Cut() => _file.Error("a link of a group is cut off: the file is damaged");
    }

    private byte[]? Message(int type) => _messages.Find(m => m.Type == type).Data;

    private (HdfType Type, byte[] Data)? Find(string name)
    {
        _attributes ??= [.. All(Attribute, AttributeInfo, 2, record => record.AsMemory(0, Math.Min(8, record.Length))).Where(a => a.Length > 9)];
        foreach (var data in _attributes)
        {
            int version = data[0], nameSize = UInt16(data.AsSpan(2)), typeSize = UInt16(data.AsSpan(4)), spaceSize = UInt16(data.AsSpan(6));
            int Padded(int size) => version == 1 ? (size + 7) / 8 * 8 : size;
            var at = version == 3 ? 9 : 8;
            int typeAt = at + Padded(nameSize), spaceAt = typeAt + Padded(typeSize), dataAt = spaceAt + Padded(spaceSize);
            if (version is not (1 or 2 or 3) || dataAt > data.Length)
            {
                throw _file.Error("an attribute is longer than its message, or of another version: the file is damaged");
            }

            if (Encoding.UTF8.GetString(data.AsSpan(at, nameSize)).TrimEnd('\0') == name)
            {
                return (HdfType.Read(_file, data.AsSpan(typeAt, typeSize)), data[dataAt..]);
            }
        }

        return null;
    }

    private ulong[] Dimensions(byte[] space)
    {
        var start = space.Length > 3 && space[0] == 1 ? 8 : 4;
        var rank = space.Length > 3 ? space[1] : 0;
        return space.Length >= 4 && space[0] is 1 or 2 && rank is 2 or 3 && start + (8 * rank) <= space.Length
            ? [.. Enumerable.Range(0, rank).Select(i => UInt64(space.AsSpan(start + (8 * i))))]
            : throw _file.Error("an image has neither two dimensions nor three", "image");
    }

    private static int UInt16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static ulong UInt64(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    /// <summary>A length; one beyond any table is none.</summary>
    private static int Int(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes) is <= int.MaxValue and var n ? (int)n : -1;
}
