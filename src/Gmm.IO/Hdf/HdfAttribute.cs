using System.Buffers.Binary;
using System.Text;

namespace Gmm.IO;

/// <summary>An attribute of an HDF5 object that is written: one number or one text.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The description of its type (HDF5 File Format Specification, IV.A.2.d).</param>
/// <param name="Data">Its value.</param>
internal sealed record HdfAttribute(string Name, byte[] Type, byte[] Data)
{
    /// <summary>Single precision, little-endian: sign at bit 31, 8 bits of exponent from bit 23 biased by 127, 23 of mantissa.</summary>
    public static ReadOnlySpan<byte> SingleType => [0x11, 0x20, 31, 0, 4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0];

    /// <summary>A 32-bit whole number with sign, little-endian.</summary>
    private static ReadOnlySpan<byte> WholeType => [0x10, 8, 0, 0, 4, 0, 0, 0, 0, 0, 32, 0];

    /// <summary>A number of single precision.</summary>
    public static HdfAttribute Single(string name, double value)
    {
        var data = new byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(data, (float)value);
        return new HdfAttribute(name, SingleType.ToArray(), data);
    }

    /// <summary>A whole number.</summary>
    public static HdfAttribute Whole(string name, int value)
    {
        var data = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(data, value);
        return new HdfAttribute(name, WholeType.ToArray(), data);
    }

    /// <summary>A text that ends with a zero.</summary>
    public static HdfAttribute Text(string name, string value)
    {
        byte[] data = [.. Encoding.UTF8.GetBytes(value), 0];
        byte[] type = [0x13, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(type.AsSpan(4), data.Length);
        return new HdfAttribute(name, type, data);
    }

    /// <summary>The message of an object header that holds it (version 1: each part is padded to 8 bytes).</summary>
    public byte[] Message()
    {
        byte[] name = [.. Encoding.UTF8.GetBytes(Name), 0];
        var message = new byte[8];
        message[0] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(2), (ushort)name.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(4), (ushort)Type.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(6), (ushort)HdfWriter.ScalarSpace.Length);
        return [.. message, .. HdfWriter.Padded(name), .. HdfWriter.Padded(Type), .. HdfWriter.ScalarSpace, .. Data];
    }
}
