using System.Globalization;

namespace Gmm.Cli;

/// <summary>Text with numbers in the invariant culture.</summary>
internal static class Texts
{
    public static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// A resolution; marked where the curve never falls below the threshold, so that the pixel size is the limit; in words where there is none.
    /// </summary>
    public static string Resolution(double? angstrom, bool isNyquist = false) =>
        angstrom is null ? "no resolution" : isNyquist ? Line($"Nyquist, {angstrom:F2} A") : Line($"{angstrom:F2} A");

    /// <summary>Width of a column that holds its heading and its widest text.</summary>
    public static int Width(string heading, IEnumerable<string> texts) => texts.Select(t => t.Length).Append(heading.Length).Max();

    /// <summary>A number that JSON can hold: null in place of NaN and infinity.</summary>
    public static double? Finite(double? value) => value is { } v && double.IsFinite(v) ? v : null;
}
