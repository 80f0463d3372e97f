using System.Globalization;
using System.Text.RegularExpressions;

namespace Gmm.Reports;

/// <summary>Numbers and sentences as a report page shows them.</summary>
internal static partial class ReportText
{
    /// <summary>A number with the digits that tell something.</summary>
    public static string Number(double value, int digits = 3) => !double.IsFinite(value) ? "–"
        : value == 0 ? "0"
        : value < 0 ? "\u2212" + Number(-value, digits)
        : Math.Abs(value) >= Math.Pow(10, digits) ? value.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', '\u202F')
        : Math.Abs(value) < 1e-4 ? value.ToString("0.#e0", CultureInfo.InvariantCulture)
        : value.ToString("F" + Math.Clamp(digits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 6), CultureInfo.InvariantCulture);

    /// <summary>A number with as many decimals as two digits of its uncertainty have.</summary>
    public static string Decimals(double value, double sigma) =>
        value.ToString("F" + Math.Clamp(1 - (int)Math.Floor(Math.Log10(sigma)), 0, 6).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>A whole number with the sign that print has.</summary>
    public static string Signed(double value) => Math.Round(value).ToString("0;\u22120", CultureInfo.InvariantCulture);

    /// <summary>A whole number, thousands set apart.</summary>
    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', '\u202F');

    /// <summary>So many images: particles, or tilt images of fewer of these.</summary>
    /// <param name="images">How many.</param>
    /// <param name="tiltParticles">Particles that they are tilts of; null where each is a particle of its own.</param>
    public static string Images(long images, int? tiltParticles) =>
        tiltParticles is { } n ? $"{Count(images)} tilt images of {Count(n)} particles" : $"{Count(images)} particles";

    /// <summary>A resolution; a dash where there is none.</summary>
    public static string Resolution(double? angstrom, bool nyquist = false) => angstrom is { } a
        ? string.Create(CultureInfo.InvariantCulture, $"{a:F2} Å") + (nyquist ? " (Nyquist)" : string.Empty) : "–";

    /// <summary>A time.</summary>
    public static string Time(double seconds) => seconds switch
    {
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{seconds:F1} s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)seconds / 60} min {(int)seconds % 60:D2} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)seconds / 3600} h {(int)seconds % 3600 / 60:D2} min"),
    };

    /// <summary>A memory or file size in bytes.</summary>
    public static string Bytes(double bytes) => bytes switch
    {
        < 1e3 => string.Create(CultureInfo.InvariantCulture, $"{bytes:F0} B"),
        < 1e6 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:F1} kB"),
        < 1e9 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F1} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:F2} GB"),
    };

    /// <summary>A sentence of a record, which is plain text of a terminal, with the signs that a page has.</summary>
    public static string OfLine(string line) => Degrees().Replace(Angstrom().Replace(line.Replace(" +- ", " ± ", StringComparison.Ordinal), "$1 Å"), "$1°");

    /// <summary>The same as a sentence of its own.</summary>
    public static string Sentence(string line)
    {
        var text = OfLine(line);
        return text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..] + (text[^1] is '.' or '!' or '?' or ')' ? string.Empty : ".");
    }

    [GeneratedRegex(@"(\d) A\b")]
    private static partial Regex Angstrom();

    [GeneratedRegex(@"(\d) deg\b")]
    private static partial Regex Degrees();
}
