using System.Buffers.Binary;

namespace Gmm.IO;

/// <summary>
/// The messages of an object header, of version 1 and of version 2 ("OHDR", that HDF5 1.8 and later write where they are asked to, 2.0 by itself).
/// </summary>
/// <remarks>HDF5 File Format Specification 3.0, IV.A.1.</remarks>
internal static class HdfHeader
{
    private const int Continuation = 16, Shared = 2, MostMessages = 1 << 14;
    private const int HasTimes = 0x20, HasAttributeLimits = 0x10, HasOrder = 4, Checksum = 4;

    /// <summary>Reads them.</summary>
    /// <exception cref="Gmm.Core.InvalidInputException">The header is damaged, or of another version.</exception>
    public static List<(int Type, byte[] Data)> Read(HdfFile file, HdfFile.Tables tables, ulong address)
    {
        var messages = new List<(int Type, byte[] Data)>();
        var start = tables.Take(address, 16);
        var flags = -1;
        var blocks = new Queue<(ulong Address, int Length)>();
        if (start.AsSpan().StartsWith("OHDR"u8) && start[4] == 2)
        {
            flags = start[5];
            var at = 6 + ((flags & HasTimes) != 0 ? 16 : 0) + ((flags & HasAttributeLimits) != 0 ? 4 : 0);
            var width = 1 << (flags & 3);
            blocks.Enqueue((address + (ulong)(at + width), HdfBytes.Length(tables.Take(address + (ulong)at, width))));
        }
        else if (start[0] == 1)
        {
            blocks.Enqueue((address + 16, HdfBytes.Length(start.AsSpan(8, 4))));
        }
        else
        {
            throw file.Error("has an object header of another version than 1 and 2: it is damaged, or of a layout of HDF5 that is not read");
        }

        while (blocks.TryDequeue(out var block))
        {
            var bytes = tables.Take(block.Address, block.Length);
            foreach (var (type, data) in Messages(file, bytes, flags))
            {
                if (messages.Count == MostMessages)
                {
                    break;
                }

                if (type != Continuation || data.Length < 16)
                {
                    messages.Add((type, data));
                    continue;
                }

                var (next, length) = (BinaryPrimitives.ReadUInt64LittleEndian(data), HdfBytes.Length(data.AsSpan(8, 8)));
                if (flags >= 0)
                {
                    tables.Require(tables.Take(next, 4), "OCHK");
                    (next, length) = (next + 4, length - 4 - Checksum);
                }

                blocks.Enqueue((next, length));
            }
        }

        return messages;
    }

    /// <summary>The messages of a block: those of version 2 have short heads, and perhaps a number of their order.</summary>
    private static IEnumerable<(int Type, byte[] Data)> Messages(HdfFile file, byte[] bytes, int flags)
    {
        var head = flags < 0 ? 8 : (flags & HasOrder) != 0 ? 6 : 4;
        for (var at = 0; at + head <= bytes.Length;)
        {
            int type = flags < 0 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at)) : bytes[at];
            int size = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at + (flags < 0 ? 2 : 1)));
            int own = bytes[at + (flags < 0 ? 4 : 3)];
            at += head;
            if (size > bytes.Length - at)
            {
                throw file.Error("a message of an object header is longer than it: the file is damaged");
            }

            if (type != 0 && (own & Shared) == 0)
            {
                yield return (type, bytes[at..(at + size)]);
            }

            at += size;
        }
    }
}

/// <summary>Whole numbers of as many bytes as a table says.</summary>
internal static class HdfBytes
{
    /// <summary>What stands for no address.</summary>
    public const ulong Nowhere = ulong.MaxValue;

    /// <summary>A number of 1 to 8 bytes, the lowest first.</summary>
    public static ulong Number(ReadOnlySpan<byte> bytes)
    {
        var value = 0ul;
        for (var i = bytes.Length - 1; i >= 0; i--)
        {
            value = (value << 8) | bytes[i];
        }

        return value;
    }

    /// <summary>A length; one beyond any table is -1.</summary>
    public static int Length(ReadOnlySpan<byte> bytes) => Number(bytes) is <= int.MaxValue and var n ? (int)n : -1;

    /// <summary>Bytes that a number up to a limit takes (H5VM_limit_enc_size).</summary>
    public static int Width(ulong limit) => (System.Numerics.BitOperations.Log2(limit) / 8) + 1;
}
