namespace Gmm.Fuzz;

/// <summary>Damages bytes (<see cref="Damage"/>): flips, cuts, copies, and 32-bit words of headers set to what arithmetic stumbles over.</summary>
/// <param name="words">Bytes at the start whose words are numbers; 0 for none.</param>
internal sealed class ByteMutator(int words = 0) : IMutator
{
    /// <summary>The first words are the sizes.</summary>
    private const int Sizes = 96;

    private static readonly DamageKind[] s_kinds =
    [
        DamageKind.Flip, DamageKind.Noise, DamageKind.Cut, DamageKind.Delete, DamageKind.Repeat, DamageKind.Noise, DamageKind.Copy, DamageKind.Word,
        DamageKind.Word, DamageKind.Word, DamageKind.Word, DamageKind.Word,
    ];

    public byte[] Mutate(byte[] seed, Random random)
    {
        var bytes = seed;
        for (var times = 1 + (random.Next(4) * random.Next(2)); times > 0; times--)
        {
            bytes = bytes.Length == 0 ? [(byte)random.Next(256)] : Draw(bytes.Length, random).To(bytes);
        }

        return bytes;
    }

    /// <summary>A place and a length within some bytes; short lengths more often.</summary>
    public static (int Start, int Length) Range(int total, Random random)
    {
        var start = random.Next(total);
        return (start, Math.Min(total - start, random.Next(2) == 0 ? 1 + random.Next(16) : 1 + random.Next(total)));
    }

    private Damage Draw(int total, Random random)
    {
        var kind = s_kinds[random.Next(words > 0 ? s_kinds.Length : s_kinds.Length - 5)];
        var (start, length) = Range(total, random);
        if (kind == DamageKind.Word)
        {
            start = random.Next(Math.Min(total, random.Next(2) == 0 ? Math.Min(words, Sizes) : words));
        }

        // A piece is there twice, or many times.
        var value = kind == DamageKind.Repeat && random.Next(4) > 0 ? 0 : random.Next();
        return new Damage(kind, Damage.Place(start, total), length, value);
    }
}
