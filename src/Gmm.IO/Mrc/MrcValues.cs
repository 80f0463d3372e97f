using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Gmm.IO;

/// <summary>Turns the stored values of an MRC file into floats.</summary>
internal static class MrcValues
{
    /// <summary>Converts a run of values. The bytes are swapped in place where the file's order is not the machine's.</summary>
    /// <param name="header">Says mode and byte order.</param>
    /// <param name="bytes">The stored bytes; changed.</param>
    /// <param name="values">One float for each stored value.</param>
    public static void Convert(MrcHeader header, Span<byte> bytes, Span<float> values)
    {
        var swap = header.IsBigEndian == BitConverter.IsLittleEndian;
        switch (header.Mode)
        {
            case MrcMode.UInt4:
                Unpack(bytes, values);
                break;
            case MrcMode.Int8 when header.HasUnsignedBytes:
                TensorPrimitives.ConvertChecked<byte, float>(bytes, values);
                break;
            case MrcMode.Int8:
                TensorPrimitives.ConvertChecked(MemoryMarshal.Cast<byte, sbyte>(bytes), values);
                break;
            case MrcMode.Int16:
                TensorPrimitives.ConvertChecked<short, float>(Swapped<short>(bytes, swap), values);
                break;
            case MrcMode.UInt16:
                TensorPrimitives.ConvertChecked<ushort, float>(Swapped<ushort>(bytes, swap), values);
                break;
            case MrcMode.Float16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<short, Half>(Swapped<short>(bytes, swap)), values);
                break;
            default:
                bytes.CopyTo(MemoryMarshal.AsBytes(values));
                Swap(values, swap);
                break;
        }
    }

    /// <summary>Swaps the bytes of floats in place.</summary>
    public static void Swap(Span<float> values, bool swap)
    {
        if (swap)
        {
            var words = MemoryMarshal.Cast<float, int>(values);
            BinaryPrimitives.ReverseEndianness(words, words);
        }
    }

    private static void Unpack(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (i & 1) == 0 ? bytes[i / 2] & 15 : bytes[i / 2] >> 4;
        }
    }

    private static Span<T> Swapped<T>(Span<byte> bytes, bool swap)
        where T : struct
    {
        if (swap)
        {
            var words = MemoryMarshal.Cast<byte, short>(bytes);
            BinaryPrimitives.ReverseEndianness(words, words);
        }

        return MemoryMarshal.Cast<byte, T>(bytes);
    }
}
