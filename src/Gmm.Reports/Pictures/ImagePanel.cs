namespace Gmm.Reports;

/// <summary>One grey image of an <see cref="ImageGrid"/>: bright is high.</summary>
public sealed class ImagePanel
{
    // Shares of the pixels that may be pure black and pure white, so that a hot pixel does not darken the rest.
    private const double LowShare = 0.005;
    private const double HighShare = 0.997;

    /// <summary>Makes a panel on given pixels, which are kept, not copied.</summary>
    /// <param name="label">What stands above it.</param>
    /// <param name="pixels">columns x rows values, x fastest. The first row stored is shown at the bottom, as EM programs do.</param>
    /// <param name="columns">Pixels along x.</param>
    /// <param name="rows">Pixels along y.</param>
    /// <param name="pixelSize">Angstrom per pixel, for a scale bar; 0 for none.</param>
    /// <exception cref="ArgumentException">The number of pixels is not columns x rows, or is 0.</exception>
    public ImagePanel(string label, float[] pixels, int columns, int rows, double pixelSize = 0)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        if (columns <= 0 || rows <= 0 || pixels.Length != (long)columns * rows)
        {
            throw new ArgumentException($"Panel \"{label}\": an image of {columns} x {rows} does not have {pixels.Length} pixels.", nameof(pixels));
        }

        (Label, Pixels, Columns, Rows, PixelSize) = (label, pixels, columns, rows, pixelSize);
    }

    /// <summary>What stands above it.</summary>
    public string Label { get; }

    /// <summary>The values, x fastest.</summary>
    public float[] Pixels { get; }

    /// <summary>Pixels along x.</summary>
    public int Columns { get; }

    /// <summary>Pixels along y.</summary>
    public int Rows { get; }

    /// <summary>Angstrom per pixel; 0 if not said.</summary>
    public double PixelSize { get; }

    /// <summary>Values shown black and white, so that pictures of a row compare; null takes them from the pixels.</summary>
    public (float Low, float High)? Limits { get; init; }

    /// <summary>The values shown black and white: <see cref="Limits"/>, or those that the pixels themselves ask for.</summary>
    internal (float Low, float High) Contrast()
    {
        var sorted = Array.FindAll(Pixels, float.IsFinite);
        Array.Sort(sorted);
        if (sorted.Length == 0)
        {
            return (0, 0);
        }

        var (low, high) = Limits ?? (sorted[(int)(LowShare * (sorted.Length - 1))], sorted[(int)(HighShare * (sorted.Length - 1))]);
        return high > low ? (low, high) : (sorted[0], sorted[^1]);
    }

    /// <summary>The pixels from black to white, the last stored row first. Values that are not finite are black.</summary>
    internal byte[] ToGrey()
    {
        var grey = new byte[Pixels.Length];
        var (low, high) = Contrast();
        var range = high > low ? high - low : 1;
        for (var y = 0; y < Rows; y++)
        {
            for (var x = 0; x < Columns; x++)
            {
                var value = Pixels[((Rows - 1 - y) * Columns) + x];
                grey[(y * Columns) + x] = float.IsFinite(value) ? (byte)Math.Round(255 * Math.Clamp((value - low) / range, 0, 1)) : (byte)0;
            }
        }

        return grey;
    }
}
