using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using Gmm.Core;

namespace Gmm.Simulation;

/// <summary>
/// The exact transform of projected atoms on the frequencies of an image, sum_j f_j(k) w_j exp(-2 pi i k.u_j), by a type-1 NUFFT per
/// group of atoms: spread on a grid twice as fine, FFT, divide the kernel out, times the group's scattering factor.
/// </summary>
/// <remarks>Immutable and safe on many threads; each has its own <see cref="Scratch"/>.</remarks>
internal sealed class AtomTransform
{
    private readonly ScatteringModel _model;
    private readonly SpreadingKernel _kernel = new();
    private readonly float[][] _factors;
    private readonly Magnification _magnification;

    /// <summary>Makes the transform for images of a size.</summary>
    /// <param name="model">The atoms.</param>
    /// <param name="options">Box, pixel size and solvent.</param>
    /// <param name="kz">Third component of the frequency, Fourier pixels: 0 for projections, a plane's number for the map.</param>
    /// <param name="magnification">From the image's frequencies to the specimen's, at which the atoms scatter; null is none.</param>
    public AtomTransform(ScatteringModel model, SimulationOptions options, int kz = 0, Magnification? magnification = null)
    {
        _model = model;
        _magnification = magnification ?? Magnification.None;
        Size = options.BoxSize;
        PixelSize = options.PixelSize;
        FineFft = new RealFft2D<float>(FineSize, FineSize);
        _factors = MakeFactors(model, options, kz);
    }

    /// <summary>Side of the image, pixels.</summary>
    public int Size { get; }

    /// <summary>Angstrom per pixel.</summary>
    public double PixelSize { get; }

    /// <summary>Side of the fine grid.</summary>
    public int FineSize => Size * SpreadingKernel.Oversampling;

    /// <summary>Frequencies kx = 0 to this - 1 are held.</summary>
    public int SpectrumWidth => (Size / 2) + 1;

    /// <summary>The fine grid's FFT.</summary>
    public RealFft2D<float> FineFft { get; }

    /// <summary>Adds the transform: row ky (FFT order), column kx; the phase origin is the image's centre u = 0.</summary>
    /// <param name="u">X of the projected atoms, angstrom, in the model's order.</param>
    /// <param name="v">Y of the projected atoms.</param>
    /// <param name="weights">Weight of each atom.</param>
    /// <param name="re">Real parts, Size x SpectrumWidth.</param>
    /// <param name="im">Imaginary parts.</param>
    /// <param name="s">The caller's scratch.</param>
    public void Accumulate(ReadOnlySpan<double> u, ReadOnlySpan<double> v, ReadOnlySpan<float> weights, Span<float> re, Span<float> im, Scratch s)
    {
        int width = SpectrumWidth, fineWidth = FineFft.SpectrumWidth;
        for (var g = 0; g < _model.Groups.Length; g++)
        {
            var group = _model.Groups[g];
            Array.Clear(s.Grid);
            Spread(u[group.First..group.End], v[group.First..group.End], weights[group.First..group.End], s.Grid);
            FineFft.Forward(s.Grid, s.Re, s.Im, s.Fft, width);
            for (var row = 0; row < Size; row++)
            {
                int target = row * width, source = (row < (Size + 1) / 2 ? row : row + FineSize - Size) * fineWidth;
                var factor = _factors[g].AsSpan(target, width);
                var tr = re.Slice(target, width);
                var ti = im.Slice(target, width);
                TensorPrimitives.MultiplyAdd(s.Re.AsSpan(source, width), factor, tr, tr);
                TensorPrimitives.MultiplyAdd(s.Im.AsSpan(source, width), factor, ti, ti);
            }
        }
    }

    /// <summary>Scattering factor over kernel transform for every group and frequency; Nyquist, which has no phase, is left out.</summary>
    private float[][] MakeFactors(ScatteringModel model, SimulationOptions options, int kz)
    {
        int n = Size, width = SpectrumWidth;
        var length = n * PixelSize;
        var kernel = new double[(n / 2) + 1];
        for (var k = 0; k < kernel.Length; k++)
        {
            kernel[k] = SpreadingKernel.Transform((double)k / FineSize);
        }

        var factors = new float[model.Groups.Length][];
        for (var g = 0; g < factors.Length; g++)
        {
            // f depends on kx^2 + ky^2 + kz^2 alone, an integer but for a magnification, so it is computed once for each.
            var byRadius = new Dictionary<double, double>();
            var table = factors[g] = new float[n * width];
            for (var row = 0; row < n; row++)
            {
                var ky = row < (n + 1) / 2 ? row : row - n;
                for (var kx = 0; kx < width; kx++)
                {
                    if (n % 2 == 0 && (2 * kx == n || 2 * ky == -n))
                    {
                        continue;
                    }

                    var (x, y) = _magnification.Apply(kx, ky);
                    var r2 = (x * x) + (y * y) + (kz * kz);
                    if (!byRadius.TryGetValue(r2, out var f))
                    {
                        byRadius[r2] = f = model.Groups[g].Factor(r2 / (length * length), options);
                    }

                    // The fine grid's origin is its middle: a factor (-1)^k along each axis.
                    table[(row * width) + kx] = (float)(f / (kernel[kx] * kernel[Math.Abs(ky)]) * (((kx + ky) & 1) == 0 ? 1 : -1));
                }
            }
        }

        return factors;
    }

    /// <summary>Spreads atoms. The grid is periodic for an atom at its edge; one that misses the grid is not in the image and adds nothing.</summary>
    private void Spread(ReadOnlySpan<double> u, ReadOnlySpan<double> v, ReadOnlySpan<float> weights, Span<float> grid)
    {
        const int w = SpreadingKernel.Width;
        var m = FineSize;
        var scale = SpreadingKernel.Oversampling / PixelSize;
        if ((long)m * m > grid.Length)
        {
            throw new ArgumentException($"A grid of {m} x {m} cells does not fit {grid.Length} values.", nameof(grid));
        }

        Span<float> ty = stackalloc float[w];
        var g = new KernelRef<float>(grid);
        for (var j = 0; j < u.Length; j++)
        {
            // Positions in float64: 1e-7 of the box would already be a phase error of 1e-5 at the edge of the band.
            double px = (u[j] * scale) + (m / 2) - (w / 2), py = (v[j] * scale) + (m / 2) - (w / 2);
            double fx = Math.Ceiling(px), fy = Math.Ceiling(py);
            // In float64, which holds them all, so that the casts below are of small numbers; a place that is not a number fails the test too.
            if (!(fx > -w && fx < m && fy > -w && fy < m))
            {
                continue;
            }

            var tx = _kernel.Taps((float)(fx - px)) * weights[j];
            _kernel.Taps((float)(fy - py)).CopyTo(ty);
            int x0 = (int)fx, y0 = (int)fy;
            if (x0 < 0 || y0 < 0 || x0 > m - w || y0 > m - w)
            {
                SpreadWrapped(x0, y0, tx, ty, grid);
                continue;
            }

            var cell = g + ((y0 * m) + x0);
            for (var t = 0; t < w; t++, cell += m)
            {
                cell.Store(Vector256.FusedMultiplyAdd(tx, Vector256.Create(ty[t]), cell.Load()));
            }
        }
    }

    /// <summary>The grid is periodic: an atom at its edge wraps around.</summary>
    private void SpreadWrapped(int x0, int y0, Vector256<float> tx, ReadOnlySpan<float> ty, Span<float> grid)
    {
        var m = FineSize;
        for (var t = 0; t < ty.Length; t++)
        {
            var row = (((y0 + t) % m) + m) % m * m;
            for (var i = 0; i < Vector256<float>.Count; i++)
            {
                var column = (((x0 + i) % m) + m) % m;
                grid[row + column] += tx[i] * ty[t];
            }
        }
    }

    /// <summary>Working memory of one thread.</summary>
    internal sealed class Scratch
    {
        /// <summary>Makes it for a transform.</summary>
        /// <param name="transform">The transform.</param>
        public Scratch(AtomTransform transform)
        {
            var fft = transform.FineFft;
            Grid = new float[fft.RealLength];
            Re = new float[fft.SpectrumLength];
            Im = new float[fft.SpectrumLength];
            Fft = new float[fft.ScratchLength];
        }

        /// <summary>The fine grid.</summary>
        public float[] Grid { get; }

        /// <summary>Its transform, real parts.</summary>
        public float[] Re { get; }

        /// <summary>Its transform, imaginary parts.</summary>
        public float[] Im { get; }

        /// <summary>The FFT's own scratch.</summary>
        public float[] Fft { get; }
    }
}
