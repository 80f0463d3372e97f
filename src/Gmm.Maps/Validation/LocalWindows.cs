using Gmm.Core;

namespace Gmm.Maps;

/// <summary>The FSC in a soft spherical window cos^2(pi r / diameter) around each node of a coarse grid.</summary>
internal sealed class LocalWindows
{
    private readonly HalfMap _half1;
    private readonly HalfMap _half2;
    private readonly ComputeOptions _compute;
    private readonly int _m;
    private readonly float[] _window;
    private readonly int[] _shell;

    /// <summary>Prepares window and shells; the window's cube has an even side that transforms fast.</summary>
    public LocalWindows(HalfMap half1, HalfMap half2, double diameter, ComputeOptions compute)
    {
        (_half1, _half2, _compute) = (half1, half2, compute);
        _m = FftSizes.NextFastEven((int)Math.Ceiling(diameter / half1.PixelSize));
        _window = new float[_m * _m * _m];
        _shell = new int[_m * _m * ((_m / 2) + 1)];
        double square = 0, slope = 0;
        for (var i = 0; i < _window.Length; i++)
        {
            double x = (i % _m) - (_m / 2), y = (i / _m % _m) - (_m / 2), z = (i / (_m * _m)) - (_m / 2);
            var angle = Math.PI * Math.Sqrt((x * x) + (y * y) + (z * z)) * half1.PixelSize / diameter;
            if (angle < Math.PI / 2)
            {
                _window[i] = (float)Math.Pow(Math.Cos(angle), 2);
                square += Math.Pow(Math.Cos(angle), 4);
                slope += Math.Pow(Math.Sin(2 * angle) * Math.PI * half1.PixelSize / diameter, 2);
            }
        }

        // Parseval: the variance of the window's power along one axis of Fourier space.
        Blur = Math.Sqrt(slope / square / 3) * _m / (2 * Math.PI);
        var width = (_m / 2) + 1;
        for (var i = 0; i < _shell.Length; i++)
        {
            int x = i % width, y = Signed(i / width % _m), z = Signed(i / (width * _m));
            _shell[i] = (int)Math.Round(Math.Sqrt((x * x) + (y * y) + (z * z)));
        }
    }

    /// <summary>Standard deviation of the blur that the window makes in Fourier space, voxels of its cube's transform.</summary>
    public double Blur { get; }

    /// <summary>Local ratios of signal to noise, at the radii of the bands of the whole map.</summary>
    /// <param name="grid">The nodes.</param>
    /// <param name="bands">The bands.</param>
    /// <param name="progress">Gets the part that is done.</param>
    /// <param name="cancellationToken">Stops between layers of nodes.</param>
    /// <returns>[band][node].</returns>
    public float[][] Profiles(CoarseGrid grid, LocalBands bands, Action<double> progress, CancellationToken cancellationToken)
    {
        var c = grid.Size;
        var shells = new float[_m / 2][];
        for (var s = 0; s < shells.Length; s++)
        {
            shells[s] = new float[grid.Count];
        }

        var fft = new RealFft3D<float>(_m, _m, _m);
        for (var z = 0; z < c; z++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Guarded.For(0, c, _compute.Parallelism, () => new Buffers(fft), (y, _, buffers) =>
            {
                for (var x = 0; x < c; x++)
                {
                    Correlate(buffers, fft, Centre(x), Centre(y), Centre(z));
                    for (var s = 0; s < shells.Length; s++)
                    {
                        shells[s][(((z * c) + y) * c) + x] = buffers.Correlation(s + 1);
                    }
                }

                return buffers;
            }, _ => { });
            progress((z + 1.0) / c);
        }

        // Radius of shell s is s + 1. Noise in a shell is that of many coefficients, so its neighbours' weights count by their number.
        LocalDeblur.Run(shells, LocalDeblur.Normalised(shells.Length, (i, j) => (j + 1) * (j + 1) * Math.Exp(-0.5 * Math.Pow((i - j) / Blur, 2))), _compute);
        return [.. bands.Centres.Select(q => At(shells, (q * _m / _half1.Size) - 1))];

        int Centre(int node) => (int)Math.Round(((node + 0.5) * _half1.Size / c) - 0.5);
    }

    /// <summary>Geometric interpolation between shells; the first and last carry on.</summary>
    private static float[] At(float[][] shells, double at)
    {
        var first = Math.Clamp((int)Math.Floor(at), 0, shells.Length - 1);
        var second = Math.Min(first + 1, shells.Length - 1);
        var part = Math.Clamp(at - first, 0, 1);
        return [.. shells[first].Zip(
            shells[second], (a, b) => (float)Math.Exp(((1 - part) * Math.Log(Math.Max(a, 1e-9))) + (part * Math.Log(Math.Max(b, 1e-9)))))];
    }

    private void Correlate(Buffers b, RealFft3D<float> fft, int cx, int cy, int cz)
    {
        Cut(_half1, b.Voxels, cx, cy, cz);
        fft.Forward(b.Voxels, b.Re1, b.Im1, b.Scratch);
        Cut(_half2, b.Voxels, cx, cy, cz);
        fft.Forward(b.Voxels, b.Re2, b.Im2, b.Scratch);
        Array.Clear(b.Sums);
        int width = (_m / 2) + 1, count = b.Sums.Length / 3;
        for (var i = 0; i < _shell.Length; i++)
        {
            var s = _shell[i];
            if (s < count)
            {
                var x = i % width;
                double times = x == 0 || 2 * x == _m ? 1 : 2, ar = b.Re1[i], ai = b.Im1[i], br = b.Re2[i], bi = b.Im2[i];
                b.Sums[s] += times * ((ar * br) + (ai * bi));
                b.Sums[count + s] += times * ((ar * ar) + (ai * ai));
                b.Sums[(2 * count) + s] += times * ((br * br) + (bi * bi));
            }
        }
    }

    /// <summary>The windowed part of a map around a voxel; the box is periodic.</summary>
    private void Cut(HalfMap map, float[] voxels, int cx, int cy, int cz)
    {
        var n = map.Size;
        for (var z = 0; z < _m; z++)
        {
            for (var y = 0; y < _m; y++)
            {
                var row = ((Wrap(cz + z) * n) + Wrap(cy + y)) * n;
                var to = ((z * _m) + y) * _m;
                for (var x = 0; x < _m; x++)
                {
                    voxels[to + x] = map.Voxels[row + Wrap(cx + x)] * _window[to + x];
                }
            }
        }

        int Wrap(int i) => (i - (_m / 2) + (2 * n)) % n;
    }

    private int Signed(int i) => i > (_m - 1) / 2 ? i - _m : i;

    /// <summary>What one thread needs.</summary>
    private sealed class Buffers(RealFft3D<float> fft)
    {
        public float[] Voxels { get; } = new float[fft.RealLength];

        public float[] Re1 { get; } = new float[fft.SpectrumLength];

        public float[] Im1 { get; } = new float[fft.SpectrumLength];

        public float[] Re2 { get; } = new float[fft.SpectrumLength];

        public float[] Im2 { get; } = new float[fft.SpectrumLength];

        public float[] Scratch { get; } = new float[fft.ScratchLength];

        public double[] Sums { get; } = new double[3 * ((fft.Depth / 2) + 1)];

        public float Correlation(int shell)
        {
            var count = Sums.Length / 3;
            var power = Math.Sqrt(Sums[count + shell]) * Math.Sqrt(Sums[(2 * count) + shell]);
            return power > 0 ? (float)(Sums[shell] / power) : 0;
        }
    }
}
