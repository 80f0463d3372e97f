using System.Numerics.Tensors;
using Gmm.Core;

namespace Gmm.Simulation;

/// <summary>
/// Makes one image: exact projection of the atoms, shift, CTF and coloured noise in a box twice as wide, then cropped, so that the CTF's
/// fringes leave the box as they do in a micrograph and the noise is not periodic.
/// </summary>
/// <remarks>Holds the scratch of one thread. Nothing an image depends on outlives a call.</remarks>
internal sealed class ImageSimulator
{
    private readonly ScatteringModel _model;
    private readonly AtomPlacement _placement;
    private readonly double[] _positions;
    private readonly AtomTransform _transform;
    private readonly AtomTransform.Scratch _scratch;
    private readonly RealFft2D<float> _fft;
    private readonly float[] _fftScratch;
    private readonly float[] _noiseAmplitude;
    private readonly double[] _u;
    private readonly double[] _v;
    private readonly float[] _sliceRe;
    private readonly float[] _sliceIm;
    private readonly float[] _projection;
    private readonly float[] _rampRe;
    private readonly float[] _rampIm;
    private readonly CtfRow _ctf;

    /// <summary>Allocates the scratch of one thread.</summary>
    /// <param name="model">The atoms.</param>
    /// <param name="placement">Where they are in each particle.</param>
    /// <param name="transform">Their transform.</param>
    /// <param name="noiseAmplitude">Standard deviation of each noise coefficient over the padded box (see <see cref="NoiseAmplitude"/>); empty: no
    /// noise.</param>
    public ImageSimulator(ScatteringModel model, AtomPlacement placement, AtomTransform transform, float[] noiseAmplitude)
    {
        (_model, _placement, _transform, _noiseAmplitude) = (model, placement, transform, noiseAmplitude);
        _positions = new double[placement.ScratchLength];
        var n = transform.Size;
        _scratch = new AtomTransform.Scratch(transform);
        _fft = new RealFft2D<float>(n, n);
        _fftScratch = new float[_fft.ScratchLength];
        _u = new double[model.X.Length];
        _v = new double[model.X.Length];
        _sliceRe = new float[_fft.SpectrumLength];
        _sliceIm = new float[_fft.SpectrumLength];
        _projection = new float[_fft.RealLength];
        _rampRe = new float[PaddedWidth];
        _rampIm = new float[PaddedWidth];
        _ctf = new CtfRow(2 * n, transform.PixelSize);
    }

    private int PaddedSize => _transform.FineSize;

    private int PaddedWidth => _transform.FineFft.SpectrumWidth;

    /// <summary>Standard deviation of the noise's coefficients over a padded box, so that a pixel's variance is 1.</summary>
    /// <param name="paddedSize">Side of the padded box, pixels.</param>
    /// <param name="pixelSize">Angstrom per pixel.</param>
    /// <param name="spectrum">The shape.</param>
    /// <returns>paddedSize x (paddedSize / 2 + 1) values, for an unnormalised transform.</returns>
    public static float[] NoiseAmplitude(int paddedSize, double pixelSize, NoiseSpectrum spectrum)
    {
        var width = (paddedSize / 2) + 1;
        var power = new double[paddedSize * width];
        double sum = 0;
        for (var row = 0; row < paddedSize; row++)
        {
            double ky = row <= paddedSize / 2 ? row : row - paddedSize;
            for (var kx = 0; kx < width; kx++)
            {
                var p = spectrum.Power(Math.Sqrt((kx * kx) + (ky * ky)) / (paddedSize * pixelSize));
                power[(row * width) + kx] = p;
                sum += kx == 0 || 2 * kx == paddedSize ? p : 2 * p;
            }
        }

        // Parseval: the pixel variance is sum |F|^2 / P^4.
        var scale = Math.Pow(paddedSize, 4) / sum;
        return Array.ConvertAll(power, p => (float)Math.Sqrt(p * scale));
    }

    /// <summary>
    /// The transform of the projection, before shift and CTF: Size x (Size/2 + 1) values, phase origin at the centre, over A^3 nothing divided.
    /// </summary>
    /// <param name="rotation">The orientation.</param>
    /// <param name="particle">The particle whose conformation it is, or <see cref="AtomPlacement.AtRest"/>.</param>
    /// <param name="re">Real parts.</param>
    /// <param name="im">Imaginary parts.</param>
    /// <param name="optics">The optics group's tables; null: an ideal microscope's.</param>
    public void Slice(in Rotation rotation, int particle, Span<float> re, Span<float> im, ImageOptics? optics = null)
    {
        _placement.Project(rotation, particle, _u, _v, _positions);
        if (optics is { Magnification: var m } && m != Magnification.None)
        {
            // The transform at M k of atoms at u is that at k of atoms at M^T u: shifts in the image's plane.
            for (var j = 0; j < _u.Length; j++)
            {
                (_u[j], _v[j]) = ((m.M00 * _u[j]) + (m.M10 * _v[j]), (m.M01 * _u[j]) + (m.M11 * _v[j]));
            }
        }

        re.Clear();
        im.Clear();
        (optics?.Transform ?? _transform).Accumulate(_u, _v, _model.Weight, re, im, _scratch);
    }

    /// <summary>Makes the image.</summary>
    /// <param name="pose">Where the structure is.</param>
    /// <param name="particle">The particle whose conformation it is, or <see cref="AtomPlacement.AtRest"/>.</param>
    /// <param name="ctf">The transfer function.</param>
    /// <param name="state">How it enters the image.</param>
    /// <param name="gain">Grey value per angstrom of scattering factor and pixel.</param>
    /// <param name="noise">The particle's noise generator; not used without noise.</param>
    /// <param name="envelope">An extra B factor on the image, square angstrom.</param>
    /// <param name="image">Size x Size pixels, origin at <see cref="DiscTransform.OriginPixel"/>.</param>
    /// <param name="optics">The optics group's tables; null: an ideal microscope's.</param>
    public void Render(
        in Pose pose, int particle, CtfParameters ctf, CtfState state, double gain, SeededGenerator? noise, double envelope, Span<float> image,
        ImageOptics? optics = null)
    {
        Slice(pose.Rotation, particle, _sliceRe, _sliceIm, optics);
        Pad();
        ApplyShiftAndCtf(optics?.Magnification.ToImage(pose) ?? pose, ctf, state, gain, envelope, optics);
        if (optics is not null)
        {
            ApplyOdd(optics);
        }

        if (noise is { } generator && _noiseAmplitude.Length > 0)
        {
            AddNoise(ref generator);
        }

        _transform.FineFft.Inverse(_scratch.Re, _scratch.Im, _scratch.Grid, _scratch.Fft);
        int n = _transform.Size, half = DiscTransform.OriginPixel(n), p = PaddedSize;
        for (var y = 0; y < n; y++)
        {
            // The padded image has its origin at index 0: negative positions are at the end of each row and of the rows.
            var row = _scratch.Grid.AsSpan((y >= half ? y - half : y - half + p) * p, p);
            row[(p - half)..].CopyTo(image.Slice(y * n, half));
            row[..(n - half)].CopyTo(image.Slice((y * n) + half, n - half));
        }
    }

    /// <summary>Slice to image to the padded box's transform.</summary>
    private void Pad()
    {
        int n = _transform.Size, up = (n + 1) / 2, down = n / 2, p = PaddedSize;
        _fft.Inverse(_sliceRe, _sliceIm, _projection, _fftScratch);
        Array.Clear(_scratch.Grid);
        for (var y = 0; y < n; y++)
        {
            var source = _projection.AsSpan(y * n, n);
            var target = _scratch.Grid.AsSpan((y < up ? y : y - n + p) * p, p);
            source[..up].CopyTo(target);
            source[up..].CopyTo(target[(p - down)..]);
        }

        _transform.FineFft.Forward(_scratch.Grid, _scratch.Re, _scratch.Im, _scratch.Fft);
    }

    /// <summary>Of a pose whose shift is in the image's plane.</summary>
    private void ApplyShiftAndCtf(in Pose pose, CtfParameters ctf, CtfState state, double gain, double envelope, ImageOptics? optics)
    {
        int p = PaddedSize, width = PaddedWidth;
        var step = 1 / (p * _transform.PixelSize);
        for (var kx = 0; kx < width; kx++)
        {
            var (sin, cos) = Math.SinCos(-2 * Math.PI * kx * step * pose.ShiftX);
            (_rampRe[kx], _rampIm[kx]) = ((float)cos, (float)sin);
        }

        for (var row = 0; row < p; row++)
        {
            var ky = row <= p / 2 ? row : row - p;
            var transfer = _ctf.Fill(ctf, state, ky, envelope, optics?.Magnification ?? Magnification.None, optics is null ? [] : optics.Even(row));
            var (sin, cos) = Math.SinCos(-2 * Math.PI * ky * step * pose.ShiftY);
            float yr = (float)(cos * gain), yi = (float)(sin * gain);
            var re = _scratch.Re.AsSpan(row * width, width);
            var im = _scratch.Im.AsSpan(row * width, width);
            for (var kx = 0; kx < re.Length; kx++)
            {
                float c = transfer[kx], wr = c * ((yr * _rampRe[kx]) - (yi * _rampIm[kx])), wi = c * ((yr * _rampIm[kx]) + (yi * _rampRe[kx]));
                float r = re[kx], i = im[kx];
                re[kx] = (r * wr) - (i * wi);
                im[kx] = (r * wi) + (i * wr);
            }
        }
    }

    private void ApplyOdd(ImageOptics optics)
    {
        int p = PaddedSize, width = PaddedWidth;
        for (var row = 0; row < p; row++)
        {
            var c = optics.Odd(row, out var s);
            var re = _scratch.Re.AsSpan(row * width, width);
            var im = _scratch.Im.AsSpan(row * width, width);
            for (var kx = 0; kx < c.Length; kx++)
            {
                (re[kx], im[kx]) = ((re[kx] * c[kx]) - (im[kx] * s[kx]), (re[kx] * s[kx]) + (im[kx] * c[kx]));
            }
        }
    }

    /// <summary>Normal coefficients times the amplitude, with the symmetry of a real image in the two columns that are their own mirror.</summary>
    private void AddNoise(ref SeededGenerator generator)
    {
        int p = PaddedSize, width = PaddedWidth;
        var half = Math.Sqrt(0.5);
        for (var row = 0; row < p; row++)
        {
            var mirror = row == 0 ? 0 : p - row;
            for (var kx = 0; kx < width; kx++)
            {
                var edge = kx == 0 || kx == width - 1;
                if (edge && row > mirror)
                {
                    continue;
                }

                var i = (row * width) + kx;
                if (edge && row == mirror)
                {
                    _scratch.Re[i] += (float)generator.Normal() * _noiseAmplitude[i];
                    continue;
                }

                var a = _noiseAmplitude[i] * half;
                float re = (float)(a * generator.Normal()), im = (float)(a * generator.Normal());
                _scratch.Re[i] += re;
                _scratch.Im[i] += im;
                if (edge)
                {
                    _scratch.Re[(mirror * width) + kx] += re;
                    _scratch.Im[(mirror * width) + kx] -= im;
                }
            }
        }
    }
}
