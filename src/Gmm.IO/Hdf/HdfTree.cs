using System.Buffers.Binary;

namespace Gmm.IO;

/// <summary>The records of a B-tree of version 2, by which the newer layout of HDF5 finds links, attributes and chunks.</summary>
/// <remarks>HDF5 File Format Specification 3.0, III.A.2.</remarks>
internal static class HdfTree
{
    /// <summary>Signature, version, type and checksum of a node.</summary>
    private const int Frame = 10;
    private const int MostLevels = 16;

    /// <summary>All records, in no order.</summary>
    public static IEnumerable<byte[]> Records(HdfFile file, HdfFile.Tables tables, ulong address)
    {
        var head = tables.Take(address, 34);
        tables.Require(head, "BTHD");
        int nodeSize = HdfBytes.Length(head.AsSpan(6, 4)), recordSize = UInt16(head, 10), depth = UInt16(head, 12), atRoot = UInt16(head, 24);
        if (recordSize == 0 || nodeSize < Frame + recordSize || depth > MostLevels)
        {
            throw file.Error("the sizes of a tree of its tables cannot be: the file is damaged");
        }

        if (atRoot == 0)
        {
            yield break;
        }

        var (countBytes, totalBytes) = Widths(nodeSize, recordSize, depth);
        var nodes = new Stack<(ulong Address, int Count, int Level)>([(BinaryPrimitives.ReadUInt64LittleEndian(head.AsSpan(16)), atRoot, depth)]);
        while (nodes.TryPop(out var node))
        {
            var pointer = node.Level == 0 ? 0 : 8 + countBytes + totalBytes[node.Level - 1];
            var length = Frame - 4 + ((long)node.Count * recordSize) + ((node.Count + 1L) * pointer);
            var bytes = tables.Take(node.Address, node.Count >= 0 && length < nodeSize ? (int)length : -1);
            tables.Require(bytes, node.Level == 0 ? "BTLF" : "BTIN");
            for (var i = 0; i < node.Count; i++)
            {
                yield return bytes.AsSpan(Frame - 4 + (i * recordSize), recordSize).ToArray();
            }

            for (var i = 0; i <= node.Count && node.Level > 0; i++)
            {
                var child = bytes.AsSpan(Frame - 4 + (node.Count * recordSize) + (i * pointer));
                nodes.Push((BinaryPrimitives.ReadUInt64LittleEndian(child), HdfBytes.Length(child.Slice(8, countBytes)), node.Level - 1));
            }
        }
    }

    /// <summary>Bytes of the number of a child's records, and of the number of all below a node of each level: as many as the most possible take.</summary>
    private static (int Count, int[] Total) Widths(int nodeSize, int recordSize, int depth)
    {
        var most = (ulong)(nodeSize - Frame) / (ulong)recordSize;
        var (count, total, below) = (HdfBytes.Width(most), new int[depth + 1], most);
        for (var level = 1; level <= depth; level++)
        {
            var pointer = 8 + count + total[level - 1];
            var records = (ulong)Math.Max(0, nodeSize - Frame - pointer) / (ulong)(recordSize + pointer);
            below = (UInt128)(records + 1) * below + records is var all && all > ulong.MaxValue ? ulong.MaxValue : (ulong)all;
            total[level] = HdfBytes.Width(below);
        }

        return (count, total);
    }

    private static int UInt16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));
}
