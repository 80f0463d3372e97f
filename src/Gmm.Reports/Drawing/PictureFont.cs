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

    internal static SKTypeface Typeface(bool bold) => (bold ? s_bold : s_regular).Value;

    private static SKTypeface Load(string file)
    {
        using var stream = typeof(PictureFont).Assembly.GetManifestResourceStream("Gmm.Reports.Fonts." + file)!;
        using var data = SKData.Create(stream);
        return SKTypeface.FromData(data);
    }
}
