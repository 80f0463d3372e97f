namespace Gmm.Core;

/// <summary>
/// The Fourier coefficients of a map that are compared: half of the ball around zero frequency to a last shell, in rows along kx.
/// </summary>
/// <remarks>
/// One of each conjugate pair is held: kx &gt; 0, or kx = 0 and (ky &gt; 0, or ky = 0 and kz &gt;= 0), so a sum over the whole ball is twice the
/// sum here, save for zero frequency. Shell q holds the coefficients with round(|k|) = q, k in Fourier pixels of 1/BoxLength. Rows
/// run over kz = -Radius..Radius and, faster, ky = -Radius..Radius; inside a row kx grows by one. Complex values over a ball are two
/// spans of <see cref="Count"/> values. The phase origin is the box centre, voxel n/2. The object never changes after it is made.
/// </remarks>
internal sealed class FourierBall
{
    private readonly int[] _rowStart;
    private readonly short[] _firstKx;
    private readonly short[] _shell;

    /// <summary>Makes the half ball of shells 0 to radius.</summary>
    /// <param name="boxLength">Side of the map, angstrom.</param>
    /// <param name="radius">Last shell, Fourier pixels, 1 to 800.</param>
    /// <exception cref="ArgumentOutOfRangeException">The box is not positive or the radius outside its range.</exception>
    public FourierBall(double boxLength, int radius)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(boxLength);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(radius);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(radius, 800);
        BoxLength = boxLength;
        Radius = radius;
        Side = (2 * radius) + 1;
        _rowStart = new int[(Side * Side) + 1];
        _firstKx = new short[Side * Side];

        // |k| < radius + 1/2 is |k|^2 <= radius^2 + radius for whole numbers.
        var limit = (radius * radius) + radius;
        for (var row = 0; row < Side * Side; row++)
        {
            int kz = (row / Side) - radius, ky = (row % Side) - radius;
            var first = ky > 0 || (ky == 0 && kz >= 0) ? 0 : 1;
            var rest = limit - (ky * ky) - (kz * kz);
            var last = rest < 0 ? -1 : (int)Math.Sqrt(rest);
            _firstKx[row] = (short)first;
            _rowStart[row + 1] = _rowStart[row] + Math.Max(0, last - first + 1);
        }

        _shell = new short[_rowStart[^1]];
        for (var row = 0; row < Side * Side; row++)
        {
            int kz = (row / Side) - radius, ky = (row % Side) - radius;
            for (var i = _rowStart[row]; i < _rowStart[row + 1]; i++)
            {
                var kx = _firstKx[row] + i - _rowStart[row];
                _shell[i] = (short)Math.Round(Math.Sqrt((kx * kx) + (ky * ky) + (kz * kz)));
            }
        }

        ZeroIndex = _rowStart[(radius * Side) + radius];
    }

    /// <summary>Side of the map, angstrom.</summary>
    public double BoxLength { get; }

    /// <summary>Last shell, Fourier pixels.</summary>
    public int Radius { get; }

    /// <summary>Number of coefficients held.</summary>
    public int Count => _shell.Length;

    /// <summary>Index of zero frequency.</summary>
    public int ZeroIndex { get; }

    /// <summary>The shell of each coefficient.</summary>
    public ReadOnlySpan<short> Shells => _shell;

    /// <summary>Values of kz or ky: 2 Radius + 1.</summary>
    internal int Side { get; }

    /// <summary>Start of each row (kz + Radius) * Side + ky + Radius; one more at the end.</summary>
    internal ReadOnlySpan<int> RowStart => _rowStart;

    /// <summary>kx of each row's first coefficient, 0 or 1.</summary>
    internal ReadOnlySpan<short> FirstKx => _firstKx;

    /// <summary>The ball to a resolution, at most to the map's last whole shell, (n-1)/2.</summary>
    /// <param name="size">Side of the map, voxels.</param>
    /// <param name="pixelSize">Angstrom per voxel.</param>
    /// <param name="resolution">Finest resolution, angstrom.</param>
    /// <returns>A ball of at least one shell.</returns>
    public static FourierBall ForResolution(int size, double pixelSize, double resolution)
    {
        var nyquist = Math.Max(1, (size - 1) / 2);
        return new FourierBall(size * pixelSize, Math.Clamp((int)Math.Floor((size * pixelSize / resolution) + 1e-6), 1, nyquist));
    }

    /// <summary>Index of a coefficient that is held.</summary>
    /// <param name="kx">Frequency along x, Fourier pixels.</param>
    /// <param name="ky">Frequency along y.</param>
    /// <param name="kz">Frequency along z.</param>
    /// <returns>The index, or -1 where the ball does not hold it (outside, or the other one of its pair).</returns>
    public int IndexOf(int kx, int ky, int kz)
    {
        if (Math.Abs(ky) > Radius || Math.Abs(kz) > Radius)
        {
            return -1;
        }

        var row = ((kz + Radius) * Side) + ky + Radius;
        var i = _rowStart[row] + kx - _firstKx[row];
        return kx >= _firstKx[row] && i < _rowStart[row + 1] ? i : -1;
    }

    /// <summary>The frequency of each coefficient, Fourier pixels.</summary>
    /// <param name="kx">Receives the frequencies along x.</param>
    /// <param name="ky">Those along y.</param>
    /// <param name="kz">Those along z.</param>
    /// <exception cref="ArgumentException">Spans of another length than <see cref="Count"/>.</exception>
    public void CopyFrequencies(Span<short> kx, Span<short> ky, Span<short> kz)
    {
        if (kx.Length != Count || ky.Length != Count || kz.Length != Count)
        {
            throw new ArgumentException($"The ball has {Count} coefficients.");
        }

        for (var row = 0; row < Side * Side; row++)
        {
            for (var i = _rowStart[row]; i < _rowStart[row + 1]; i++)
            {
                kx[i] = (short)(_firstKx[row] + i - _rowStart[row]);
                ky[i] = (short)((row % Side) - Radius);
                kz[i] = (short)((row / Side) - Radius);
            }
        }
    }

    /// <summary>Copies the coefficients of a smaller ball of the same box out of values on this one.</summary>
    /// <param name="values">Values on this ball.</param>
    /// <param name="smaller">The smaller ball.</param>
    /// <param name="target">Values on the smaller ball.</param>
    /// <exception cref="ArgumentException">The other ball is not smaller or equal, or of another box.</exception>
    public void Restrict(ReadOnlySpan<float> values, FourierBall smaller, Span<float> target)
    {
        if (smaller.Radius > Radius || Math.Abs(smaller.BoxLength - BoxLength) > 1e-6 * BoxLength)
        {
            throw new ArgumentException("Only a smaller ball of the same box can be cut out.", nameof(smaller));
        }

        for (var row = 0; row < smaller.Side * smaller.Side; row++)
        {
            int kz = (row / smaller.Side) - smaller.Radius, ky = (row % smaller.Side) - smaller.Radius;
            var start = smaller._rowStart[row];
            var length = smaller._rowStart[row + 1] - start;
            var from = _rowStart[((kz + Radius) * Side) + ky + Radius];
            values.Slice(from, length).CopyTo(target.Slice(start, length));
        }
    }
}
