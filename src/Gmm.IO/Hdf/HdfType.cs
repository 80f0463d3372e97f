using System.Buffers.Binary;

namespace Gmm.IO;

/// <summary>A type of HDF5's elements.</summary>
/// <param name="Class">Its class.</param>
/// <param name="Size">Bytes of an element.</param>
/// <param name="IsBigEndian">Whether the first byte is the highest.</param>
/// <param name="IsSigned">Whether whole numbers have a sign.</param>
internal readonly record struct HdfType(int Class, int Size, bool IsBigEndian, bool IsSigned)
{
    public const int Whole = 0, Float = 1, String = 3, Compound = 6;

    /// <summary>Whether elements are numbers that are read.</summary>
    public bool IsNumber => (Class == Whole && Size is 1 or 2 or 4) || (Class == Float && Size is 4 or 8);

    /// <summary>Reads the description of a type.</summary>
    public static HdfType Read(HdfFile file, ReadOnlySpan<byte> message)
    {
        if (message.Length < 8)
        {
            throw file.Error("a type of numbers is cut off: the file is damaged");
        }

        var size = BinaryPrimitives.ReadUInt32LittleEndian(message[4..]);
        return size is > 0 and < 1 << 20
            ? new HdfType(message[0] & 15, (int)size, (message[1] & 1) != 0, (message[1] & 8) != 0)
            : throw file.Error($"a type has elements of {size} bytes: the file is damaged");
    }

    /// <summary>An element as a number.</summary>
    public double Value(ReadOnlySpan<byte> bytes)
    {
        Span<byte> b = stackalloc byte[8];
        b.Clear();
        bytes[..Size].CopyTo(b);
        if (IsBigEndian)
        {
            b[..Size].Reverse();
        }

        return (Class, Size, IsSigned) switch
        {
            (Float, 4, _) => BinaryPrimitives.ReadSingleLittleEndian(b),
            (Float, _, _) => BinaryPrimitives.ReadDoubleLittleEndian(b),
            (_, 1, true) => (sbyte)b[0],
            (_, 2, true) => BinaryPrimitives.ReadInt16LittleEndian(b),
            (_, 4, true) => BinaryPrimitives.ReadInt32LittleEndian(b),
            _ => BinaryPrimitives.ReadUInt32LittleEndian(b),
        };
    }
}
