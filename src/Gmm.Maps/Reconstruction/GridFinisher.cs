using Gmm.Core;

namespace Gmm.Maps;

/// <summary>Turns the sums of an accumulator into a map: fold, divide, transform, crop, undo the kernel's fading.</summary>
internal sealed class GridFinisher(IGridSums sums, ComputeOptions compute)
{
    /// <summary>A weight counts as at least this part of its shell's mean (relion_reconstruct, BackProjector::reconstruct).</summary>
    private const double WeightFloor = 1e-3;

    /// <summary>Lines along z transformed together: a cache line of each plane.</summary>
    private const int LinesAtOnce = 16;

    private readonly ReconstructionGrid _grid = sums.Grid;
    private double _background;

    private ParallelOptions Options => compute.Parallelism;

    /// <summary>Makes the map.</summary>
    /// <remarks>
    /// The padded transform never exists as a whole: each pair of planes z and -z is divided, transformed and cropped to the box at once, then
    /// each line along z. Planes z and -z of a real map's transform belong to complex images that are conjugates; the image's real part is
    /// the transform of half the planes' sum, its imaginary part of half their difference over i, and both are real transforms.
    /// </remarks>
    /// <param name="shellSsnr">SSNR of each map shell for a Wiener filter, or null.</param>
    /// <param name="maskCorners">Whether to replace what lies outside the box's sphere.</param>
    /// <returns>BoxSize^3 voxels.</returns>
    public float[] Finish(IReadOnlyList<double>? shellSsnr, bool maskCorners)
    {
        var n = _grid.BoxSize;
        var planes = new CroppedPlanes(sums, Limit);
        var shellWeights = ShellWeights();
        foreach (var (first, end) in planes.Stages)
        {
            TransformPlanes((first, end), shellWeights, shellSsnr, planes);
        }

        var map = new float[(long)n * n * n];
        TransformLines(planes, map);
        if (maskCorners)
        {
            MaskCorners(map);
        }

        if (_grid.LastShell < (n - 1) / 2)
        {
            LowPass(map);
        }

        return map;
    }

    /// <summary>
    /// Takes out what cropping and masking have spread beyond the last shell: it is the same signal in both half maps, and their FSC would take it for one
    /// at every resolution.
    /// </summary>
    private void LowPass(float[] map)
    {
        var ball = new FourierBall(_grid.BoxSize * _grid.PixelSize, _grid.LastShell);
        var transform = new BallTransform(_grid.BoxSize, ball);
        float[] re = new float[ball.Count], im = new float[ball.Count];
        transform.Forward(map, re, im, compute.Threads, compute.CancellationToken);
        transform.Inverse(re, im, map, compute.Threads, compute.CancellationToken);
    }

    /// <summary>Folds row (y, z) onto x at least 0: real, imaginary, weight of each cell up to the last inside.</summary>
    private ReadOnlySpan<double> FoldedRow(int y, int z, Span<double> row)
    {
        var last = _grid.LastInside(y, z);
        if (last < 0)
        {
            return [];
        }

        var folded = row[..(3 * (last + 1))];
        var extent = _grid.Extent;
        var side = (2 * extent) + 1;
        var start = _grid.RowStart[((z + extent) * side) + y + extent];
        sums.Read(z + extent, start + 3, folded);
        // The conjugates of the coefficients inserted near x = 0 reach x = 0 and x = 1 from the mirrored row's cells x = 0 and -1.
        Span<double> mirror = stackalloc double[6];
        sums.Read(extent - z, _grid.RowStart[((extent - z) * side) + extent - y], mirror);
        for (var x = 0; x <= Math.Min(1, last); x++)
        {
            var m = mirror.Slice(3 * (1 - x), 3);
            folded[3 * x] += m[0];
            folded[(3 * x) + 1] -= m[1];
            folded[(3 * x) + 2] += m[2];
        }

        return folded;
    }

    /// <summary>Mean weight of the grid points of each map shell.</summary>
    private double[] ShellWeights()
    {
        var limit = Limit;
        var shells = _grid.LastShell + 2;
        var planeSums = new double[(2 * limit) + 1][];
        var planeCounts = new double[(2 * limit) + 1][];
        Guarded.For(-limit, limit + 1, Options, z =>
        {
            double[] total = new double[shells], count = new double[shells];
            var row = new double[3 * (limit + 1)];
            for (var y = -limit; y <= limit; y++)
            {
                var folded = FoldedRow(y, z, row);
                for (var x = 0; 3 * x < folded.Length; x++)
                {
                    var shell = Shell(x, y, z);
                    var times = x == 0 ? 1 : 2;
                    total[shell] += times * folded[(3 * x) + 2];
                    count[shell] += times;
                }
            }

            (planeSums[z + limit], planeCounts[z + limit]) = (total, count);
        });
        var mean = new double[shells];
        for (var s = 0; s < shells; s++)
        {
            // One order, whatever thread made which plane.
            double total = 0, count = 0;
            for (var z = 0; z < planeSums.Length; z++)
            {
                total += planeSums[z][s];
                count += planeCounts[z][s];
            }

            mean[s] = count > 0 ? total / count : 0;
        }

        return mean;
    }

    /// <summary>Some planes z from 0: numerator over weight of each and its mirror, transformed over y and x, cropped to the box.</summary>
    private void TransformPlanes((int First, int End) range, double[] shellWeights, IReadOnlyList<double>? shellSsnr, CroppedPlanes planes)
    {
        var size = _grid.GridSize;
        var fft = new RealFft2D<float>(size, size);
        Guarded.For(
            range.First,
            range.End,
            Options,
            () => new float[(4L * fft.SpectrumLength) + fft.RealLength + fft.ScratchLength],
            (z, _, work) =>
            {
                var length = fft.SpectrumLength;
                Span<float> a = work.AsSpan(0, length), b = work.AsSpan(length, length);
                Span<float> c = work.AsSpan(2 * length, length), d = work.AsSpan(3 * length, length);
                var real = work.AsSpan(4 * length, fft.RealLength);
                var scratch = work.AsSpan((4 * length) + fft.RealLength);
                work.AsSpan(0, 4 * length).Clear();
                Divide(z, shellWeights, shellSsnr, a, b);
                Divide(-z, shellWeights, shellSsnr, c, d);
                for (var i = 0; i < length; i++)
                {
                    (a[i], b[i], c[i], d[i]) = (0.5f * (a[i] + c[i]), 0.5f * (b[i] + d[i]), 0.5f * (b[i] - d[i]), 0.5f * (c[i] - a[i]));
                }

                fft.Inverse(a, b, real, scratch, Limit + 1);
                CropPlane(real, planes.Re(z));
                fft.Inverse(c, d, real, scratch, Limit + 1);
                CropPlane(real, planes.Im(z));
                return work;
            },
            _ => { });
    }

    /// <summary>The lines along z of the map, cropped, the kernel's fading undone.</summary>
    private void TransformLines(CroppedPlanes from, float[] map)
    {
        int n = _grid.BoxSize, size = _grid.GridSize, planes = Limit + 1;
        var fading = new double[n];
        for (var x = 0; x < n; x++)
        {
            fading[x] = 1 / _grid.Window.Transform((x - (n / 2)) / (double)size);
        }

        var fft = new RealFft2D<float>(1, size);
        Guarded.For(
            0,
            n,
            Options,
            () => new float[(2 * fft.SpectrumLength) + fft.RealLength + fft.ScratchLength + (LinesAtOnce * ((2 * planes) + n))],
            (y, _, work) =>
            {
                for (var x = 0; x < n; x += LinesAtOnce)
                {
                    TransformLines(fft, (from, map), (x, Math.Min(LinesAtOnce, n - x), y), fading, work);
                }

                return work;
            },
            _ => { });
    }

    /// <summary>Neighbouring lines together, so that planes, which lie far apart in memory, are read and written in runs.</summary>
    private void TransformLines(
        RealFft2D<float> fft, (CroppedPlanes Planes, float[] Map) of, (int X, int Count, int Y) lines, double[] fading, float[] work)
    {
        int n = _grid.BoxSize, planes = Limit + 1, count = lines.Count;
        Span<float> a = work.AsSpan(0, fft.SpectrumLength), b = work.AsSpan(fft.SpectrumLength, fft.SpectrumLength);
        var real = work.AsSpan(2 * fft.SpectrumLength, fft.RealLength);
        var scratch = work.AsSpan((2 * fft.SpectrumLength) + fft.RealLength, fft.ScratchLength);
        var rest = work.AsSpan((2 * fft.SpectrumLength) + fft.RealLength + fft.ScratchLength);
        Span<float> re = rest[..(planes * count)], im = rest.Slice(planes * count, planes * count), map = rest.Slice(2 * planes * count, n * count);
        for (var z = 0; z < planes; z++)
        {
            var at = (lines.Y * n) + lines.X;
            of.Planes.Re(z).Slice(at, count).CopyTo(re[(z * count)..]);
            of.Planes.Im(z).Slice(at, count).CopyTo(im[(z * count)..]);
        }

        for (var k = 0; k < count; k++)
        {
            a.Clear();
            b.Clear();
            for (var z = 0; z < planes; z++)
            {
                (a[z], b[z]) = (re[(z * count) + k], im[(z * count) + k]);
            }

            fft.Inverse(a, b, real, scratch);
            for (var z = 0; z < n; z++)
            {
                map[(z * count) + k] = (float)(real[Wrap(z)] * fading[lines.X + k] * fading[lines.Y] * fading[z]);
            }
        }

        for (var z = 0; z < n; z++)
        {
            map.Slice(z * count, count).CopyTo(of.Map.AsSpan((((z * n) + lines.Y) * n) + lines.X, count));
        }
    }

    /// <summary>Numerator over weight of a plane, in the layout of the transform.</summary>
    private void Divide(int z, double[] shellWeights, IReadOnlyList<double>? shellSsnr, Span<float> re, Span<float> im)
    {
        int size = _grid.GridSize, width = (size / 2) + 1, limit = Limit;
        var row = new double[3 * (limit + 1)];
        for (var y = -limit; y <= limit; y++)
        {
            var folded = FoldedRow(y, z, row);
            var target = (y + size) % size * width;
            for (var x = 0; 3 * x < folded.Length; x++)
            {
                var shell = Shell(x, y, z);
                var mean = shellWeights[shell];
                if (!(mean > 0))
                {
                    continue;
                }

                var weight = Math.Max(folded[(3 * x) + 2], WeightFloor * mean) + WienerTerm(shellSsnr, shell, mean);
                re[target + x] = (float)(folded[3 * x] / weight);
                im[target + x] = (float)(folded[(3 * x) + 1] / weight);
            }
        }
    }

    private void CropPlane(ReadOnlySpan<float> real, Span<float> plane)
    {
        int n = _grid.BoxSize, size = _grid.GridSize;
        for (var y = 0; y < n; y++)
        {
            for (var x = 0; x < n; x++)
            {
                plane[(y * n) + x] = real[(Wrap(y) * size) + Wrap(x)];
            }
        }
    }

    /// <summary>Where a voxel of the box lies in the padded map, whose origin is at 0.</summary>
    private int Wrap(int voxel) => (voxel - (_grid.BoxSize / 2) + _grid.GridSize) % _grid.GridSize;

    /// <summary>
    /// What a Wiener filter adds to the weight: the mean weight over the SSNR. The noise power of N/W is 1/W in units of one image's noise, so
    /// SSNR = signal power * W, and the filter N / (W + 1/signal power) is N / (W + W/SSNR).
    /// </summary>
    private static double WienerTerm(IReadOnlyList<double>? ssnr, int shell, double mean)
    {
        if (ssnr is null)
        {
            return 0;
        }

        var value = shell < ssnr.Count ? ssnr[shell] : 0;
        return mean / Math.Max(value, 1e-6);
    }

    /// <summary>
    /// Fades the map to its mean outside value beyond the sphere in the box, over three voxels, as RELION does
    /// (softMaskOutsideMap): in the corners the kernel's fading is undone by large factors and only noise is left.
    /// </summary>
    private void MaskCorners(float[] map)
    {
        const double edge = 3;
        var n = _grid.BoxSize;
        for (var pass = 0; pass < 2; pass++)
        {
            double sum = 0, weights = 0;
            var background = pass == 0 ? 0 : _background;
            for (int i = 0, z = 0; z < n; z++)
            {
                for (var y = 0; y < n; y++)
                {
                    var yz = Square(y - (n / 2)) + Square(z - (n / 2));
                    for (var x = 0; x < n; x++, i++)
                    {
                        var beyond = Math.Sqrt(yz + Square(x - (n / 2))) - (0.5 * n);
                        if (beyond <= 0)
                        {
                            continue;
                        }

                        var w = beyond >= edge ? 1 : 0.5 - (0.5 * Math.Cos(Math.PI * beyond / edge));
                        sum += w * map[i];
                        weights += w;
                        if (pass == 1)
                        {
                            map[i] = (float)((w * background) + ((1 - w) * map[i]));
                        }
                    }
                }
            }

            _background = weights > 0 ? sum / weights : 0;
        }

        static double Square(double v) => v * v;
    }

    private int Limit => Math.Min(_grid.Extent, (_grid.GridSize / 2) - 1);

    private int Shell(int x, int y, int z) =>
        (int)Math.Round(Math.Sqrt(((double)x * x) + ((double)y * y) + ((double)z * z)) / _grid.Padding);
}
