namespace Gmm.Core;

/// <summary>
/// Measures the background of images of one size: a plane fitted by least squares to the pixels outside a circle, and their standard deviation about
/// it. Pixels far off (hot pixels, a neighbour) are left out of both. Immutable; scratch is the caller's.
/// </summary>
/// <remarks>
/// The circle has 0.45 of the box as its radius, between RELION's usual background circle (0.375) and the corners, so that a particle that nearly fills
/// the box stays inside. In an image whose corners have one value (masked), the outermost ring of pixels that have another is the border.
/// <example>
/// <code>
/// var border = new ImageBorder(size);
/// ImageFigures figures = border.Measure(pixels, new int[border.ScratchLength]);
/// </code>
/// </example>
/// </remarks>
internal sealed class ImageBorder
{
    /// <summary>Radius of the circle outside of which the border lies, in units of the box.</summary>
    public const double Radius = 0.45;

    /// <summary>Radius of the middle, in units of the box.</summary>
    public const double InsideRadius = 0.3;

    /// <summary>Beyond this radius, in units of the box, there are the corners only; a masked image is constant there.</summary>
    private const double CornerRadius = 0.6;

    /// <summary>Share of a masked image's radius beyond which its border lies: as 0.45 to the half box that a mask mostly has.</summary>
    private const double MaskedShare = 0.9;

    /// <summary>Fewest pixels that tell a plane and a standard deviation.</summary>
    private const int LeastPixels = 16;

    /// <summary>Pixels farther off than so many standard deviations are left out; of normal ones 6 in 100,000 are.</summary>
    private const double Clip = 4;

    private const int MostRounds = 8;

    private readonly float[] _unit;
    private readonly int[] _border;
    private readonly int[] _inside;
    private readonly int[] _corners;

    /// <summary>Prepares the measurement.</summary>
    /// <param name="size">Side of the images, pixels.</param>
    public ImageBorder(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        Size = size;
        _unit = new float[size];
        for (var x = 0; x < size; x++)
        {
            _unit[x] = (x - (0.5f * (size - 1))) / (0.5f * size);
        }

        _border = Select(r => r > Radius);
        _inside = Select(r => r < InsideRadius);
        _corners = Select(r => r > CornerRadius);
    }

    /// <summary>Side of the images, pixels.</summary>
    public int Size { get; }

    /// <summary>Values that <see cref="Measure"/> needs to work.</summary>
    public int ScratchLength => Size * Size;

    /// <summary>Measures an image.</summary>
    /// <param name="pixels">Size x Size finite values.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> values, overwritten.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="ArgumentException">A span of another length.</exception>
    public ImageFigures Measure(ReadOnlySpan<float> pixels, Span<int> scratch)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(pixels.Length, Size * Size, nameof(pixels));
        ArgumentOutOfRangeException.ThrowIfLessThan(scratch.Length, ScratchLength, nameof(scratch));
        if (!pixels.ContainsAnyExcept(pixels[0]))
        {
            return new ImageFigures(ImageKind.Constant, pixels[0], 0, 0, 0, 0, pixels[0]);
        }

        var isMasked = IsMasked(pixels);
        var count = isMasked ? SelectMasked(pixels, scratch) : Copy(_border, scratch);
        if (count < LeastPixels || !Fit(pixels, scratch, count, out var plane, out var deviation))
        {
            return new ImageFigures(ImageKind.NoBorder, 0, 0, 0, 0, 0, pixels[0]);
        }

        return new ImageFigures(
            isMasked ? ImageKind.Masked : ImageKind.Ordinary, (float)plane.C, (float)plane.X, (float)plane.Y, (float)deviation, (float)Inside(pixels, plane),
            isMasked ? pixels[0] : 0);
    }

    /// <summary>(pixel - plane) x factor for every pixel; those outside the mask of a masked image become 0.</summary>
    /// <param name="pixels">The image, which is changed.</param>
    /// <param name="mean">The plane in the middle.</param>
    /// <param name="slopeX">Its gain from there to the edge along x.</param>
    /// <param name="slopeY">The same along y.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="fill">The value outside the mask; null for an image without one.</param>
    public void Apply(Span<float> pixels, float mean, float slopeX, float slopeY, float factor, float? fill)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(pixels.Length, Size * Size, nameof(pixels));
        for (var y = 0; y < Size; y++)
        {
            var row = pixels.Slice(y * Size, Size);
            var start = mean + (slopeY * _unit[y]);
            for (var x = 0; x < row.Length; x++)
            {
                row[x] = row[x] == fill ? 0 : (row[x] - (start + (slopeX * _unit[x]))) * factor;
            }
        }
    }

    private static int Copy(int[] from, Span<int> to)
    {
        from.CopyTo(to);
        return from.Length;
    }

    private int[] Select(Func<double, bool> condition) =>
        [.. Enumerable.Range(0, Size * Size).Where(i => condition(RadiusOf(i) / Size))];

    private double RadiusOf(int i)
    {
        double x = (i % Size) - (Size / 2), y = (i / Size) - (Size / 2);
        return Math.Sqrt((x * x) + (y * y));
    }

    private bool IsMasked(ReadOnlySpan<float> pixels)
    {
        foreach (var i in _corners)
        {
            if (pixels[i] != pixels[0])
            {
                return false;
            }
        }

        return _corners.Length >= LeastPixels;
    }

    private int SelectMasked(ReadOnlySpan<float> pixels, Span<int> indices)
    {
        double most = 0;
        for (var i = 0; i < pixels.Length; i++)
        {
            if (pixels[i] != pixels[0])
            {
                most = Math.Max(most, RadiusOf(i));
            }
        }

        var from = Math.Min(Radius * Size, MaskedShare * most);
        var count = 0;
        for (var i = 0; i < pixels.Length; i++)
        {
            if (pixels[i] != pixels[0] && RadiusOf(i) > from)
            {
                indices[count++] = i;
            }
        }

        return count;
    }

    /// <summary>The plane through pixels, those far off it left out one after the other. False where they do not differ, or lie on a line.</summary>
    private bool Fit(ReadOnlySpan<float> pixels, Span<int> indices, int count, out (double C, double X, double Y) plane, out double deviation)
    {
        for (var round = 1; ; round++)
        {
            (plane, deviation) = (default, 0);
            if (count < LeastPixels || !Solve(pixels, indices[..count], out plane))
            {
                return false;
            }

            double sum = 0;
            foreach (var i in indices[..count])
            {
                var d = Residual(pixels, i, plane);
                sum += d * d;
            }

            deviation = Math.Sqrt(sum / (count - 3));
            var kept = 0;
            for (var n = 0; n < count; n++)
            {
                if (Math.Abs(Residual(pixels, indices[n], plane)) <= Clip * deviation)
                {
                    indices[kept++] = indices[n];
                }
            }

            if (kept == count || round == MostRounds)
            {
                // A rest of rounding about a constant border is no noise.
                return deviation > 1e-6 * Math.Abs(plane.C) && deviation > 0;
            }

            count = kept;
        }
    }

    private double Residual(ReadOnlySpan<float> pixels, int i, in (double C, double X, double Y) plane) =>
        pixels[i] - (plane.C + (plane.X * _unit[i % Size]) + (plane.Y * _unit[i / Size]));

    /// <summary>Least squares by the normal equations of 1, x and y, values taken from the first one so that nothing is lost to a large mean.</summary>
    private bool Solve(ReadOnlySpan<float> pixels, ReadOnlySpan<int> indices, out (double C, double X, double Y) plane)
    {
        double first = pixels[indices[0]], n = indices.Length;
        double sx = 0, sy = 0, sxx = 0, sxy = 0, syy = 0, sv = 0, sxv = 0, syv = 0;
        foreach (var i in indices)
        {
            double x = _unit[i % Size], y = _unit[i / Size], v = pixels[i] - first;
            sx += x;
            sy += y;
            sxx += x * x;
            sxy += x * y;
            syy += y * y;
            sv += v;
            sxv += x * v;
            syv += y * v;
        }

        // About the means: two equations are left for the slopes.
        double xx = sxx - (sx * sx / n), xy = sxy - (sx * sy / n), yy = syy - (sy * sy / n), xv = sxv - (sx * sv / n), yv = syv - (sy * sv / n);
        var determinant = (xx * yy) - (xy * xy);
        if (!(determinant > 1e-9 * n * n))
        {
            plane = default;
            return false;
        }

        double a = ((yy * xv) - (xy * yv)) / determinant, b = ((xx * yv) - (xy * xv)) / determinant;
        plane = (first + ((sv - (a * sx) - (b * sy)) / n), a, b);
        return true;
    }

    private double Inside(ReadOnlySpan<float> pixels, in (double C, double X, double Y) plane)
    {
        double sum = 0, sum2 = 0;
        foreach (var i in _inside)
        {
            var d = Residual(pixels, i, plane);
            sum += d;
            sum2 += d * d;
        }

        double n = _inside.Length;
        return n > 1 ? Math.Sqrt(Math.Max(0, sum2 - (sum * sum / n)) / (n - 1)) : 0;
    }
}
