namespace Gmm.Core;

/// <summary>
/// The transform between a map and its coefficients on a <see cref="FourierBall"/>, in physical units: coefficients are A^3 times the
/// discrete transform (A the pixel size), so a map of a model gives the model's P(k). The phase origin is voxel n/2.
/// </summary>
/// <remarks>Large arrays are made per call and dropped: a map is transformed rarely.</remarks>
internal sealed class BallTransform
{
    private readonly RealFft3D<float> _fft;
    private readonly double _voxelVolume;
    private readonly float[] _phaseRe;
    private readonly float[] _phaseIm;

    /// <summary>Makes the transform of maps of a size.</summary>
    /// <param name="size">Side of the maps, voxels, even or odd.</param>
    /// <param name="ball">The coefficients wanted; its radius must lie inside the map's band, (n-1)/2.</param>
    /// <exception cref="ArgumentException">The ball is wider than the map's band.</exception>
    public BallTransform(int size, FourierBall ball)
    {
        if (ball.Radius > (size - 1) / 2)
        {
            throw new ArgumentException($"A ball of radius {ball.Radius} does not fit a map of {size} voxels.", nameof(ball));
        }

        Size = size;
        Ball = ball;
        _fft = new RealFft3D<float>(size, size, size);
        _voxelVolume = Math.Pow(ball.BoxLength / size, 3);

        // exp(2 pi i k (n/2) / n) for k = -radius..radius moves the phase origin from voxel 0 to voxel n/2.
        _phaseRe = new float[ball.Side];
        _phaseIm = new float[ball.Side];
        for (var i = 0; i < ball.Side; i++)
        {
            var turn = (long)(i - ball.Radius) * (size / 2) % size / (double)size;
            (_phaseRe[i], _phaseIm[i]) = ((float)Math.Cos(2 * Math.PI * turn), (float)Math.Sin(2 * Math.PI * turn));
        }
    }

    /// <summary>Side of the maps, voxels.</summary>
    public int Size { get; }

    /// <summary>The coefficients.</summary>
    public FourierBall Ball { get; }

    /// <summary>Map to coefficients.</summary>
    /// <param name="voxels">Size^3 values, x fastest.</param>
    /// <param name="re">Real parts, Ball.Count values.</param>
    /// <param name="im">Imaginary parts, Ball.Count values.</param>
    /// <param name="threads">Threads to use at most; the result does not depend on it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ArgumentException">A span of another length.</exception>
    public void Forward(ReadOnlySpan<float> voxels, Span<float> re, Span<float> im, int threads = 1, CancellationToken cancellationToken = default)
    {
        Check(voxels.Length, re.Length, im.Length);
        var sre = new float[_fft.SpectrumLength];
        var sim = new float[_fft.SpectrumLength];
        _fft.Forward(voxels, sre, sim, new float[_fft.ScratchLength], threads, cancellationToken);
        var rowStart = Ball.RowStart;
        for (var row = 0; row < rowStart.Length - 1; row++)
        {
            var (from, pre, pim) = Row(row);
            for (var i = rowStart[row]; i < rowStart[row + 1]; i++, from++)
            {
                var (ere, eim) = Phase(row, i - rowStart[row], pre, pim);
                re[i] = (sre[from] * ere) - (sim[from] * eim);
                im[i] = (sre[from] * eim) + (sim[from] * ere);
            }
        }
    }

    /// <summary>Coefficients to map; what the ball does not hold is zero.</summary>
    /// <param name="re">Real parts, Ball.Count values.</param>
    /// <param name="im">Imaginary parts, Ball.Count values.</param>
    /// <param name="voxels">Size^3 values, x fastest.</param>
    /// <param name="threads">Threads to use at most; the result does not depend on it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ArgumentException">A span of another length.</exception>
    public void Inverse(ReadOnlySpan<float> re, ReadOnlySpan<float> im, Span<float> voxels, int threads = 1, CancellationToken cancellationToken = default)
    {
        Check(voxels.Length, re.Length, im.Length);
        var sre = new float[_fft.SpectrumLength];
        var sim = new float[_fft.SpectrumLength];
        var rowStart = Ball.RowStart;
        var scale = (float)(1 / (_voxelVolume * _voxelVolume));
        for (var row = 0; row < rowStart.Length - 1; row++)
        {
            var (to, pre, pim) = Row(row);
            for (var i = rowStart[row]; i < rowStart[row + 1]; i++, to++)
            {
                var (ere, eim) = Phase(row, i - rowStart[row], pre, pim);
                sre[to] = scale * ((re[i] * ere) + (im[i] * eim));
                sim[to] = scale * ((im[i] * ere) - (re[i] * eim));
                if (to % _fft.SpectrumWidth == 0 && i != Ball.ZeroIndex)
                {
                    var mirror = MirrorOf(row);
                    (sre[mirror], sim[mirror]) = (sre[to], -sim[to]);
                }
            }
        }

        _fft.Inverse(sre, sim, voxels, new float[_fft.ScratchLength], threads, cancellationToken);
    }

    private (int Index, float Re, float Im) Row(int row)
    {
        int a = row / Ball.Side, b = row % Ball.Side;
        int kz = a - Ball.Radius, ky = b - Ball.Radius;
        var index = ((((kz + Size) % Size) * Size) + ((ky + Size) % Size)) * _fft.SpectrumWidth;
        var volume = (float)_voxelVolume;
        return (index + Ball.FirstKx[row],
            volume * ((_phaseRe[a] * _phaseRe[b]) - (_phaseIm[a] * _phaseIm[b])),
            volume * ((_phaseRe[a] * _phaseIm[b]) + (_phaseIm[a] * _phaseRe[b])));
    }

    private (float Re, float Im) Phase(int row, int offset, float pre, float pim)
    {
        var k = Ball.Radius + Ball.FirstKx[row] + offset;
        return ((pre * _phaseRe[k]) - (pim * _phaseIm[k]), (pre * _phaseIm[k]) + (pim * _phaseRe[k]));
    }

    private int MirrorOf(int row)
    {
        int kz = Ball.Radius - (row / Ball.Side), ky = Ball.Radius - (row % Ball.Side);
        return ((((kz + Size) % Size) * Size) + ((ky + Size) % Size)) * _fft.SpectrumWidth;
    }

    private void Check(int voxels, int re, int im)
    {
        if (voxels != _fft.RealLength || re != Ball.Count || im != Ball.Count)
        {
            throw new ArgumentException($"The map has {Size}^3 voxels and the ball {Ball.Count} coefficients.");
        }
    }
}
