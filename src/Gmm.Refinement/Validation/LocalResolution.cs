using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// Local resolution and filtering by band-wise local correlation (Penczek 2020; EMAN2's local Wiener filter): both half maps are band-passed; in
/// a Gaussian window around each voxel the bands are correlated, c = mean(b1 b2) / sqrt(mean(b1^2) mean(b2^2)); the voxel's resolution is
/// where c falls below 0.143.
/// </summary>
/// <remarks>
/// Other than in EMAN2, the window is four wavelengths of the band (at least 15 angstrom) whatever the global resolution, bands have a constant
/// relative width, and frequencies are those of the box that is transformed. A band is computed on a grid just fine enough for it. Bands follow
/// one another in a fixed order, so threads do not change the result. A region reads too fine where the window and the band's own reach (together
/// about two wavelengths) take in a neighbour that is better resolved and has ten times the noise's power.
/// </remarks>
public static class LocalResolution
{
    /// <summary>Window of a band: this many wavelengths ...</summary>
    private const double Wavelengths = 4;

    /// <summary>... but at least this, angstrom.</summary>
    private const double LeastWindow = 15;

    /// <summary>Standard deviation of the Gaussian over the window's size.</summary>
    private const double Deviation = 0.35;

    /// <summary>Measures the local resolution and filters to it.</summary>
    /// <param name="half1">One half map.</param>
    /// <param name="half2">The other.</param>
    /// <param name="compute">Threads; null for the defaults.</param>
    /// <param name="progress">Gets the part that is done, 0 to 1.</param>
    /// <param name="cancellationToken">Stops between bands.</param>
    /// <returns>Resolution and filtered map.</returns>
    /// <exception cref="InvalidInputException">Two maps of the same half, or of different box or pixel size, or a box of fewer than 16 voxels.</exception>
    /// <exception cref="OperationCanceledException">The token was set.</exception>
    public static LocalResolutionResult Measure(
        HalfMap half1, HalfMap half2, ComputeOptions? compute = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        MapChecks.SameGrid(half1, half2, "The half maps");
        if (half1.Half == half2.Half || half1.Size < 16)
        {
            throw new InvalidInputException(half1.Size < 16 ? "Local resolution needs a box of 16 voxels or more." : $"Local resolution needs half maps 1 and 2; both given are of half {half1.Half}.");
        }

        var run = new Run(half1, half2, (compute ?? new ComputeOptions()).Threads);
        for (var b = 0; b < run.Bands.Centres.Length; b++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            run.Band(run.Bands.Centres[b]);
            progress?.Report((b + 1.0) / run.Bands.Centres.Length);
        }

        return run.Finish();
    }

    /// <summary>One measurement: the halves' spectra, the sum of the filtered bands, and buffers that all bands share.</summary>
    private sealed class Run
    {
        private readonly int _n;
        private readonly double _pixel;
        private readonly int _threads;
        private readonly MapSpectrum _s1;
        private readonly MapSpectrum _s2;
        private readonly float[] _sumRe;
        private readonly float[] _sumIm;
        private readonly float[] _re;
        private readonly float[] _im;
        private readonly float[] _b1;
        private readonly float[] _b2;
        private readonly CoarseGrid _coarse;
        private readonly LocalCrossing _crossing;

        public Run(HalfMap half1, HalfMap half2, int threads)
        {
            (_n, _pixel, _threads) = (half1.Size, half1.PixelSize, threads);
            _s1 = MapSpectrum.Of(half1.Voxels, _n, [], threads);
            _s2 = MapSpectrum.Of(half2.Voxels, _n, [], threads);
            _coarse = new CoarseGrid(_n, half1.BoxLength, threads);
            Bands = LocalBands.Of(_n);
            _crossing = new LocalCrossing(_coarse.Count, Bands.Centres[0]);
            var largest = Bands.Centres.Max(GridOf);
            var length = Math.Max(_s1.Re.Length, largest * largest * ((largest / 2) + 1));
            (_sumRe, _sumIm, _re, _im) = (new float[_s1.Re.Length], new float[_s1.Re.Length], new float[length], new float[length]);
            var voxels = (int)Math.Max(Math.Pow(_n, 3), Math.Pow(largest, 3));
            (_b1, _b2) = (new float[voxels], new float[voxels]);
        }

        public LocalBands Bands { get; }

        /// <summary>Correlates a band, then adds it, weighted, to the filtered map.</summary>
        public void Band(double q)
        {
            var m = GridOf(q);
            var fft = new RealFft3D<float>(m, m, m);
            var scratch = new float[fft.ScratchLength];
            Pass(_s1, q, m, _b1, fft, scratch);
            Pass(_s2, q, m, _b2, fft, scratch);
            var weight = Correlate(m, Math.Max(LeastWindow, Wavelengths * _n * _pixel / q) * Deviation);
            _crossing.Next(q, weight);
            _coarse.Interpolate(weight, m, (at, w) =>
            {
                for (var x = 0; x < w.Length; x++)
                {
                    _b1[at + x] = 0.5f * (_b1[at + x] + _b2[at + x]) * w[x];
                }
            });
            fft.Forward(_b1.AsSpan(0, fft.RealLength), _re, _im, scratch, _threads);
            var scale = (float)Math.Pow((double)_n / m, 3);
            ForShared(m, (full, small, _) =>
            {
                _sumRe[full] += scale * _re[small];
                _sumIm[full] += scale * _im[small];
            });
        }

        /// <summary>The resolution map, and the filtered map with the bands' sum made level.</summary>
        public LocalResolutionResult Finish()
        {
            var level = Enumerable.Range(0, _n + 1).Select(i => Bands.Level(0.5 * i)).ToArray();
            _s1.ForPlanes(z =>
            {
                for (var i = z * _n * _s1.Width; i < (z + 1) * _n * _s1.Width; i++)
                {
                    var twice = 2 * _s1.Radius(i % _s1.Width, i / _s1.Width % _n, z);
                    if (twice > _n)
                    {
                        (_s1.Re[i], _s1.Im[i]) = (0, 0);
                        continue;
                    }

                    var (divisor, fill) = level[(int)Math.Round(twice)];
                    _s1.Re[i] = (float)((_sumRe[i] + (fill * 0.5 * (_s1.Re[i] + _s2.Re[i]))) / divisor);
                    _s1.Im[i] = (float)((_sumIm[i] + (fill * 0.5 * (_s1.Im[i] + _s2.Im[i]))) / divisor);
                }
            });
            var resolution = new float[_n * _n * _n];
            var (length, finest) = (_n * _pixel, 0.5f * _n);
            _coarse.Interpolate(_crossing.Radius, _n, (at, radius) =>
            {
                for (var x = 0; x < radius.Length; x++)
                {
                    resolution[at + x] = (float)(length / Math.Min(radius[x], finest));
                }
            });
            return new LocalResolutionResult(new DensityMap(_n, _pixel, resolution), new DensityMap(_n, _pixel, _s1.ToVoxels()));
        }

        /// <summary>
        /// Side of the grid for a band: a multiple of the coarse grid that holds the band, and its products up to the coarse grid's own frequencies;
        /// not much finer than the map, because bands at Nyquist lose little by what folds back.
        /// </summary>
        private int GridOf(double q)
        {
            var needed = (2 * Math.Min(LocalBands.End(q), 0.5 * _n)) + (0.5 * _coarse.Size);
            var steps = (int)Math.Ceiling(needed / _coarse.Size);
            return _coarse.Size * Math.Max(1, Math.Min(steps, (int)Math.Ceiling((double)_n / _coarse.Size)));
        }

        private void Pass(MapSpectrum spectrum, double q, int m, float[] voxels, RealFft3D<float> fft, float[] scratch)
        {
            Array.Clear(_re, 0, fft.SpectrumLength);
            Array.Clear(_im, 0, fft.SpectrumLength);
            var scale = Math.Pow((double)m / _n, 3);
            ForShared(m, (full, small, r) =>
            {
                var f = LocalBands.Factor(q, r);
                if (f > 0)
                {
                    _re[small] = (float)(scale * f * spectrum.Re[full]);
                    _im[small] = (float)(scale * f * spectrum.Im[full]);
                }
            });
            fft.Inverse(_re, _im, voxels.AsSpan(0, fft.RealLength), scratch, _threads);
        }

        private float[] Correlate(int m, double deviation)
        {
            float[] c = new float[_coarse.Count], p1 = new float[_coarse.Count], p2 = new float[_coarse.Count];
            _coarse.MeanProduct(_b1, _b2, m, c);
            _coarse.MeanProduct(_b1, _b1, m, p1);
            _coarse.MeanProduct(_b2, _b2, m, p2);
            foreach (var product in new[] { c, p1, p2 })
            {
                _coarse.Smooth(product, deviation);
            }

            for (var i = 0; i < c.Length; i++)
            {
                var power = Math.Sqrt(p1[i]) * Math.Sqrt(p2[i]);
                c[i] = power > 0 ? (float)(c[i] / power) : 0;
            }

            return c;
        }

        /// <summary>Runs over the coefficients that both the map's spectrum and that of a grid of another size hold, less the Nyquist frequencies.</summary>
        private void ForShared(int m, Action<int, int, double> body)
        {
            var half = (Math.Min(m, _n) - 1) / 2;
            int fullWidth = (_n / 2) + 1, smallWidth = (m / 2) + 1;
            Parallel.For(-half, half + 1, new ParallelOptions { MaxDegreeOfParallelism = _threads }, z =>
            {
                for (var y = -half; y <= half; y++)
                {
                    var full = ((((z + _n) % _n) * _n) + ((y + _n) % _n)) * fullWidth;
                    var small = ((((z + m) % m) * m) + ((y + m) % m)) * smallWidth;
                    for (var x = 0; x <= half; x++)
                    {
                        body(full + x, small + x, Math.Sqrt((x * x) + (y * y) + (z * z)));
                    }
                }
            });
        }
    }
}
