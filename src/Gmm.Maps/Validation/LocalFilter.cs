using Gmm.Core;

namespace Gmm.Maps;

/// <summary>
/// The transforms of bands of a map's spectrum, each on a grid just fine enough for it, and the filtered map that is put together from weighted bands.
/// </summary>
internal sealed class LocalFilter
{
    private readonly int _n;
    private readonly ComputeOptions _compute;
    private readonly CoarseGrid _coarse;
    private readonly LocalBands _bands;
    private readonly float[] _re;
    private readonly float[] _im;

    /// <summary>Makes the buffers that all bands share.</summary>
    public LocalFilter(int size, LocalBands bands, CoarseGrid coarse, ComputeOptions compute)
    {
        (_n, _compute, _coarse, _bands) = (size, compute, coarse, bands);
        var largest = bands.Centres.Max(q => GridOf(q, LocalBands.Width(q)));
        var length = largest * largest * ((largest / 2) + 1);
        (_re, _im) = (new float[length], new float[length]);
        MaxVoxels = largest * largest * largest;
    }

    /// <summary>Voxels of the largest grid.</summary>
    public int MaxVoxels { get; }

    /// <summary>
    /// Side of the grid for a band: a multiple of the coarse grid that holds the band, and its products up to the coarse grid's own frequencies;
    /// not much finer than the map, because bands at Nyquist lose little by what folds back.
    /// </summary>
    public int GridOf(double q, double width)
    {
        var needed = (2 * Math.Min(LocalBands.End(q, width), 0.5 * _n)) + (0.5 * _coarse.Size);
        var steps = (int)Math.Ceiling(needed / _coarse.Size);
        return _coarse.Size * Math.Max(1, Math.Min(steps, (int)Math.Ceiling((double)_n / _coarse.Size)));
    }

    /// <summary>The band of a map on a grid of side m.</summary>
    /// <param name="spectrum">Spectrum of the map.</param>
    /// <param name="q">Radius of the band.</param>
    /// <param name="width">Its half-width at 1/e.</param>
    /// <param name="fft">The transform of the grid.</param>
    /// <param name="voxels">Receives the band.</param>
    /// <param name="scratch">Of the transform.</param>
    /// <param name="shells">A factor for each shell of the map; null for none.</param>
    public void Pass(MapSpectrum spectrum, double q, double width, RealFft3D<float> fft, float[] voxels, float[] scratch, float[]? shells = null)
    {
        var m = fft.Depth;
        Array.Clear(_re, 0, fft.SpectrumLength);
        Array.Clear(_im, 0, fft.SpectrumLength);
        var scale = Math.Pow((double)m / _n, 3);
        ForShared(m, q, width, (full, small, r) =>
        {
            var f = LocalBands.Factor(q, width, r) * (shells is null ? 1 : shells[Math.Min(shells.Length - 1, (int)Math.Round(r))]);
            _re[small] = (float)(scale * f * spectrum.Re[full]);
            _im[small] = (float)(scale * f * spectrum.Im[full]);
        });
        fft.Inverse(_re, _im, voxels.AsSpan(0, fft.RealLength), scratch, _compute.Threads, _compute.CancellationToken);
    }

    /// <summary>Weighs each band of a map by its local weights and sums them up.</summary>
    /// <param name="mean">Spectrum of the map; changed to that of the filtered one.</param>
    /// <param name="sum">A spectrum of the same size, overwritten.</param>
    /// <param name="weights">[band][node].</param>
    /// <param name="done">Told of each band.</param>
    /// <param name="cancellationToken">Stops between bands.</param>
    public void Filter(MapSpectrum mean, MapSpectrum sum, float[][] weights, Action<int> done, CancellationToken cancellationToken)
    {
        Array.Clear(sum.Re);
        Array.Clear(sum.Im);
        var voxels = new float[MaxVoxels];
        for (var b = 0; b < weights.Length; b++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var q = _bands.Centres[b];
            var width = LocalBands.Spacing(q);
            var m = GridOf(q, width);
            var fft = new RealFft3D<float>(m, m, m);
            var scratch = new float[fft.ScratchLength];
            Pass(mean, q, width, fft, voxels, scratch);
            _coarse.Interpolate(
                weights[b], m, (at, w) => System.Numerics.Tensors.TensorPrimitives.Multiply(voxels.AsSpan(at, w.Length), w, voxels.AsSpan(at, w.Length)));
            fft.Forward(voxels.AsSpan(0, fft.RealLength), _re, _im, scratch, _compute.Threads, _compute.CancellationToken);
            var scale = (float)Math.Pow((double)_n / m, 3);
            ForShared(m, 0, double.PositiveInfinity, (full, small, _) =>
            {
                sum.Re[full] += scale * _re[small];
                sum.Im[full] += scale * _im[small];
            });
            done(b);
        }

        MakeLevel(mean, sum);
    }

    /// <summary>Divides by the sum of the bands, and fills in what is coarser than all.</summary>
    private void MakeLevel(MapSpectrum mean, MapSpectrum sum)
    {
        var level = Enumerable.Range(0, _n + 1).Select(i => _bands.Level(0.5 * i)).ToArray();
        mean.ForPlanes(z =>
        {
            for (var i = z * _n * mean.Width; i < (z + 1) * _n * mean.Width; i++)
            {
                var twice = 2 * mean.Radius(i % mean.Width, i / mean.Width % _n, z);
                if (twice > _n)
                {
                    (mean.Re[i], mean.Im[i]) = (0, 0);
                    continue;
                }

                var (divisor, fill) = level[(int)Math.Round(twice)];
                mean.Re[i] = (float)((sum.Re[i] + (fill * mean.Re[i])) / divisor);
                mean.Im[i] = (float)((sum.Im[i] + (fill * mean.Im[i])) / divisor);
            }
        });
    }

    /// <summary>
    /// Runs over the coefficients of a band that both the map's spectrum and that of a grid of another size hold, less the Nyquist frequencies.
    /// </summary>
    private void ForShared(int m, double q, double width, Action<int, int, double> body)
    {
        var half = (Math.Min(m, _n) - 1) / 2;
        int fullWidth = (_n / 2) + 1, smallWidth = (m / 2) + 1;
        double from = q - (LocalBands.End(q, width) - q), to = LocalBands.End(q, width);
        Guarded.For(-half, half + 1, _compute.Parallelism, z =>
        {
            for (var y = -half; y <= half; y++)
            {
                var across = ((double)y * y) + ((double)z * z);
                if (across > to * to)
                {
                    continue;
                }

                var full = ((((z + _n) % _n) * _n) + ((y + _n) % _n)) * fullWidth;
                var small = ((((z + m) % m) * m) + ((y + m) % m)) * smallWidth;
                var first = from > 0 && from * from > across ? (int)Math.Sqrt((from * from) - across) : 0;
                var last = double.IsInfinity(to) ? half : Math.Min(half, (int)Math.Sqrt((to * to) - across) + 1);
                for (var x = first; x <= last; x++)
                {
                    body(full + x, small + x, Math.Sqrt(((double)x * x) + across));
                }
            }
        });
    }
}
