using System.Globalization;
using System.Text;

namespace Gmm.Reports;

/// <summary>Words and numbers as pictures write them.</summary>
internal static class PictureText
{
    /// <summary>
    /// One line that every picture can hold. XML 1.0 has no way to hold most control characters, nor halves of surrogate pairs: they are replaced, so that an
    /// SVG opens, whatever a name was made of.
    /// </summary>
    public static string Line(string text)
    {
        var fit = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            // EnumerateRunes gives U+FFFD for half a pair.
            fit.Append(rune.Value < 0x20 || rune.Value is (>= 0x7f and <= 0x9f) or 0xfffe or 0xffff ? "\ufffd" : rune.ToString());
        }

        return fit.ToString();
    }

    /// <summary>A number with the digits that it needs and a true minus sign.</summary>
    public static string Number(double value)
    {
        var size = Math.Abs(value);
        return (size is >= 1e6 or (> 0 and < 1e-4)
            ? value.ToString("0.##e0", CultureInfo.InvariantCulture)
            : value.ToString("0.######", CultureInfo.InvariantCulture)).Replace('-', '−');
    }
}
