namespace Gmm.Reports;

/// <summary>Draws on pixels, with anti-aliased lines and the built-in stroke font.</summary>
internal sealed class PngCanvas : ICanvas
{
    private readonly double _scale;
    private readonly int _width;
    private readonly int _height;
    private readonly byte[] _pixels;
    private readonly float[] _coverage;

    /// <summary>Makes a white canvas.</summary>
    /// <param name="width">Width, pixels of 1/96 inch.</param>
    /// <param name="height">Height, likewise.</param>
    /// <param name="scale">Image pixels to one of those.</param>
    public PngCanvas(double width, double height, double scale)
    {
        _scale = scale;
        _width = (int)Math.Round(width * scale);
        _height = (int)Math.Round(height * scale);
        _pixels = new byte[_width * _height * 3];
        _pixels.AsSpan().Fill(255);
        _coverage = new float[_width * _height];
    }

    /// <summary>The image as PNG.</summary>
    public byte[] ToPng() => PngEncoder.EncodeRgb(_pixels, _width, _height, 96 * _scale);

    /// <summary>The pixels, RGB, rows from the top.</summary>
    public (byte[] Pixels, int Columns, int Rows) ToPixels() => (_pixels, _width, _height);

    public void Polyline(ReadOnlySpan<(double X, double Y)> points, LineStyle style)
    {
        if (style.Dash > 0)
        {
            foreach (var dash in Dashes(points, style.Dash))
            {
                Stroke([dash], style.Width, style.Colour, 0, 0, false);
            }
        }
        else
        {
            Stroke([points.ToArray()], style.Width, style.Colour, 0, 0, false);
        }
    }

    public void Text(double x, double y, string text, TextStyle style)
    {
        var length = StrokeFont.Measure(text, style.Size, style.Bold);
        var back = style.Anchor switch { TextAnchor.Middle => length / 2, TextAnchor.End => length, _ => 0 };
        var strokes = StrokeFont.Strokes(text, style.Size, style.Bold);
        Stroke(
            strokes, StrokeFont.StrokeWidth(style.Size, style.Bold), style.Colour, style.Upwards ? x : x - back, style.Upwards ? y + back : y, style.Upwards);
    }

    // The pen set down once.
    public void Dot(double x, double y, double radius, Rgb colour) => Stroke([[(x, y)]], 2 * radius, colour, 0, 0, false);

    public void Rectangle(double x, double y, double width, double height, Rgb colour, double opacity = 1)
    {
        var (x0, y0, x1, y1) = (x * _scale, y * _scale, (x + width) * _scale, (y + height) * _scale);
        for (var row = Math.Max(0, (int)Math.Floor(y0)); row < Math.Min(_height, y1); row++)
        {
            var covered = Math.Min(y1, row + 1) - Math.Max(y0, row);
            for (var column = Math.Max(0, (int)Math.Floor(x0)); column < Math.Min(_width, x1); column++)
            {
                Blend((row * _width) + column, colour, opacity * covered * (Math.Min(x1, column + 1) - Math.Max(x0, column)));
            }
        }
    }

    public void Image(double x, double y, double width, double height, ReadOnlySpan<byte> grey, int columns, int rows)
    {
        // Three by three bilinear samples a pixel: smooth when enlarged, and without moire when reduced up to three times.
        const int Samples = 3;
        var (x0, y0, x1, y1) = (
            (int)Math.Round(x * _scale), (int)Math.Round(y * _scale), (int)Math.Round((x + width) * _scale), (int)Math.Round((y + height) * _scale));
        for (var row = Math.Max(0, y0); row < Math.Min(_height, y1); row++)
        {
            for (var column = Math.Max(0, x0); column < Math.Min(_width, x1); column++)
            {
                double sum = 0;
                for (var s = 0; s < Samples * Samples; s++)
                {
                    var u = (column - x0 + (((s % Samples) + 0.5) / Samples)) / (x1 - x0) * columns;
                    var v = (row - y0 + (((s / Samples) + 0.5) / Samples)) / (y1 - y0) * rows;
                    sum += Bilinear(grey, columns, rows, u - 0.5, v - 0.5);
                }

                var value = (byte)Math.Round(sum / (Samples * Samples));
                Blend((row * _width) + column, new Rgb(value, value, value), 1);
            }
        }
    }

    private static double Bilinear(ReadOnlySpan<byte> grey, int columns, int rows, double u, double v)
    {
        (u, v) = (Math.Clamp(u, 0, columns - 1), Math.Clamp(v, 0, rows - 1));
        var (i, j) = (Math.Min((int)u, Math.Max(0, columns - 2)), Math.Min((int)v, Math.Max(0, rows - 2)));
        var (i1, j1) = (Math.Min(i + 1, columns - 1), Math.Min(j + 1, rows - 1));
        var (fu, fv) = (u - i, v - j);
        return (((grey[(j * columns) + i] * (1 - fu)) + (grey[(j * columns) + i1] * fu)) * (1 - fv))
            + (((grey[(j1 * columns) + i] * (1 - fu)) + (grey[(j1 * columns) + i1] * fu)) * fv);
    }

    // All strokes go to one coverage mask by maximum, so that joints and crossings of one colour are not painted twice.
    private void Stroke(IEnumerable<(double X, double Y)[]> strokes, double width, Rgb colour, double x, double y, bool upwards)
    {
        var half = width * _scale / 2;
        var (left, top, right, bottom) = (_width, _height, -1, -1);
        foreach (var stroke in strokes)
        {
            for (var i = 0; i < stroke.Length; i++)
            {
                var a = Place(stroke[Math.Max(0, i - 1)], x, y, upwards);
                var b = Place(stroke[i], x, y, upwards);
                if (i == 0 && stroke.Length > 1)
                {
                    continue;
                }

                var box = Cover(a, b, half);
                (left, top, right, bottom) = (Math.Min(left, box.Left), Math.Min(top, box.Top), Math.Max(right, box.Right), Math.Max(bottom, box.Bottom));
            }
        }

        for (var row = top; row <= bottom; row++)
        {
            for (var column = left; column <= right; column++)
            {
                var index = (row * _width) + column;
                if (_coverage[index] > 0)
                {
                    Blend(index, colour, _coverage[index]);
                    _coverage[index] = 0;
                }
            }
        }
    }

    private (double X, double Y) Place((double X, double Y) p, double x, double y, bool upwards) =>
        upwards ? ((x + p.Y) * _scale, (y - p.X) * _scale) : ((x + p.X) * _scale, (y + p.Y) * _scale);

    private (int Left, int Top, int Right, int Bottom) Cover((double X, double Y) a, (double X, double Y) b, double half)
    {
        var left = Math.Max(0, (int)Math.Floor(Math.Min(a.X, b.X) - half - 1));
        var right = Math.Min(_width - 1, (int)Math.Ceiling(Math.Max(a.X, b.X) + half + 1));
        var top = Math.Max(0, (int)Math.Floor(Math.Min(a.Y, b.Y) - half - 1));
        var bottom = Math.Min(_height - 1, (int)Math.Ceiling(Math.Max(a.Y, b.Y) + half + 1));
        var (dx, dy) = (b.X - a.X, b.Y - a.Y);
        var square = (dx * dx) + (dy * dy);
        for (var row = top; row <= bottom; row++)
        {
            for (var column = left; column <= right; column++)
            {
                var (px, py) = (column + 0.5 - a.X, row + 0.5 - a.Y);
                var t = square > 0 ? Math.Clamp(((px * dx) + (py * dy)) / square, 0, 1) : 0;
                var distance = Math.Sqrt(Math.Pow(px - (t * dx), 2) + Math.Pow(py - (t * dy), 2));

                // The part of a pixel-wide interval at this distance that lies inside the pen.
                var covered = Math.Min(half, distance + 0.5) - Math.Max(-half, distance - 0.5);
                ref var value = ref _coverage[(row * _width) + column];
                value = Math.Max(value, (float)covered);
            }
        }

        return (left, top, right, bottom);
    }

    private void Blend(int index, Rgb colour, double alpha)
    {
        var pixel = _pixels.AsSpan(index * 3, 3);
        pixel[0] = (byte)Math.Round(pixel[0] + ((colour.R - pixel[0]) * alpha));
        pixel[1] = (byte)Math.Round(pixel[1] + ((colour.G - pixel[1]) * alpha));
        pixel[2] = (byte)Math.Round(pixel[2] + ((colour.B - pixel[2]) * alpha));
    }

    private static List<(double X, double Y)[]> Dashes(ReadOnlySpan<(double X, double Y)> points, double length)
    {
        var dashes = new List<(double X, double Y)[]>();
        var current = new List<(double X, double Y)>();
        var (left, on) = (length, true);
        for (var i = 1; i < points.Length; i++)
        {
            var (a, b) = (points[i - 1], points[i]);
            var total = Math.Sqrt(Math.Pow(b.X - a.X, 2) + Math.Pow(b.Y - a.Y, 2));
            for (double done = 0; done < total;)
            {
                var step = Math.Min(left, total - done);
                if (on)
                {
                    current.Add(At(done));
                    current.Add(At(done + step));
                }

                (done, left) = (done + step, left - step);
                if (left <= 1e-9)
                {
                    dashes.AddRange(on ? [current.ToArray()] : Array.Empty<(double, double)[]>());
                    current.Clear();
                    (left, on) = (length, !on);
                }
            }

            (double X, double Y) At(double s) => (a.X + ((b.X - a.X) * s / total), a.Y + ((b.Y - a.Y) * s / total));
        }

        if (current.Count > 0)
        {
            dashes.Add([.. current]);
        }

        return dashes;
    }
}
