using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>Turns the sums of an accumulator into a map: fold, divide, transform, crop, undo the kernel's fading.</summary>
internal sealed class GridFinisher(FourierAccumulator sums, ComputeOptions compute)
{
    /// <summary>A weight counts as at least this part of its shell's mean (relion_reconstruct, BackProjector::reconstruct).</summary>
    private const double WeightFloor = 1e-3;

    private readonly ReconstructionGrid _grid = sums.Grid;
    private double _background;

    /// <summary>Makes the map.</summary>
    /// <param name="shellSsnr">SSNR of each map shell for a Wiener filter, or null.</param>
    /// <param name="maskCorners">Whether to replace what lies outside the box's sphere.</param>
    /// <returns>BoxSize^3 voxels.</returns>
    public float[] Finish(IReadOnlyList<double>? shellSsnr, bool maskCorners)
    {
        var size = _grid.GridSize;
        var fft = new RealFft3D<float>(size, size, size);
        var re = new float[fft.SpectrumLength];
        var im = new float[fft.SpectrumLength];
        Divide(ShellWeights(), shellSsnr, re, im);
        var real = new float[fft.RealLength];
        fft.Inverse(re, im, real, new float[fft.ScratchLength], compute.Threads);
        var map = Crop(real);
        if (maskCorners)
        {
            MaskCorners(map);
        }

        return map;
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
        sums.Planes[z + extent].AsSpan(start + 3, folded.Length).CopyTo(folded);
        // The conjugates of the coefficients inserted near x = 0 reach x = 0 and x = 1 from the mirrored row's cells x = 0 and -1.
        var mirror = sums.Planes[extent - z].AsSpan(_grid.RowStart[((extent - z) * side) + extent - y]);
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
        ForPlanes(z =>
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

    /// <summary>Numerator over weight, in the layout of the transform.</summary>
    private void Divide(double[] shellWeights, IReadOnlyList<double>? shellSsnr, float[] re, float[] im)
    {
        int size = _grid.GridSize, width = (size / 2) + 1, limit = Limit;
        ForPlanes(z =>
        {
            var row = new double[3 * (limit + 1)];
            for (var y = -limit; y <= limit; y++)
            {
                var folded = FoldedRow(y, z, row);
                var target = ((((z + size) % size) * (long)size) + ((y + size) % size)) * width;
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
        });
    }

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

    private float[] Crop(float[] real)
    {
        int n = _grid.BoxSize, size = _grid.GridSize;
        var fading = new double[n];
        for (var x = 0; x < n; x++)
        {
            fading[x] = 1 / _grid.Window.Transform((x - (n / 2)) / (double)size);
        }

        var map = new float[(long)n * n * n];
        for (var z = 0; z < n; z++)
        {
            for (var y = 0; y < n; y++)
            {
                var source = ((((z - (n / 2) + size) % size) * (long)size) + ((y - (n / 2) + size) % size)) * size;
                var target = ((z * n) + y) * n;
                for (var x = 0; x < n; x++)
                {
                    map[target + x] = (float)(real[source + ((x - (n / 2) + size) % size)] * fading[x] * fading[y] * fading[z]);
                }
            }
        }

        return map;
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

    private void ForPlanes(Action<int> body)
    {
        var limit = Limit;
        Parallel.For(-limit, limit + 1, new ParallelOptions { MaxDegreeOfParallelism = compute.Threads }, body);
    }
}
