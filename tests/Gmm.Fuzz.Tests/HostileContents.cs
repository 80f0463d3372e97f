using System.Buffers.Binary;
using System.Text;

namespace Gmm.Fuzz.Tests;

/// <summary>Ways in which the content of a file can be wrong, by name: each makes files of a whole one.</summary>
internal static class HostileContents
{
    /// <summary>Unzipped, more than the rules allow a reader to take.</summary>
    private const int Bomb = 100 << 20;

    private static readonly Lazy<byte[]> s_bomb = new(() => ZippedMutator.Zip(new byte[Bomb]));

    /// <summary>Places of a file that are tried, at most.</summary>
    private const int MostPlaces = 64;

    private static readonly string[] s_pieces =
    [
        "\0", "\u00FF", " ", "\n", "(", "[", "{\"a\":", "\"", "'", "data_\n", "loop_\n", "_a\n", ";\n", "\u0080\u0002((", "1 ",
    ];

    public static IReadOnlyList<(string Name, Func<byte[], IEnumerable<byte[]>> Make)> All { get; } =
    [
        ("cut at every class of length", Cut),
        ("a byte turned", f => Places(f.Length, 1).SelectMany(i => new[] { Changed(f, i, b => b[0] ^= 0xFF), Changed(f, i, b => b[0] ^= 1) })),
        ("wrong counts and huge sizes", f => Words(f, [0, -1, 1, int.MaxValue, 1 << 16, int.MinValue])),
        ("sizes of 64 bits", f => Places(f.Length, 8).SelectMany(i => new[] { 0, -1, long.MaxValue, 1L << 33 }.Select(
            v => Changed(f, i, b => { if (b.Length >= 8) { BinaryPrimitives.WriteInt64LittleEndian(b, v); } })))),
        ("NaN and infinities", f => Words(f, [0x7FC0_0000, 0x7F80_0000, unchecked((int)0xFF80_0000), 0x7F7F_FFFF])),
        ("numbers that are none", f => Places(f.Length, 1).SelectMany(i => Enumerable.Range(0, 16).Select(
            v => new Damage(DamageKind.Number, Damage.Place(i, f.Length), 1, v).To(f))).DistinctBy(Convert.ToHexString)),
        ("lines lost, doubled and exchanged", Lines),
        ("a label or member twice, an empty loop", f => [.. Pieces(f)]),
        ("line ends", f => [Text(f, t => t.Replace("\n", "\r\n")), Text(f, t => t.Replace('\n', '\r')), Text(f, t => t.TrimEnd()), [.. f, 10, 13, 10]]),
        ("other encodings", f =>
        [
            [0xEF, 0xBB, 0xBF, .. f], [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Encoding.Latin1.GetString(f))],
            Encoding.BigEndianUnicode.GetBytes(Encoding.Latin1.GetString(f)), [.. f, 0], [.. f[..(f.Length / 2)], 0, .. f[(f.Length / 2)..]],
            [.. f[..(f.Length / 2)], 0xE9, .. f[(f.Length / 2)..]], [.. f, 26],
        ]),
        ("gzip, and bombs", f =>
        [
            // An archive may have several parts, whose contents follow each other.
            ZippedMutator.Zip(f), ZippedMutator.Zip(ZippedMutator.Zip(f)), s_bomb.Value, [.. ZippedMutator.Zip(f), .. s_bomb.Value],
        ]),
        ("one thing many times", _ => s_pieces.Select(s => Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(s, (1 << 16) / s.Length))))),
        ("a file of another kind", _ => FuzzFolder.All.Where(t => !t.IsVerb).Select(t => t.Seeds[0]).Where(s => s.Length < 1 << 16)),
    ];

    private static IEnumerable<byte[]> Cut(byte[] file)
    {
        IEnumerable<int> lengths = [.. Enumerable.Range(0, 31).SelectMany(p => new[] { (1 << p) - 1, 1 << p, (1 << p) + 1 }),
            file.Length / 3, file.Length / 2, 1024, file.Length - 1, file.Length - 2, file.Length - 4, file.Length - 8, file.Length - 33];
        return lengths.Where(n => n > 0 && n < file.Length).Distinct().Select(n => file[..n]);
    }

    /// <summary>The first places of a file, and others spread over it.</summary>
    private static IEnumerable<int> Places(int length, int step)
    {
        var early = Enumerable.Range(0, MostPlaces / 2).Select(i => i * step);
        var later = Enumerable.Range(0, MostPlaces / 2).Select(i => (int)((long)i * length / (MostPlaces / 2)) / step * step);
        return early.Concat(later).Append(length - step).Where(i => i >= 0 && i < length).Distinct();
    }

    private static IEnumerable<byte[]> Words(byte[] file, int[] values) => Places(file.Length, 4).SelectMany(i => values.Select(
        v => Changed(file, i, b => { if (b.Length >= 4) { BinaryPrimitives.WriteInt32LittleEndian(b, v); } })));

    private static byte[] Changed(byte[] file, int at, Action<byte[]> change)
    {
        var rest = file[at..];
        change(rest);
        return [.. file[..at], .. rest];
    }

    private static byte[] Text(byte[] file, Func<string, string> change) => Encoding.Latin1.GetBytes(change(Encoding.Latin1.GetString(file)));

    private static IEnumerable<byte[]> Lines(byte[] file)
    {
        var lines = Encoding.Latin1.GetString(file).Split('\n');
        byte[] Of(IEnumerable<string> some) => Encoding.Latin1.GetBytes(string.Join('\n', some));
        foreach (var i in Places(lines.Length, 1))
        {
            yield return Of([.. lines[..i], .. lines[(i + 1)..]]);
            yield return Of([.. lines[..i], lines[i], .. lines[i..]]);
            yield return Of([.. lines[(i + 1)..], lines[i]]);
            yield return Of(lines[..i]);
            yield return Of([.. lines[..i], lines[i].Replace(" ", "\t", StringComparison.Ordinal), .. lines[(i + 1)..]]);
            yield return Of([.. lines[..i], lines[i] + " 1", .. lines[(i + 1)..]]);
        }
    }

    /// <summary>Lines of a text without its rows; pieces between commas twice.</summary>
    private static IEnumerable<byte[]> Pieces(byte[] file)
    {
        var text = Encoding.Latin1.GetString(file);
        string[] words = ["_", "data_", "loop_"];
        var head = text.Split('\n').Where(l => words.Any(w => l.StartsWith(w, StringComparison.Ordinal)));
        yield return Encoding.Latin1.GetBytes(string.Join('\n', head));
        var pieces = text.Split(',');
        foreach (var i in Places(pieces.Length, 1))
        {
            yield return Encoding.Latin1.GetBytes(string.Join(',', [.. pieces[..i], pieces[i], .. pieces[i..]]));
            yield return Encoding.Latin1.GetBytes(string.Join(',', [.. pieces[..i], .. pieces[(i + 1)..]]));
        }
    }
}
