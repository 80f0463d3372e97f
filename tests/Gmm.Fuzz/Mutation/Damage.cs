using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Gmm.Fuzz;

/// <summary>What happens to a file at one place.</summary>
internal enum DamageKind
{
    /// <summary>All behind the place is lost.</summary>
    Cut,

    /// <summary>A bit is turned.</summary>
    Flip,

    /// <summary>Four bytes become a number that arithmetic stumbles over.</summary>
    Word,

    /// <summary>Bytes become zeros.</summary>
    Zero,

    /// <summary>Bytes become any others.</summary>
    Noise,

    /// <summary>Bytes become those of another place.</summary>
    Copy,

    /// <summary>Bytes are lost.</summary>
    Delete,

    /// <summary>Bytes are there many times.</summary>
    Repeat,

    /// <summary>A word of one of the formats is put in.</summary>
    Insert,

    /// <summary>The next number of a text becomes another.</summary>
    Number,
}

/// <summary>A damage to a file: drawn by <see cref="ByteMutator"/> without end, and by FsCheck, which tries smaller ones where a rule is broken.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="At">Where, in millionths of the file.</param>
/// <param name="Length">How many bytes.</param>
/// <param name="Value">Which bit, number or word; how many times; from where.</param>
internal sealed record Damage(DamageKind Kind, int At, int Length, int Value)
{
    /// <summary>The end of a file.</summary>
    public const int End = 1_000_000;

    /// <summary>One word in so many is big-endian.</summary>
    private const int BigEndianEvery = 8;

    private static readonly uint[] s_words =
    [
        0, 1, 2, 0xFFFF_FFFF, 0x7FFF_FFFF, 0x8000_0000, 0x0001_0000, 0x00FF_FFFF, 0x4000_0000, 0x7F80_0000, 0x7FC0_0000, 0x7F7F_FFFF, 0x5F00_0000, 255, 4096,
        0x3B9A_CA00, 3, 4, 7, 16, 127, 128, 256, 1000, 32767, 65535, 1 << 20, (1 << 20) + 1, 1 << 24, 0xFFFF_FFFE, 0x7FFF_FFF8, 101, 0xFF80_0000, 0x8000_0001,
        5, 6, 8, 9, 10, 12, 20, 24, 32, 39, 0xFFFF_FFFD, 0xFFFF_FFFC, 0x3F80_0000, 0xBF80_0000, 0x5015_02F9, 0x7F61_B1E6, 0xFF61_B1E6, 0x006C_E3EE,
    ];

    private static readonly string[] s_numbers =
    [
        "0", "-1", "1e308", "-1e39", "1e-320", "nan", "inf", "2147483647", "2147483648", "99999999999999999999", "0x10", "1,5", "1e", "--1", ".", "16777217",
    ];

    private static readonly string[] s_pieces =
    [
        "\n", "\r\n", "\t", "\0", "\"", "'", "#", ";", "\n;\n", "loop_\n", "data_\n", "_rlnImageName #1\n", "null", "[", "{", "}", "]", ",", "NaN", "\u00E9",
        "\uFEFF", "../", "END\n", "ATOM  ",
    ];

    /// <summary>The place of a byte of a file.</summary>
    public static int Place(long at, int length) => length == 0 ? 0 : (int)(((at * End) + length - 1) / length);

    /// <summary>A damaged copy.</summary>
    public byte[] To(byte[] file)
    {
        var at = (int)((long)At * file.Length / End);
        var end = Math.Min(file.Length, at + Length);
        switch (Kind)
        {
            case DamageKind.Cut:
                return file[..at];
            case DamageKind.Delete:
                return [.. file[..at], .. file[end..]];
            case DamageKind.Repeat:
                return [.. file[..end], .. Enumerable.Repeat(file[at..end], 1 + (Value % 64)).SelectMany(b => b), .. file[end..]];
            case DamageKind.Insert:
                return [.. file[..at], .. Encoding.UTF8.GetBytes(s_pieces[Value % s_pieces.Length]), .. file[at..]];
            case DamageKind.Number:
                return WithNumber(file, at, Encoding.ASCII.GetBytes(s_numbers[Value % s_numbers.Length]));
            default:
                var copy = file.ToArray();
                InPlace(copy, at, end);
                return copy;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind}({At}, {Length}, {Value})");

    private void InPlace(byte[] copy, int at, int end)
    {
        var place = copy.AsSpan(at, end - at);
        switch (Kind)
        {
            case DamageKind.Zero:
                place.Clear();
                break;
            case DamageKind.Noise:
                new Random(Value).NextBytes(place);
                break;
            case DamageKind.Copy when copy.Length > 0:
                var from = copy.AsSpan(Value % copy.Length);
                from[..Math.Min(from.Length, place.Length)].CopyTo(place);
                break;
            case DamageKind.Flip when at < copy.Length:
                copy[at] ^= (byte)(1 << (Value % 8));
                break;
            case DamageKind.Word when at / 4 * 4 is var word && word + 4 <= copy.Length:
                var number = s_words[Value % s_words.Length];
                BinaryPrimitives.WriteUInt32LittleEndian(
                    copy.AsSpan(word), Value / s_words.Length % BigEndianEvery == BigEndianEvery - 1 ? BinaryPrimitives.ReverseEndianness(number) : number);
                break;
        }
    }

    /// <summary>The first number behind a place replaced.</summary>
    private static byte[] WithNumber(byte[] file, int at, byte[] number)
    {
        static bool IsOfNumber(byte b) => b is (>= (byte)'0' and <= (byte)'9') or (byte)'.' or (byte)'-';
        var start = at;
        while (start < file.Length && !IsOfNumber(file[start]))
        {
            start++;
        }

        var end = start;
        while (end < file.Length && IsOfNumber(file[end]))
        {
            end++;
        }

        return [.. file[..start], .. number, .. file[end..]];
    }
}
