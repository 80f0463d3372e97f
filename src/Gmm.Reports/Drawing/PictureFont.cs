using ScottPlot;
using SkiaSharp;

namespace Gmm.Reports;

/// <summary>The font of all pictures, which comes with the library, so that a machine without fonts draws text, and every machine the same.</summary>
/// <remarks>Arimo, SIL Open Font License 1.1 (Fonts/README.md). Its letters are as wide as Arial's and Helvetica's.</remarks>
internal static class PictureFont
{
    private static readonly Lazy<SKTypeface> s_regular = new(() => Load("Arimo-Regular.ttf"));
    private static readonly Lazy<SKTypeface> s_bold = new(() => Load("Arimo-Bold.ttf"));

    /// <summary>A font for the canvas of a picture without axes.</summary>
    public static SKFont Of(double size, bool bold = false) => new(Typeface(bold), (float)size) { Subpixel = true, Hinting = SKFontHinting.None };

    /// <summary>Sets the font of a label of ScottPlot's.</summary>
    public static void Set(LabelStyle label, float size, Color colour, bool bold = false) =>
        (label.Font, label.FontSize, label.ForeColor) = (Typeface(bold), size, colour);

    /// <summary>Length of a text, pixels.</summary>
    public static double Measure(string text, double size, bool bold = false)
    {
        using var font = Of(size, bold);
        return font.MeasureText(text);
    }

    /// <summary>
    /// A text that fits a room: smaller if it must be, down to a size that can be read, and then with the middle left out, as the ends of names tell them
    /// apart. Nothing is cut off without a mark.
    /// </summary>
    /// <param name="text">One line.</param>
    /// <param name="size">The size wanted; the size to take.</param>
    /// <param name="room">Pixels.</param>
    /// <param name="bold">The weight.</param>
    /// <returns>The text to write.</returns>
    public static string Fit(string text, ref double size, double room, bool bold = false)
    {
        const double Least = 9;
        var length = Measure(text, size, bold);
        size = length <= room ? size : Math.Max(Math.Min(size, Least), size * room / length);
        var kept = text.Length;
        var fit = text;
        while (kept > 2 && Measure(fit, size, bold) > room + 0.01)
        {
            kept--;
            fit = PictureText.Line(string.Concat(text.AsSpan(0, kept / 2), "…", text.AsSpan(text.Length - (kept - (kept / 2)))));
        }

        return fit;
    }

    internal static SKTypeface Typeface(bool bold) => (bold ? s_bold : s_regular).Value;

    private static SKTypeface Load(string file)
    {
        using var stream = typeof(PictureFont).Assembly.GetManifestResourceStream("Gmm.Reports.Fonts." + file)!;
        using var data = SKData.Create(stream);
        return SKTypeface.FromData(data);
    }
}
