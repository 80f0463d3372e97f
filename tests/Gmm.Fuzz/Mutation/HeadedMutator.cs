using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Gmm.Fuzz;

/// <summary>
/// Damages files with a JSON header behind a magic word and a length, and numbers behind it: the header with its length put right, the numbers, or
/// bytes anywhere. A checksum at the end is made to fit again, so that what lies behind it is reached.
/// </summary>
/// <param name="magic">Bytes before the length.</param>
/// <param name="hash">Bytes of the SHA-256 at the end; 0 for none.</param>
internal sealed class HeadedMutator(int magic, int hash = 0) : IMutator
{
    private static readonly JsonMutator Json = new();
    private static readonly ByteMutator Bytes = new(64);

    /// <summary>Whether there is a checksum.</summary>
    public bool IsSealed => hash > 0;

    public byte[] Mutate(byte[] seed, Random random)
    {
        if (random.Next(4) == 0)
        {
            return Bytes.Mutate(seed, random);
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(seed.AsSpan(magic));
        var header = seed[(magic + 4)..(magic + 4 + length)];
        var rest = seed[(magic + 4 + length)..^hash];
        if (random.Next(3) > 0)
        {
            header = Json.Mutate(header, random);
        }
        else if (rest.Length > 0)
        {
            SetNumber(rest, random);
        }

        rest = random.Next(6) == 0 ? rest[..random.Next(rest.Length + 1)] : rest;
        var said = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(said, header.Length);
        byte[] content = [.. seed[..magic], .. said, .. header, .. rest];
        return hash == 0 ? content : [.. content, .. SHA256.HashData(content)];
    }

    public byte[] Around(byte[] seed, Func<byte[], byte[]> damage)
    {
        var content = damage(seed[..^hash]);
        return hash == 0 ? content : [.. content, .. SHA256.HashData(content)];
    }

    private static void SetNumber(byte[] rest, Random random)
    {
        float[] values = [0, 1, -1, 1e6f, 1e10f, 1e20f, 3e38f, -3e38f, 1e-40f, float.NaN, float.PositiveInfinity];
        for (var times = 1 << random.Next(6); times > 0; times--)
        {
            var at = 4 * random.Next(rest.Length / 4);
            BinaryPrimitives.WriteSingleLittleEndian(rest.AsSpan(at), values[random.Next(values.Length)]);
        }
    }
}
