using System.Numerics;

namespace Gmm.Core;

/// <summary>The transform of a real plane, on pointers: what the 2-D and the 3-D transform share. Immutable.</summary>
/// <remarks>
/// Rows are transformed in pairs, as real and imaginary part of one complex line, Vector&lt;T&gt;.Count pairs at a time; columns
/// Vector&lt;T&gt;.Count at a time. The way back keeps the half spectrum inside the real plane ("packed"): a row holds the real and then the
/// imaginary parts of columns 0 to Half - 1, and column Half has its own place. So neither way needs a second spectrum.
/// </remarks>
internal sealed unsafe class RealPlane<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int CacheLine = 64;
    private const int MaxLanes = 64;
    private readonly FftLine<T> _row;
    private readonly FftLine<T> _column;

    public RealPlane(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        Height = height;
        Width = width;
        _row = new FftLine<T>(width);
        _column = width == height ? _row : new FftLine<T>(height);
    }

    public int Height { get; }

    public int Width { get; }

    /// <summary>Columns of the packed form, and the number of the column that has its own place.</summary>
    public int Half => Width / 2;

    public int SpectrumWidth => Half + 1;

    /// <summary>Length of the work space of a call, in values; it may start anywhere.</summary>
    public int WorkLength => WorkLengthOf(_row, _column);

    private static int Lanes => Vector<T>.Count;

    /// <summary>Work space that does for lines of two lengths.</summary>
    public static int WorkLengthOf(FftLine<T> one, FftLine<T> other) =>
        (2 * Math.Max(one.BufferLength, other.BufferLength)) + (CacheLine / sizeof(T));

    /// <summary>The two work buffers, aligned, in a work space.</summary>
    public static (nint A, nint B) Buffers(FftLine<T> line, T* work)
    {
        var a = ((nint)work + CacheLine - 1) & -CacheLine;
        return (a, a + (line.BufferLength * sizeof(T)));
    }

    /// <summary>Transforms columns that lie side by side; source and target may be the same.</summary>
    /// <param name="line">The transform along the columns.</param>
    /// <param name="sr">Column 0 of the source, real part (imaginary part for the inverse).</param>
    /// <param name="si">Column 0 of the source, imaginary part.</param>
    /// <param name="ss">Step down a column of the source.</param>
    /// <param name="dr">Column 0 of the target, real part.</param>
    /// <param name="di">Column 0 of the target, imaginary part.</param>
    /// <param name="ds">Step down a column of the target.</param>
    /// <param name="count">Number of columns.</param>
    /// <param name="work">Work space.</param>
    /// <param name="sourceStep">Step from a column of the source to the next; if not 1, values are gathered one by one.</param>
    public static void Columns(FftLine<T> line, T* sr, T* si, nint ss, T* dr, T* di, nint ds, int count, T* work, nint sourceStep = 1)
    {
        var (aAddress, bAddress) = Buffers(line, work);
        T* a = (T*)aAddress, b = (T*)bAddress;
        var x = 0;
        for (; sourceStep == 1 && x + Lanes <= count; x += Lanes)
        {
            line.Transform(sr + x, si + x, ss, dr + x, di + x, ds, a, b);
        }

        for (; x < count; x += Lanes)
        {
            var some = Math.Min(Lanes, count - x);
            nint step = 2 * Lanes;
            for (nint j = 0; j < line.Length; j++)
            {
                (Vector<T>.Zero).Store(a + (j * step));
                (Vector<T>.Zero).Store(a + (j * step) + Lanes);
                for (var l = 0; l < some; l++)
                {
                    a[(j * step) + l] = sr[(j * ss) + ((x + l) * sourceStep)];
                    a[(j * step) + Lanes + l] = si[(j * ss) + ((x + l) * sourceStep)];
                }
            }

            var end = line.Final(a, b);
            line.Transform(a, a + Lanes, step, end, end + Lanes, step, a, b);
            for (nint j = 0; j < line.Length; j++)
            {
                for (var l = 0; l < some; l++)
                {
                    dr[(j * ds) + x + l] = end[(j * step) + l];
                    di[(j * ds) + x + l] = end[(j * step) + Lanes + l];
                }
            }
        }
    }

    /// <summary>Columns to transform where some are asked for: a multiple of the vector's length if there are as many.</summary>
    public static int RoundUp(int columns, int all) => Math.Min(all, (columns + Lanes - 1) / Lanes * Lanes);

    /// <summary>Real plane to half spectrum; columns from the given number on hold nothing of use.</summary>
    public void Forward(T* real, T* re, T* im, int columns, T* work)
    {
        var count = RoundUp(columns, SpectrumWidth);
        var (aAddress, bAddress) = Buffers(_row, work);
        for (var y = 0; y < Height; y += 2 * Lanes)
        {
            ForwardRows(real, re, im, y, count, (T*)aAddress, (T*)bAddress);
        }

        if (Height > 1)
        {
            Columns(_column, re, im, SpectrumWidth, re, im, SpectrumWidth, count, work);
        }
    }

    /// <summary>Half spectrum to real plane, times a factor. Source columns that are not asked for are not used.</summary>
    /// <param name="sr">Source, real part; may be the packed form in the target itself.</param>
    /// <param name="si">Source, imaginary part.</param>
    /// <param name="ss">Step from a row of the source to the next.</param>
    /// <param name="lr">Column <see cref="Half"/>, real part.</param>
    /// <param name="li">Column <see cref="Half"/>, imaginary part.</param>
    /// <param name="ls">Step down that column.</param>
    /// <param name="real">The plane.</param>
    /// <param name="lastWork">2 Height values for that column; may be where it lies.</param>
    /// <param name="columns">Columns that are not zero.</param>
    /// <param name="scale">The factor.</param>
    /// <param name="work">Work space.</param>
    public void Inverse(
        T* sr, T* si, nint ss, T* lr, T* li, nint ls, T* real, T* lastWork, int columns, T scale, T* work)
    {
        Columns(_column, si, sr, ss, real + Half, real, Width, RoundUp(Math.Min(columns, Half), Half), work);
        if (columns > Half)
        {
            Columns(_column, li, lr, ls, lastWork + Height, lastWork, 1, 1, work);
        }

        var (aAddress, bAddress) = Buffers(_row, work);
        for (var y = 0; y < Height; y += 2 * Lanes)
        {
            InverseRows(real, lastWork, y, columns, scale, (T*)aAddress, (T*)bAddress);
        }
    }

    private void ForwardRows(T* real, T* re, T* im, int y, int count, T* a, T* b)
    {
        T** one = stackalloc T*[MaxLanes], two = stackalloc T*[MaxLanes];
        nint step = 2 * Lanes;
        Rows(real, Width, y, one, two);
        LaneTranspose<T>.Gather(one, Width, a, step);
        LaneTranspose<T>.Gather(two, Width, a + Lanes, step);
        var z = _row.Final(a, b);
        _row.Transform(a, a + Lanes, step, z, z + Lanes, step, a, b);

        // Z = F(one) + i F(two); the rows are real, so F(-k) is the conjugate of F(k) and the two come apart.
        var apart = z == a ? b : a;
        var half = new Vector<T>(T.CreateChecked(0.5));
        for (var k = 0; k < count; k++)
        {
            LaneComplex<T> p = LaneComplex<T>.Load(z, z + Lanes, k * step) * half;
            LaneComplex<T> m = LaneComplex<T>.Load(z, z + Lanes, (k == 0 ? 0 : Width - k) * step) * half;
            var o = apart + (k * 2 * step);
            new LaneComplex<T>(p.Re + m.Re, p.Im - m.Im).Store(o, o + Lanes, 0);
            new LaneComplex<T>(p.Im + m.Im, m.Re - p.Re).Store(o + step, o + step + Lanes, 0);
        }

        Rows(re, SpectrumWidth, y, one, two);
        LaneTranspose<T>.Scatter(apart, 2 * step, one, count);
        LaneTranspose<T>.Scatter(apart + step, 2 * step, two, count);
        Rows(im, SpectrumWidth, y, one, two);
        LaneTranspose<T>.Scatter(apart + Lanes, 2 * step, one, count);
        LaneTranspose<T>.Scatter(apart + step + Lanes, 2 * step, two, count);
    }

    private void InverseRows(T* real, T* last, int y, int columns, T scale, T* a, T* b)
    {
        T** one = stackalloc T*[MaxLanes], two = stackalloc T*[MaxLanes];
        nint step = 2 * Lanes;
        var count = Math.Min(columns, Half);
        Rows(real, Width, y, one, two);
        LaneTranspose<T>.Gather(one, count, b, 2 * step);
        LaneTranspose<T>.Gather(two, count, b + step, 2 * step);
        Rows(real + Half, Width, y, one, two);
        LaneTranspose<T>.Gather(one, count, b + Lanes, 2 * step);
        LaneTranspose<T>.Gather(two, count, b + step + Lanes, 2 * step);
        if (columns > Half)
        {
            var o = b + (Half * 2 * step);
            Rows(last, 1, y, one, two);
            LaneTranspose<T>.Gather(one, 1, o, 1);
            LaneTranspose<T>.Gather(two, 1, o + step, 1);
            Rows(last + Height, 1, y, one, two);
            LaneTranspose<T>.Gather(one, 1, o + Lanes, 1);
            LaneTranspose<T>.Gather(two, 1, o + step + Lanes, 1);
            count++;
        }

        Join(a, b, count, new Vector<T>(scale));
        var z = _row.Final(a, b);
        _row.Transform(a + Lanes, a, step, z + Lanes, z, step, a, b);
        Rows(real, Width, y, one, two);
        LaneTranspose<T>.Scatter(z, step, one, Width);
        LaneTranspose<T>.Scatter(z + Lanes, step, two, Width);
    }

    /// <summary>Puts two half spectra in b together as one whole spectrum in a, one + i two, scaled.</summary>
    private void Join(T* a, T* b, int count, Vector<T> scale)
    {
        nint step = 2 * Lanes;
        for (var k = count; k <= Width - count; k++)
        {
            default(LaneComplex<T>).Store(a, a + Lanes, k * step);
        }

        for (var k = 0; k < count; k++)
        {
            var o = b + (k * 2 * step);
            var p = LaneComplex<T>.Load(o, o + Lanes, 0) * scale;
            var q = LaneComplex<T>.Load(o + step, o + step + Lanes, 0) * scale;
            if (k == 0 || 2 * k == Width)
            {
                // These are their own conjugates: an imaginary part is not that of a real image, and is dropped.
                new LaneComplex<T>(p.Re, q.Re).Store(a, a + Lanes, k * step);
                continue;
            }

            LaneComplex<T>.PlusI(p, q).Store(a, a + Lanes, k * step);
            new LaneComplex<T>(p.Re + q.Im, q.Re - p.Im).Store(a, a + Lanes, (Width - k) * step);
        }
    }

    /// <summary>Pointers to the rows of a block. Past the last row it is the last one again, which then gets the same values twice.</summary>
    private void Rows(T* first, nint step, int y, T** one, T** two)
    {
        for (var l = 0; l < Lanes; l++)
        {
            one[l] = first + (Math.Min(y + l, Height - 1) * step);
            two[l] = first + (Math.Min(y + Lanes + l, Height - 1) * step);
        }
    }
}
