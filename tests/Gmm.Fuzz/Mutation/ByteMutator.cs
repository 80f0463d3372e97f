using System.Buffers.Binary;

namespace Gmm.Fuzz;

/// <summary>Damages bytes: flips, cuts, copies, and 32-bit words of headers set to what arithmetic stumbles over.</summary>
/// <param name="words">Bytes at the start whose words are numbers; 0 for none.</param>
internal sealed class ByteMutator(int words = 0) : IMutator
{
    private static readonly int[] Integers =
    [
        0, 1, -1, 2, 3, 4, 7, 16, 127, 128, 255, 256, 1000, 32767, 65535, 65536, 1 << 20, (1 << 20) + 1, 1 << 24, 1 << 30, int.MaxValue,
        int.MaxValue - 7, int.MinValue, -2, 101,
    ];

    private static readonly float[] Floats = [0, -0f, 1, -1, 1e-38f, 1e-45f, 1e10f, 3e38f, -3e38f, float.NaN, float.PositiveInfinity, float.NegativeInfinity];

    public byte[] Mutate(byte[] seed, Random random)
    {
        var bytes = (byte[])seed.Clone();
        for (var times = 1 + (random.Next(4) * random.Next(2)); times > 0; times--)
        {
            bytes = bytes.Length == 0 ? [(byte)random.Next(256)] : Once(bytes, random);
        }

        return bytes;
    }

    /// <summary>A place and a length within some bytes; short lengths more often.</summary>
    public static (int Start, int Length) Range(int total, Random random)
    {
        var start = random.Next(total);
        return (start, Math.Min(total - start, random.Next(2) == 0 ? 1 + random.Next(16) : 1 + random.Next(total)));
    }

    private byte[] Once(byte[] bytes, Random random)
    {
        var (start, length) = Range(bytes.Length, random);
        switch (random.Next(words > 0 ? 12 : 7))
        {
            case 0:
                bytes[start] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                bytes[start] = (byte)random.Next(256);
                return bytes;
            case 2:
                return bytes[..start];
            case 3:
                return [.. bytes[..start], .. bytes[(start + length)..]];
            case 4:
                return [.. bytes[..(start + length)], .. bytes[start..]];
            case 5:
                random.NextBytes(bytes.AsSpan(start, length));
                return bytes;
            case 6:
                var (from, many) = Range(bytes.Length, random);
                bytes.AsSpan(from, Math.Min(many, bytes.Length - start)).ToArray().CopyTo(bytes, start);
                return bytes;
            default:
                SetWord(bytes, random);
                return bytes;
        }
    }

    private void SetWord(byte[] bytes, Random random)
    {
        var count = Math.Min(words, bytes.Length) / 4;
        if (count == 0)
        {
            return;
        }

        // The first words are the sizes.
        var word = bytes.AsSpan(4 * (random.Next(2) == 0 ? random.Next(Math.Min(24, count)) : random.Next(count)));
        var value = random.Next(3) switch
        {
            0 => BitConverter.SingleToInt32Bits(Floats[random.Next(Floats.Length)]),
            1 => random.Next(-4, 40),
            _ => Integers[random.Next(Integers.Length)],
        };
        if (random.Next(8) == 0)
        {
            BinaryPrimitives.WriteInt32BigEndian(word, value);
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(word, value);
        }
    }
}
