using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Gmm.Fuzz.Tests;

/// <summary>What happens to a file at one place.</summary>
public enum DamageKind
{
    /// <summary>All behind the place is lost.</summary>
    Cut,

    /// <summary>A bit is turned.</summary>
    Flip,

    /// <summary>Four bytes become a number that arithmetic stumbles over.</summary>
    Word,

    /// <summary>Bytes become zeros.</summary>
    Zero,

    /// <summary>Bytes are lost.</summary>
    Delete,

    /// <summary>Bytes are there many times.</summary>
    Repeat,

    /// <summary>A word of one of the formats is put in.</summary>
    Insert,

    /// <summary>The next number of a text becomes another.</summary>
    Number,
}

/// <summary>A damage to a file.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="At">Where, in ten-thousandths of the file.</param>
/// <param name="Length">How many bytes.</param>
/// <param name="Value">Which bit, number or word; how many times.</param>
public sealed record Damage(DamageKind Kind, int At, int Length, int Value)
{
    /// <summary>The end of a file.</summary>
    public const int End = 10_000;

    private static readonly uint[] s_words =
    [
        0, 1, 2, 0xFFFF_FFFF, 0x7FFF_FFFF, 0x8000_0000, 0x0001_0000, 0x00FF_FFFF, 0x4000_0000, 0x7F80_0000, 0x7FC0_0000, 0x7F7F_FFFF, 0x5F00_0000, 255, 4096,
        0x3B9A_CA00,
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
        if (Kind == DamageKind.Zero)
        {
            copy.AsSpan(at, end - at).Clear();
        }
        else if (Kind == DamageKind.Flip && at < copy.Length)
        {
            copy[at] ^= (byte)(1 << (Value % 8));
        }
        else if (Kind == DamageKind.Word && at / 4 * 4 is var word && word + 4 <= copy.Length)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(copy.AsSpan(word), s_words[Value % s_words.Length]);
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
