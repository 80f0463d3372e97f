using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Heterogeneity;

/// <summary>
/// Files of one line of text ("GMMAE 1"), a JSON header with its length in bytes before it (32 bits, little-endian), and float32, little-endian.
/// </summary>
/// <param name="kind">First word of the line.</param>
/// <param name="version">The version after it.</param>
/// <param name="what">What such a file is, for messages.</param>
internal sealed class FloatBlockFile(string kind, int version, string what)
{
    private const int MaximumHeader = 1 << 24;

    private readonly byte[] _magic = Encoding.ASCII.GetBytes(FormattableString.Invariant($"{kind} {version}\n"));

    /// <summary>Writes a file, whole or not at all.</summary>
    public void Write(string path, byte[] header, IEnumerable<float[]> blocks, bool overwrite) => AtomicOutput.Write(path, overwrite, stream =>
    {
        stream.Write(_magic);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var block in blocks)
        {
            stream.Write(MemoryMarshal.AsBytes(block.AsSpan()));
        }
    });

    /// <summary>Reads a file's header and what follows it.</summary>
    /// <exception cref="InvalidInputException">No such file, of another kind or version, or damaged.</exception>
    public (byte[] Header, byte[] Blocks) Read(string path)
    {
        var bytes = InputFile.ReadBytes(path);
        var offset = _magic.Length + 4;
        if (bytes.Length < offset || !bytes.AsSpan().StartsWith(Encoding.ASCII.GetBytes(kind + " ")))
        {
            throw new InvalidInputException($"is no {what}: it does not start with {kind}", path);
        }

        if (!bytes.AsSpan().StartsWith(_magic))
        {
            throw new InvalidInputException($"has another version than {version}, which this program reads", path);
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(_magic.Length));
        return length is > 0 and <= MaximumHeader && length <= bytes.Length - offset
            ? (bytes[offset..(offset + length)], bytes[(offset + length)..])
            : throw new InvalidInputException($"says {length} bytes, and {bytes.Length - offset} follow", path, null, "length of the header");
    }

    /// <summary>
    /// Says, before anything is made for them, that so many values follow; the sum is in wide arithmetic, so that no header can make it wrap.
    /// </summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="bytes">What is left.</param>
    /// <param name="values">Number of float32 that the header says.</param>
    /// <exception cref="InvalidInputException">The file ends before, or goes on after.</exception>
    public static void Need(string path, ReadOnlySpan<byte> bytes, Int128 values)
    {
        if (values * sizeof(float) != bytes.Length)
        {
            throw new InvalidInputException(
                $"the header says {values} values, which need {values * sizeof(float)} bytes; {bytes.Length} follow it", path, null, "weights");
        }
    }

    /// <summary>Takes the next block of float32.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="bytes">What is left.</param>
    /// <param name="values">Receives the block.</param>
    /// <returns>What is left after it.</returns>
    /// <exception cref="InvalidInputException">The file ends before, or a value is not finite.</exception>
    public static Span<byte> Take(string path, Span<byte> bytes, float[] values)
    {
        var length = sizeof(float) * (long)values.Length;
        if (bytes.Length < length)
        {
            throw new InvalidInputException("ends before its weights do", path);
        }

        MemoryMarshal.Cast<byte, float>(bytes[..(int)length]).CopyTo(values);
        return Array.TrueForAll(values, float.IsFinite)
            ? bytes[(int)length..]
            : throw new InvalidInputException("has a weight that is not finite", path, null, "weights");
    }
}
