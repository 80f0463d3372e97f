namespace Gmm.Core;

/// <summary>
/// The three-dimensional transform of Gaussians, P(k) = sum_j a_j exp(-2 pi^2 s_j^2 |k|^2) exp(-2 pi i k.c_j), on a
/// <see cref="FourierBall"/>, and its adjoint; exact to a tolerance and much faster than the sum.
/// </summary>
/// <remarks>
/// <para>Gaussian gridding, a type-1 non-uniform FFT whose kernel is the Gaussian itself (docs/architecture.md, "The projector", in three
/// dimensions): each Gaussian is deposited on a periodic grid with the variance s_j^2 + kappa, the grid is transformed, and
/// exp(2 pi^2 kappa k^2) takes kappa out again. One kappa, negative or positive, is chosen so that the narrowest deposited Gaussian
/// has just the variance that keeps aliasing below the tolerance; a model of wide Gaussians so has smaller kernels.</para>
/// <para>It owns one real grid and one spectrum (8 bytes a cell together, (2.6 Radius)^3 cells at 1e-3, (3.2 Radius)^3 at 1e-5): use one object per
/// thread of control. Results do not depend on the number of threads: slabs of the grid are written each by one thread, in the order of the
/// Gaussians.</para>
/// <example><code>
/// var ball = FourierBall.ForResolution(model.BoxSize, model.PixelSize, resolution: 4);
/// var transform = new GaussianVolumeTransform(ball);
/// float[] re = new float[ball.Count], im = new float[ball.Count];
/// transform.Forward(GaussianColumns.Of(model), re, im);
/// </code></example>
/// </remarks>
internal sealed class GaussianVolumeTransform
{
    private readonly RealFft3D<float> _fft;
    private readonly float[] _grid;
    private readonly float[] _re;
    private readonly float[] _im;
    private readonly float[] _scratch;
    private readonly double _variance;
    private readonly double _tail;
    private readonly ParallelOptions _parallel;
    private KernelPlace[] _places = [];
    private long[] _order = [];

    /// <summary>Makes the transform for a ball.</summary>
    /// <param name="ball">The coefficients.</param>
    /// <param name="tolerance">Wanted relative error of the outer shells, 1e-5 to 0.1; 1e-4 by default.</param>
    /// <param name="options">Degree of parallelism; all processors by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is outside its range.</exception>
    public GaussianVolumeTransform(FourierBall ball, double tolerance = 1e-4, ComputeOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tolerance, 1e-5);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tolerance, 0.1);
        options ??= new ComputeOptions();
        options.Validate();
        Ball = ball;
        Tolerance = tolerance;
        _parallel = options.Parallelism;

        // A coarser grid is faster but needs a wider kernel, and taking it out amplifies the rounding of single precision:
        // about 100 times in the last shell at 1.3 and 1e-3, 25 times at 1.6 and 1e-5.
        var oversampling = tolerance > 5e-4 ? 1.3 : tolerance > 5e-5 ? 1.4 : 1.6;
        GridSize = FftSizes.NextFastEven((int)Math.Ceiling(2 * oversampling * (ball.Radius + 0.5)));
        _fft = new RealFft3D<float>(GridSize, GridSize, GridSize);
        _grid = new float[_fft.RealLength];
        _re = new float[_fft.SpectrumLength];
        _im = new float[_fft.SpectrumLength];
        _scratch = new float[_fft.ScratchLength];

        // In cells: the first alias of the outer shell, at 1 - kmax, must be below the tolerance after the kernel is divided out.
        var kmax = (ball.Radius + 0.5) / GridSize;
        var gap = ((1 - kmax) * (1 - kmax)) - (kmax * kmax);
        // Half the tolerance: aliases of several sides and the cut tails add up.
        var log = Math.Log(2 / tolerance);
        _variance = log / (2 * Math.PI * Math.PI * gap);

        // The cut tail is amplified like the outer shell, so it has to be smaller by that factor.
        _tail = log + (2 * Math.PI * Math.PI * _variance * kmax * kmax);
    }

    /// <summary>The coefficients.</summary>
    public FourierBall Ball { get; }

    /// <summary>Wanted relative error of the outer shells.</summary>
    public double Tolerance { get; }

    /// <summary>Side of the grid, cells.</summary>
    public int GridSize { get; }

    /// <summary>Transforms Gaussians.</summary>
    /// <param name="gaussians">The Gaussians.</param>
    /// <param name="re">Real parts, Ball.Count values.</param>
    /// <param name="im">Imaginary parts, Ball.Count values.</param>
    /// <exception cref="ArgumentException">Columns or spans of the wrong length, a centre that is not finite, or a width that is not positive.</exception>
    public void Forward(in GaussianColumns gaussians, Span<float> re, Span<float> im)
    {
        Check(gaussians, re.Length, im.Length);
        var kappa = Place(gaussians);
        Deposit(gaussians.Amplitudes);
        _fft.Forward(_grid, _re, _im, _scratch, _parallel.MaxDegreeOfParallelism, _parallel.CancellationToken);

        var factor = Deconvolution(kappa);
        var rowStart = Ball.RowStart;
        for (var row = 0; row < rowStart.Length - 1; row++)
        {
            var (from, f) = Row(row, factor);
            var first = Ball.FirstKx[row];
            for (var i = rowStart[row]; i < rowStart[row + 1]; i++)
            {
                var kx = first + i - rowStart[row];
                var value = f * factor[Ball.Radius + kx];
                re[i] = value * _re[from + kx];
                im[i] = value * _im[from + kx];
            }
        }
    }

    /// <summary>
    /// The adjoint: from the derivatives of a loss with respect to the coefficients held, those with respect to the Gaussians.
    /// </summary>
    /// <param name="gaussians">The Gaussians, as given to <see cref="Forward"/>.</param>
    /// <param name="re">Derivative with respect to each real part, Ball.Count values.</param>
    /// <param name="im">Derivative with respect to each imaginary part.</param>
    /// <param name="gradient">Set to the derivatives with respect to centres, amplitudes and widths.</param>
    /// <exception cref="ArgumentException">Columns or spans of the wrong length, a centre that is not finite, or a width that is not positive.</exception>
    public void Adjoint(in GaussianColumns gaussians, ReadOnlySpan<float> re, ReadOnlySpan<float> im, GaussianGradient gradient)
    {
        Check(gaussians, re.Length, im.Length);
        var kappa = Place(gaussians);
        Scatter(re, im, Deconvolution(kappa));
        _fft.Inverse(_re, _im, _grid, _scratch, _parallel.MaxDegreeOfParallelism, _parallel.CancellationToken);
        var amplitudes = gaussians.Amplitudes.ToArray();
        var widths = gaussians.Widths.ToArray();
        var cell = Ball.BoxLength / GridSize;
        var n = amplitudes.Length;
        const int chunk = 64;
        Guarded.For(0, (n + chunk - 1) / chunk, _parallel, () => new GaussianGridKernel(GridSize), (c, _, kernel) =>
        {
            for (var o = c * chunk; o < Math.Min(n, (c + 1) * chunk); o++)
            {
                // In the order of the deposit, so that neighbours are near in memory.
                var j = (int)(_order[o] & 0xffffffff);
                var place = _places[j];
                var sums = kernel.Gather(_grid, place);
                var height = Height(place.Variance);
                gradient.Amplitudes[j] = (float)(height * sums.S0);
                var slope = height * amplitudes[j] / (place.Variance * cell);
                gradient.X[j] = (float)(slope * sums.X);
                gradient.Y[j] = (float)(slope * sums.Y);
                gradient.Z[j] = (float)(slope * sums.Z);
                var byVariance = height * amplitudes[j] * ((0.5 * sums.S2 / place.Variance) - (1.5 * sums.S0)) / place.Variance;
                gradient.Widths[j] = (float)(byVariance * 2 * widths[j] / (cell * cell));
            }

            return kernel;
        }, static _ => { });
    }

    /// <summary>
    /// The derivative with respect to the amplitude of a Gaussian of a given width, wherever it lies: what shows where one is missing.
    /// </summary>
    /// <param name="re">Derivative with respect to each real part, Ball.Count values.</param>
    /// <param name="im">Derivative with respect to each imaginary part.</param>
    /// <param name="width">Standard deviation, angstrom.</param>
    /// <returns>GridSize^3 values, x fastest, cell GridSize/2 at the box centre; valid until the next call.</returns>
    /// <exception cref="ArgumentException">Spans of the wrong length.</exception>
    public ReadOnlySpan<float> AmplitudeGradientMap(ReadOnlySpan<float> re, ReadOnlySpan<float> im, double width)
    {
        if (re.Length != Ball.Count || im.Length != Ball.Count)
        {
            throw new ArgumentException($"The ball has {Ball.Count} coefficients.");
        }

        var cells = GridSize / Ball.BoxLength;
        Scatter(re, im, Deconvolution(-width * width * cells * cells));
        _fft.Inverse(_re, _im, _grid, _scratch, _parallel.MaxDegreeOfParallelism, _parallel.CancellationToken);
        return _grid;
    }

    // A normalised Gaussian summed over the grid is 1, so that zero frequency is the amplitude.
    private static double Height(double variance) => Math.Pow(2 * Math.PI * variance, -1.5);

    private double Place(in GaussianColumns g)
    {
        var n = g.Count;
        if (_places.Length != n)
        {
            _places = new KernelPlace[n];
            _order = new long[n];
        }

        var narrowest = double.MaxValue;
        foreach (var s in g.Widths)
        {
            if (!(s > 0) || !float.IsFinite(s))
            {
                throw new ArgumentException("Widths must be positive and finite.", nameof(g));
            }

            narrowest = Math.Min(narrowest, s);
        }

        var cells = GridSize / Ball.BoxLength;
        var half = GridSize / 2;
        // A Gaussian as wide as the period is a constant to 3e-9; so is a wider one.
        var widest = (double)GridSize * GridSize;
        var kappa = _variance - (narrowest * narrowest * cells * cells);
        for (var j = 0; j < n; j++)
        {
            if (!float.IsFinite(g.X[j]) || !float.IsFinite(g.Y[j]) || !float.IsFinite(g.Z[j]))
            {
                throw new ArgumentException($"The centre of Gaussian {j + 1} is not finite.", nameof(g));
            }

            var variance = Math.Clamp((g.Widths[j] * (double)g.Widths[j] * cells * cells) + kappa, _variance, Math.Max(_variance, widest));
            double y = (g.Y[j] * cells) + half, z = (g.Z[j] * cells) + half;
            _places[j] = new KernelPlace((g.X[j] * cells) + half, y, z, variance, Math.Sqrt(2 * variance * _tail));

            // Neighbours in z and then in y are deposited one after the other.
            var key = (Math.Clamp((long)Math.Floor(z / 4), -8192, 8191) << 14) + Math.Clamp((long)Math.Floor(y / 4), -8192, 8191);
            _order[j] = (key << 32) | (long)j;
        }

        Array.Sort(_order);
        return kappa;
    }

    private void Deposit(ReadOnlySpan<float> amplitudes)
    {
        var n = amplitudes.Length;
        var weights = new float[n];
        for (var j = 0; j < n; j++)
        {
            weights[j] = (float)(amplitudes[j] * Height(_places[j].Variance));
        }

        const int planes = 12;
        var plane = GridSize * GridSize;
        Guarded.For(0, (GridSize + planes - 1) / planes, _parallel, () => new GaussianGridKernel(GridSize), (slab, _, kernel) =>
        {
            int first = slab * planes, end = Math.Min(GridSize, first + planes);
            _grid.AsSpan(first * plane, (end - first) * plane).Clear();
            for (var o = 0; o < n; o++)
            {
                var j = (int)(_order[o] & 0xffffffff);
                ref readonly var p = ref _places[j];
                if (weights[j] != 0 && Touches(p, first, end))
                {
                    kernel.Deposit(_grid, first, end, p, weights[j]);
                }
            }

            return kernel;
        }, static _ => { });
    }

    private bool Touches(in KernelPlace p, int first, int end)
    {
        var span = 2 * p.Support;
        if (span + 1 >= GridSize)
        {
            return true;
        }

        // Distance upwards, around the period, from the kernel's lower end to the slab and the other way round.
        var (low, count) = GaussianGridKernel.Cells(p.Z, p.Support, GridSize);
        if (count == 0)
        {
            return false;
        }

        var wrapped = ((low % GridSize) + GridSize) % GridSize;
        var high = wrapped + (int)span;
        return (wrapped < end && high >= first) || high - GridSize >= first;
    }

    private float[] Deconvolution(double kappa)
    {
        var factor = new float[Ball.Side];
        for (var i = 0; i < factor.Length; i++)
        {
            var k = (i - Ball.Radius) / (double)GridSize;

            // The sign moves the phase origin to the middle of the grid.
            factor[i] = (float)(Math.Exp(2 * Math.PI * Math.PI * kappa * k * k) * (((i - Ball.Radius) & 1) == 0 ? 1 : -1));
        }

        return factor;
    }

    private (int Index, float Factor) Row(int row, float[] factor)
    {
        int a = row / Ball.Side, b = row % Ball.Side;
        int z = (a - Ball.Radius + GridSize) % GridSize, y = (b - Ball.Radius + GridSize) % GridSize;
        return (((z * GridSize) + y) * _fft.SpectrumWidth, factor[a] * factor[b]);
    }

    /// <summary>Lays the derivatives out as a Hermitian spectrum whose inverse transform is the derivative with respect to the grid.</summary>
    private void Scatter(ReadOnlySpan<float> re, ReadOnlySpan<float> im, float[] factor)
    {
        _re.AsSpan().Clear();
        _im.AsSpan().Clear();
        var rowStart = Ball.RowStart;

        // The inverse transform divides by the number of cells and counts each pair twice.
        var scale = 0.5f * GridSize * GridSize * GridSize;
        for (var row = 0; row < rowStart.Length - 1; row++)
        {
            var (to, f) = Row(row, factor);
            f *= scale;
            var first = Ball.FirstKx[row];
            for (var i = rowStart[row]; i < rowStart[row + 1]; i++)
            {
                var kx = first + i - rowStart[row];
                var value = f * factor[Ball.Radius + kx];
                _re[to + kx] = value * re[i];
                _im[to + kx] = value * im[i];
            }

            if (first == 0 && rowStart[row + 1] > rowStart[row])
            {
                var mirror = Row((Ball.Side * Ball.Side) - 1 - row, factor).Index;
                _re[mirror] = _re[to];
                _im[mirror] = -_im[to];
            }
        }

        (_re[0], _im[0]) = (2 * _re[0], 0);
    }

    private void Check(in GaussianColumns g, int re, int im)
    {
        var n = g.Count;
        if (g.X.Length != n || g.Y.Length != n || g.Z.Length != n || g.Widths.Length != n)
        {
            throw new ArgumentException("The columns of the Gaussians differ in length.");
        }

        if (re != Ball.Count || im != Ball.Count)
        {
            throw new ArgumentException($"The ball has {Ball.Count} coefficients.");
        }
    }
}
