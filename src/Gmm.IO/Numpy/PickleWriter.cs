using System.Buffers.Binary;
using System.Text;

namespace Gmm.IO;

/// <summary>Writes arrays of float32 as pickles of NumPy (protocol 4), which every version of it reads.</summary>
/// <remarks>What <c>pickle.dump(array, file)</c> writes but for frames and memo, which a reader does not need; opcodes as in CPython's pickletools.</remarks>
internal static class PickleWriter
{
    /// <summary>An array.</summary>
    /// <param name="shape">Numbers of elements along each axis.</param>
    /// <param name="values">The elements, the last axis fastest.</param>
    public static byte[] Array(int[] shape, ReadOnlySpan<float> values)
    {
        using var stream = Start();
        Put(stream, shape, values);
        return End(stream);
    }

    /// <summary>A tuple of two arrays.</summary>
    public static byte[] Pair((int[] Shape, float[] Values) first, (int[] Shape, float[] Values) second)
    {
        using var stream = Start();
        Put(stream, first.Shape, first.Values);
        Put(stream, second.Shape, second.Values);
        stream.WriteByte(0x86);
        return End(stream);
    }

    private static MemoryStream Start()
    {
        var stream = new MemoryStream();
        stream.Write([0x80, 4]);
        return stream;
    }

    private static byte[] End(MemoryStream stream)
    {
        stream.WriteByte((byte)'.');
        return stream.ToArray();
    }

    private static void Put(MemoryStream stream, int[] shape, ReadOnlySpan<float> values)
    {
        // _reconstruct(ndarray, (0,), b'b'), then its state: version, shape, type, no Fortran order, data.
        Text(stream, "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\u0085C\u0001b\u0087R(K\u0001");
        stream.WriteByte((byte)'(');
        foreach (var n in shape)
        {
            stream.WriteByte((byte)'J');
            Whole(stream, n);
        }

        // dtype('f4', False, True), little-endian, without fields.
        Text(stream, "tcnumpy\ndtype\nX\u0002\0\0\0f4\u0089\u0088\u0087R");
        Text(stream, "(K\u0003X\u0001\0\0\0<NNNJ\u00ff\u00ff\u00ff\u00ffJ\u00ff\u00ff\u00ff\u00ffK\0tb\u0089");
        stream.WriteByte(0x8e);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, 4L * values.Length);
        stream.Write(length);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var value in values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
            stream.Write(bytes);
        }

        Text(stream, "tb");
    }

    private static void Text(MemoryStream stream, string text) => stream.Write(Encoding.Latin1.GetBytes(text));

    private static void Whole(MemoryStream stream, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        stream.Write(bytes);
    }
}
