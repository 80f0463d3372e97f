namespace Gmm.Maps;

/// <summary>
/// The Kaiser-Bessel window of four grid cells that spreads a Fourier coefficient over a grid, and its real-space transform, which the
/// finished map is divided by (Jackson et al. 1991; the best shape for an oversampling by Beatty et al. 2005, equation 5).
/// </summary>
public sealed class GriddingWindow
{
    /// <summary>Grid points that one coefficient touches along an axis.</summary>
    public const int Taps = 4;

    /// <summary>Rows of the table. The nearest row is at most 1/4096 of a cell off, far below the window's own aliasing.</summary>
    public const int Steps = 2048;

    private const double Width = Taps;
    private readonly float[] _table = new float[Steps * Taps];
    private readonly double _beta;

    /// <summary>Makes the kernel for an oversampling factor.</summary>
    /// <param name="oversampling">Side of the grid over the side of the map, over 1.</param>
    public GriddingWindow(double oversampling)
    {
        var ratio = Width / oversampling * (oversampling - 0.5);
        _beta = Math.PI * Math.Sqrt(Math.Max(1, (ratio * ratio) - 0.8));
        for (var i = 0; i < Steps; i++)
        {
            var f = (i + 0.5) / Steps;
            _table[Taps * i] = (float)Value(f + 1);
            _table[(Taps * i) + 1] = (float)Value(f);
            _table[(Taps * i) + 2] = (float)Value(1 - f);
            _table[(Taps * i) + 3] = (float)Value(2 - f);
        }
    }

    /// <summary>The four weights of each fraction: row floor(f * Steps) is for the grid points at distance f + 1, f, 1 - f and 2 - f.</summary>
    public ReadOnlySpan<float> Table => _table;

    /// <summary>The window, its integral one.</summary>
    /// <param name="distance">Distance in grid cells.</param>
    /// <returns>The value; zero beyond two cells.</returns>
    public double Value(double distance)
    {
        var t = 2 * distance / Width;
        return Math.Abs(t) > 1 ? 0 : BesselI0(_beta * Math.Sqrt(1 - (t * t))) * _beta / (Width * Math.Sinh(_beta));
    }

    /// <summary>The window's Fourier transform, one at the origin.</summary>
    /// <param name="u">Cycles per grid cell: the voxel's distance from the centre over the side of the grid, at most 1/2.</param>
    /// <returns>The factor by which the window fades the map there.</returns>
    public double Transform(double u)
    {
        var a = Math.PI * Width * u;
        var d = (_beta * _beta) - (a * a);
        var root = Math.Sqrt(Math.Abs(d));
        var value = root < 1e-9 ? 1 : d > 0 ? Math.Sinh(root) / root : Math.Sin(root) / root;
        return value * _beta / Math.Sinh(_beta);
    }

    private static double BesselI0(double x)
    {
        // The power series converges for every x; all its terms are positive, so nothing cancels.
        double sum = 1, term = 1, q = 0.25 * x * x;
        for (var k = 1; term > 1e-17 * sum; k++)
        {
            term *= q / ((double)k * k);
            sum += term;
        }

        return sum;
    }
}
