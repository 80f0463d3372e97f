using Gmm.Core;

namespace Gmm.Simulation;

/// <summary>What the lenses of one optics group do to an image in the padded box: tables that its particles share (docs/optics.md). Immutable.</summary>
internal sealed class ImageOptics
{
    private readonly float[]? _oddRe;
    private readonly float[]? _oddIm;
    private readonly double[]? _even;
    private readonly int _size;

    /// <summary>Computes the tables, coefficient by coefficient in float64.</summary>
    /// <param name="aberrations">The group's; null is none.</param>
    /// <param name="transform">The atoms' transform at the specimen's frequencies that the group's images show.</param>
    public ImageOptics(Aberrations? aberrations, AtomTransform transform)
    {
        Transform = transform;
        Magnification = aberrations?.Magnification ?? Magnification.None;
        _size = transform.FineSize;
        if (aberrations is { HasOdd: true })
        {
            _oddRe = Table((x, y) => (float)Math.Cos(aberrations.OddPhase(x, y)));
            _oddIm = Table((x, y) => (float)Math.Sin(aberrations.OddPhase(x, y)));
        }

        _even = aberrations is { HasEven: true } ? Table(aberrations.EvenPhase) : null;
    }

    /// <summary>The atoms' transform.</summary>
    public AtomTransform Transform { get; }

    /// <summary>From the image's frequencies to the specimen's.</summary>
    public Magnification Magnification { get; }

    /// <summary>Even phase of a row of the padded box, which is subtracted from the CTF's, radians; empty: none.</summary>
    /// <param name="row">Row, FFT order.</param>
    /// <returns>A value for each kx.</returns>
    public ReadOnlySpan<double> Even(int row) => _even is null ? [] : _even.AsSpan(row * Width, Width);

    /// <summary>The phase factor exp(i odd) of a row of the padded box; empty: none.</summary>
    /// <param name="row">Row, FFT order.</param>
    /// <param name="im">Imaginary parts.</param>
    /// <returns>Real parts.</returns>
    public ReadOnlySpan<float> Odd(int row, out ReadOnlySpan<float> im)
    {
        im = _oddIm is null ? [] : _oddIm.AsSpan(row * Width, Width);
        return _oddRe is null ? [] : _oddRe.AsSpan(row * Width, Width);
    }

    private int Width => (_size / 2) + 1;

    private T[] Table<T>(Func<double, double, T> value)
    {
        var table = new T[_size * Width];
        var step = 1 / (_size * Transform.PixelSize);
        for (var row = 0; row < _size; row++)
        {
            var ky = row <= _size / 2 ? row : row - _size;
            for (var kx = 0; kx < Width; kx++)
            {
                var (x, y) = Magnification.Apply(kx * step, ky * step);
                table[(row * Width) + kx] = value(x, y);
            }
        }

        return table;
    }
}
