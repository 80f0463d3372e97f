namespace Gmm.Reports;

/// <summary>The looks that all charts share.</summary>
internal static class ChartTheme
{
    public const double TitleSize = 15;
    public const double AxisTitleSize = 14;
    public const double LabelSize = 13;
    public const double SmallSize = 12;

    public static readonly Rgb Ink = new(0x22, 0x22, 0x22);
    public static readonly Rgb Quiet = new(0x77, 0x77, 0x77);
    public static readonly LineStyle AxisLine = new(1, Ink);

    // Okabe and Ito's palette, without its yellow, which is too pale for lines on white; black comes last.
    private static readonly Rgb[] s_palette =
    [
        new(0x00, 0x72, 0xb2), new(0xd5, 0x5e, 0x00), new(0x00, 0x9e, 0x73), new(0xcc, 0x79, 0xa7), new(0xe6, 0x9f, 0x00), new(0x56, 0xb4, 0xe9), new(0, 0, 0),
    ];

    public static Rgb SeriesColour(int index) => s_palette[index % s_palette.Length];

    // When the colours come round again, dashes tell the series apart.
    public static LineStyle SeriesLine(int index, bool dashed) => new(1.8, SeriesColour(index), dashed || index / s_palette.Length % 2 == 1 ? 5 : 0);

    /// <summary>The middle of the nearest pixel, where a line one pixel wide is sharp.</summary>
    public static double Crisp(double value) => Math.Floor(value) + 0.5;
}
