using System.Text;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Reports;

/// <summary>A figure that can be written as SVG (sharp at any size) or as PNG. Both come from the same drawing.</summary>
public abstract class Chart
{
    private protected Chart(string title, double width, double height)
    {
        Title = title;
        Width = width;
        Height = height;
    }

    /// <summary>The heading; none if empty.</summary>
    public string Title { get; }

    /// <summary>Width, pixels of 1/96 inch.</summary>
    public double Width { get; }

    /// <summary>Height, pixels of 1/96 inch.</summary>
    public double Height { get; }

    /// <summary>The figure as an SVG document, which may be put into an HTML page as it is.</summary>
    /// <returns>The text.</returns>
    public string ToSvg()
    {
        var canvas = new SvgCanvas(Width, Height);
        Draw(canvas);
        return canvas.ToString();
    }

    /// <summary>The figure as a PNG file.</summary>
    /// <param name="scale">Image pixels to each pixel of <see cref="Width"/> and <see cref="Height"/>; 2 reads well on screens and in print.</param>
    /// <returns>The file's bytes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The scale is not from 0.25 to 16.</exception>
    public byte[] ToPng(double scale = 2)
    {
        if (!(scale >= 0.25 && scale <= 16))
        {
            throw new ArgumentOutOfRangeException(nameof(scale), "The scale of a PNG is from 0.25 to 16.");
        }

        var canvas = new PngCanvas(Width, Height, scale);
        Draw(canvas);
        return canvas.ToPng();
    }

    /// <summary>Writes the figure to a file, as SVG or PNG by the name's ending. The file appears whole or not at all.</summary>
    /// <param name="path">A name that ends in .svg or .png.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <exception cref="ArgumentException">The name has another ending.</exception>
    /// <exception cref="Gmm.Core.InvalidInputException">The file exists and must not be replaced, or it cannot be written.</exception>
    public void Save(string path, bool overwrite = false)
    {
        var content = Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".SVG" => Encoding.UTF8.GetBytes(ToSvg()),
            ".PNG" => ToPng(),
            _ => throw new ArgumentException($"A chart is written to .svg or .png, not to {path}.", nameof(path)),
        };
        AtomicOutput.Write(path, overwrite, stream => stream.Write(content));
    }

    /// <summary>The figure as pixels, RGB, rows from the top.</summary>
    internal (byte[] Pixels, int Columns, int Rows) Paint(double scale)
    {
        var canvas = new PngCanvas(Width, Height, scale);
        Draw(canvas);
        return canvas.ToPixels();
    }

    internal abstract void Draw(ICanvas canvas);
}
