using System.Globalization;
using System.Runtime.CompilerServices;

namespace Gmm.IO;

/// <summary>Numbers of files as text.</summary>
internal static class NumberText
{
    /// <summary>Whole numbers up to 2^53 are float64 without rounding.</summary>
    private const ulong MostExact = 1UL << 53;

    /// <summary>So many decimal digits always fit 64 bits.</summary>
    private const int MostDigits = 19;

    /// <summary>The powers of ten that float64 holds without rounding: 5^22 is less than 2^53.</summary>
    private static ReadOnlySpan<double> Powers =>
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

    /// <summary>The number of a text in the invariant culture; to the bit what <see cref="double.Parse(string, IFormatProvider)"/> makes of it.</summary>
    /// <remarks>
    /// Sign, digits and point are read here, as long as both the digits as a whole number and the power of ten that divides it are without rounding: then the
    /// one division rounds to the nearest, as it must (W. D. Clinger, How to read floating point numbers accurately, PLDI 1990). All other texts are
    /// the runtime's.
    /// </remarks>
    /// <param name="text">UTF-8.</param>
    /// <param name="value">The number; it may be infinite or NaN.</param>
    /// <returns>False if the text is no number.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryParse(ReadOnlySpan<byte> text, out double value)
    {
        var at = text.Length > 0 && text[0] is (byte)'-' or (byte)'+' ? 1 : 0;
        var (mantissa, digits, decimals) = (0UL, 0, -1);
        for (; at < text.Length; at++)
        {
            var digit = (uint)text[at] - '0';
            if (digit <= 9)
            {
                mantissa = (10 * mantissa) + digit;
                digits++;
                decimals += decimals >= 0 ? 1 : 0;
            }
            else if (text[at] == (byte)'.' && decimals < 0)
            {
                decimals = 0;
            }
            else
            {
                break;
            }
        }

        if (at < text.Length || digits is 0 or > MostDigits || mantissa > MostExact)
        {
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        }

        value = mantissa / Powers[Math.Max(0, decimals)];
        value = text[0] == (byte)'-' ? -value : value;
        return true;
    }
}
