using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>The values of maps and images on their way into a file.</summary>
internal static class FloatValues
{
    /// <summary>Refuses values that no reader takes.</summary>
    /// <exception cref="InvalidInputException">One of them is NaN or infinite.</exception>
    public static void RequireFinite(ReadOnlySpan<float> values, string path)
    {
        if (!TensorPrimitives.IsFiniteAll(values))
        {
            throw new InvalidInputException("is not written: its values would not be finite numbers (NaN, or too large for single precision)", path);
        }
    }

    /// <summary>Writes values, little-endian.</summary>
    public static void Write(Stream stream, ReadOnlySpan<float> values)
    {
        if (BitConverter.IsLittleEndian)
        {
            stream.Write(MemoryMarshal.AsBytes(values));
            return;
        }

        var swapped = new int[values.Length];
        BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<float, int>(values), swapped);
        stream.Write(MemoryMarshal.AsBytes<int>(swapped));
    }
}
