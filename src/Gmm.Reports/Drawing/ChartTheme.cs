using ScottPlot;

namespace Gmm.Reports;

/// <summary>The looks that all charts share.</summary>
internal static class ChartTheme
{
    public const float TitleSize = 15;
    public const float AxisTitleSize = 14;
    public const float LabelSize = 13;
    public const float SmallSize = 12;
    public const float LineWidth = 1.8f;

    public static readonly Color Ink = Color.FromHex("#222222");
    public static readonly Color Pale = Color.FromHex("#a0a8b0");
    public static readonly Color Quiet = Color.FromHex("#777777");

    // Okabe and Ito's palette, without its yellow, which is too pale for lines on white; black comes last.
    private static readonly Color[] s_palette =
        [.. new[] { "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000" }.Select(h => Color.FromHex(h))];

    // Lines differ by more than colour, on paper too. The last is for reference lines.
    private static readonly float[][] s_dashes = [[], [7, 3], [2, 2], [8, 2.5f, 2, 2.5f], [14, 3], [4, 4]];

    private static readonly MarkerShape[] s_markers =
        [MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledDiamond, MarkerShape.FilledTriangleDown];

    /// <summary>From nearly white to dark blue, even in lightness.</summary>
    public static readonly IColormap Blues = new ScottPlot.Colormaps.CustomInterpolated(
        [.. new[] { "#e3eef7", "#9cc7e2", "#4f9bcb", "#0f6aa8", "#08223f" }.Select(h => Color.FromHex(h))]);

    public static Color SeriesColour(int index) => s_palette[index % s_palette.Length];

    /// <summary>The pattern of dashes for reference lines, which no series has.</summary>
    public static int ReferencePattern => s_dashes.Length - 1;

    /// <summary>Lengths of dashes and gaps, pixels; none for a line without gaps.</summary>
    public static IReadOnlyList<float> Dashes(int pattern) => s_dashes[pattern];

    /// <summary>The pattern of a series; a dashed one is never without gaps.</summary>
    public static int SeriesPattern(int index, bool dashed = false) => dashed && index % ReferencePattern == 0 ? 1 : index % ReferencePattern;

    public static MarkerShape SeriesMarker(int index) => s_markers[index % s_markers.Length];
}
