using System.Buffers.Binary;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>An array of NumPy that was in a pickle.</summary>
internal sealed class PickledArray
{
    /// <summary>Numbers of elements along each axis.</summary>
    public IReadOnlyList<int> Shape { get; private set; } = [];

    /// <summary>NumPy's name of the type, such as "&lt;f8".</summary>
    public string Type { get; private set; } = string.Empty;

    /// <summary>Whether the elements are true or false, not numbers.</summary>
    public bool IsBoolean => Type.Length > 1 && Type[1] == 'b';

    private ReadOnlyMemory<byte> Data { get; set; }

    /// <summary>Number of elements.</summary>
    public int Count { get; private set; }

    /// <summary>Fills the array, once its data are known.</summary>
    /// <exception cref="FormatException">The data are not of the shape and type.</exception>
    public void Set(IReadOnlyList<int> shape, string type, ReadOnlyMemory<byte> data)
    {
        var size = NpyField.SizeOf(type) is { } s && type[1] is 'i' or 'u' or 'f' or 'b' && s <= 8
            ? s
            : throw new FormatException($"an array of the type '{type}' is not read; numbers are");
        var count = shape.Aggregate(1L, (a, b) => b is >= 0 && a <= int.MaxValue ? a * b : throw new FormatException("an array's shape cannot be"));
        if (count * size != data.Length)
        {
            throw new FormatException($"an array of {count} x {size} bytes has {data.Length} bytes");
        }

        (Shape, Type, Data, Count) = (shape, type, data, (int)count);
    }

    /// <summary>The elements as numbers, the last axis fastest.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="InvalidInputException">One is a NaN or infinity; the message names its place along the first axis, from 1.</exception>
    public double[] Numbers(string path)
    {
        var values = new double[Count];
        var size = Count == 0 ? 0 : Data.Length / Count;
        Span<byte> bytes = stackalloc byte[8];
        for (var i = 0; i < Count; i++)
        {
            bytes.Clear();
            Data.Span.Slice(i * size, size).CopyTo(bytes);
            if (Type[0] == '>')
            {
                bytes[..size].Reverse();
            }

            values[i] = (Type[1], size) switch
            {
                ('f', 2) => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
                ('f', 4) => BinaryPrimitives.ReadSingleLittleEndian(bytes),
                ('f', _) => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
                ('i', 1) => (sbyte)bytes[0],
                ('i', 2) => BinaryPrimitives.ReadInt16LittleEndian(bytes),
                ('i', 4) => BinaryPrimitives.ReadInt32LittleEndian(bytes),
                ('i', _) => BinaryPrimitives.ReadInt64LittleEndian(bytes),
                _ => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            };
            if (!double.IsFinite(values[i]))
            {
                throw new InvalidInputException(
                    $"{values[i]} is not a finite number", path, Shape.Count > 0 ? (int)((long)i * Shape[0] / Count) + 1 : null, "array");
            }
        }

        return values;
    }
}
