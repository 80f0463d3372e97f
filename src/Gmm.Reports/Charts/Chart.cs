using System.Text;
using Gmm.Core;
using Gmm.IO;
using SkiaSharp;

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
    /// <exception cref="PicturesUnavailableException">This machine cannot draw.</exception>
    public string ToSvg() => Guarded(() =>
    {
        using var stream = new MemoryStream();
        using (var canvas = SKSvgCanvas.Create(new SKRect(0, 0, (float)Width, (float)Height), stream))
        {
            canvas.Clear(SKColors.White);
            Draw(canvas, svg: true);
        }

        return SvgText.Complete(Encoding.UTF8.GetString(stream.ToArray()), SmoothImages);
    });

    /// <summary>The figure as a PNG file.</summary>
    /// <param name="scale">Image pixels to each pixel of <see cref="Width"/> and <see cref="Height"/>; 2 reads well on screens and in print.</param>
    /// <returns>The file's bytes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The scale is not from 0.25 to 16.</exception>
    /// <exception cref="PicturesUnavailableException">This machine cannot draw.</exception>
    public byte[] ToPng(double scale = 2)
    {
        if (!(scale >= 0.25 && scale <= 16))
        {
            throw new ArgumentOutOfRangeException(nameof(scale), "The scale of a PNG is from 0.25 to 16.");
        }

        return PngChunks.WithResolution(ToPlainPng(scale), 96 * scale);
    }

    /// <summary>Writes the figure to a file, as SVG or PNG by the name's ending. The file appears whole or not at all.</summary>
    /// <param name="path">A name that ends in .svg or .png.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <exception cref="ArgumentException">The name has another ending.</exception>
    /// <exception cref="InvalidInputException">The file exists and must not be replaced, or it cannot be written.</exception>
    /// <exception cref="PicturesUnavailableException">This machine cannot draw.</exception>
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

    /// <summary>The figure as a PNG file, RGB, as Skia writes it.</summary>
    internal byte[] ToPlainPng(double scale) => Guarded(() =>
    {
        var info = new SKImageInfo((int)Math.Round(Width * scale), (int)Math.Round(Height * scale), SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var bitmap = new SKBitmap(info);
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(SKColors.White);
            canvas.Scale((float)scale);
            Draw(canvas, svg: false);
        }

        // Differences to the row above: no larger than with the best of all filters for each row, and twice as fast (docs/notes/charts.md).
        // The pixels are held until they are encoded: SkiaSharp does not, and the collector would free them below the encoder.
        using var pixels = bitmap.PeekPixels();
        using var data = pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.Up, 6))
            ?? throw new InvalidOperationException($"The picture \"{Title}\" is too large for a PNG.");
        return data.ToArray();
    });

    /// <summary>Whether images in the figure are smooth when they are enlarged, not cells.</summary>
    private protected virtual bool SmoothImages => false;

    /// <summary>Draws on a white canvas of <see cref="Width"/> by <see cref="Height"/>.</summary>
    internal abstract void Draw(SKCanvas canvas, bool svg);

    private static T Guarded<T>(Func<T> draw)
    {
        try
        {
            return draw();
        }
        catch (Exception e) when (PicturesUnavailableException.Means(e))
        {
            throw PicturesUnavailableException.From(e);
        }
    }
}
