using Gmm.Core;

namespace Gmm.Maps;

/// <summary>
/// A coarse grid over the box on which local averages live: smooth over 5 angstrom and more, they need no finer one. Node X is the centre
/// of the block of fine voxels [X step, (X + 1) step).
/// </summary>
internal sealed class CoarseGrid
{
    private readonly double _length;
    private readonly ParallelOptions _parallel;
    private readonly float[] _other;

    /// <summary>Makes a grid.</summary>
    /// <param name="mapSize">Side of the maps, voxels.</param>
    /// <param name="boxLength">Length of a side, angstrom.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="spacing">Largest distance of nodes, angstrom.</param>
    public CoarseGrid(int mapSize, double boxLength, ComputeOptions compute, double spacing)
    {
        Size = Math.Min(mapSize, Math.Max(8, FftSizes.NextFastEven((int)Math.Ceiling(boxLength / spacing))));
        (_length, _parallel) = (boxLength, compute.Parallelism);
        _other = new float[Size * Size * Size];
    }

    /// <summary>Nodes along each side.</summary>
    public int Size { get; }

    /// <summary>All nodes.</summary>
    public int Count => _other.Length;

    /// <summary>The mean over each block of the product of two maps.</summary>
    /// <param name="a">Fine map.</param>
    /// <param name="b">Fine map, or the same.</param>
    /// <param name="size">Side of both, a multiple of <see cref="Size"/>.</param>
    /// <param name="result"><see cref="Count"/> values.</param>
    public void MeanProduct(float[] a, float[] b, int size, float[] result)
    {
        int c = Size, step = size / c;
        var scale = 1.0 / (step * step * step);
        ForPlanes(c, z =>
        {
            for (var y = 0; y < c; y++)
            {
                for (var x = 0; x < c; x++)
                {
                    double sum = 0;
                    for (var p = 0; p < step * step; p++)
                    {
                        var at = ((((((z * step) + (p / step)) * size) + (y * step) + (p % step)) * size) + (x * step));
                        sum += System.Numerics.Tensors.TensorPrimitives.Dot(a.AsSpan(at, step), b.AsSpan(at, step));
                    }

                    result[(((z * c) + y) * c) + x] = (float)(sum * scale);
                }
            }
        });
    }

    /// <summary>Smooths by a Gaussian window, in place; the box is periodic.</summary>
    /// <param name="values"><see cref="Count"/> values.</param>
    /// <param name="deviation">Standard deviation, angstrom.</param>
    public void Smooth(float[] values, double deviation)
    {
        var c = Size;
        var kernel = Kernel(deviation * c / _length);
        ForPlanes(c * c, row =>
        {
            // Along x: shifted copies of a row that is written twice.
            Span<float> twice = new float[2 * c];
            values.AsSpan(row * c, c).CopyTo(twice);
            values.AsSpan(row * c, c).CopyTo(twice[c..]);
            Weigh(twice, _other.AsSpan(row * c, c));
        });
        Across(_other, values, c);
        Across(values, _other, c * c);
        _other.CopyTo(values, 0);

        // The lines of the other axes: sums of whole rows, so that loops run along memory.
        void Across(float[] from, float[] to, int stride) => ForPlanes(c * c, row =>
        {
            var (outer, place) = stride == c ? (row / c * c * c, row % c) : (row % c * c, row / c);
            var sum = to.AsSpan(row * c, c);
            sum.Clear();
            for (var d = 0; d < c; d++)
            {
                if (kernel[d] != 0)
                {
                    System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(from.AsSpan(outer + ((place + d) % c * stride), c), kernel[d], sum, sum);
                }
            }
        });

        void Weigh(ReadOnlySpan<float> twice, Span<float> sum)
        {
            sum.Clear();
            for (var d = 0; d < c; d++)
            {
                if (kernel[d] != 0)
                {
                    System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(twice.Slice(d, c), kernel[d], sum, sum);
                }
            }
        }
    }

    /// <summary>Runs over the rows of a fine map with the coarse values interpolated linearly to it.</summary>
    /// <param name="values"><see cref="Count"/> values.</param>
    /// <param name="size">Side of the fine map.</param>
    /// <param name="row">Gets the index of the row's first voxel and the row's values.</param>
    public void Interpolate(float[] values, int size, Action<int, ReadOnlySpan<float>> row)
    {
        var c = Size;
        ForPlanes(size, z =>
        {
            float[] coarse = new float[c], fine = new float[size];
            var (z0, z1, fz) = Between(z, size);
            for (var y = 0; y < size; y++)
            {
                var (y0, y1, fy) = Between(y, size);
                int a = ((z0 * c) + y0) * c, b = ((z0 * c) + y1) * c, d = ((z1 * c) + y0) * c, e = ((z1 * c) + y1) * c;
                for (var x = 0; x < c; x++)
                {
                    coarse[x] = ((1 - fz) * (((1 - fy) * values[a + x]) + (fy * values[b + x]))) + (fz * (((1 - fy) * values[d + x]) + (fy * values[e + x])));
                }

                for (var x = 0; x < size; x++)
                {
                    var (x0, x1, fx) = Between(x, size);
                    fine[x] = ((1 - fx) * coarse[x0]) + (fx * coarse[x1]);
                }

                row(((z * size) + y) * size, fine);
            }
        });
    }

    /// <summary>The nodes on either side of a fine voxel, and how far it is from the first.</summary>
    private (int First, int Second, float Part) Between(int voxel, int size)
    {
        var u = ((voxel + 0.5) * Size / size) - 0.5;
        var first = (int)Math.Floor(u);
        return ((first + Size) % Size, (first + 1) % Size, (float)(u - first));
    }

    /// <summary>The periodic Gaussian, of sum 1; zero where it is less than 1e-6 of its peak.</summary>
    private float[] Kernel(double deviation)
    {
        var kernel = new double[Size];
        for (var i = -4 * Size; i < 4 * Size; i++)
        {
            var value = Math.Exp(-i * i / (2 * deviation * deviation));
            kernel[((i % Size) + Size) % Size] += value > 1e-6 ? value : 0;
        }

        var sum = kernel.Sum();
        return [.. kernel.Select(k => (float)(k / sum))];
    }

    private void ForPlanes(int count, Action<int> body) => Guarded.For(0, count, _parallel, body);
}
