using System.Globalization;

namespace Gmm.Cli;

/// <summary>Text with numbers in the invariant culture.</summary>
internal static class Texts
{
    public static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>A resolution, or a dash where the curve never falls below the threshold.</summary>
    public static string Resolution(double? angstrom) => angstrom is { } a && double.IsFinite(a) ? Line($"{a:F2} A") : "-";

    /// <summary>A number that JSON can hold: null in place of NaN and infinity.</summary>
    public static double? Finite(double? value) => value is { } v && double.IsFinite(v) ? v : null;
}
