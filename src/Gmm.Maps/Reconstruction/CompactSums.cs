using System.Collections.Concurrent;
using System.Numerics.Tensors;
using Gmm.Core;

namespace Gmm.Maps;

/// <summary>
/// The sums of <see cref="FourierAccumulator"/> in half the memory: a batch of slices is added in float64, and the sums lie in float32 from one batch to the
/// next. For large boxes, where the sums to Nyquist are most of a program's memory.
/// </summary>
/// <remarks>
/// Each batch rounds a sum once, by 6e-8 of it at most, so where a batch ends is part of the result: the caller cuts them in a way that does not depend on
/// threads. The map is made in the sums' own memory (<see cref="Reuse"/>).
/// </remarks>
internal sealed class CompactSums : IGridSums
{
    private readonly float[][] _planes;
    private readonly ConcurrentBag<double[][]> _scratch = [];

    /// <summary>Makes empty sums.</summary>
    /// <param name="grid">The grid.</param>
    public CompactSums(ReconstructionGrid grid)
    {
        Grid = grid;
        _planes = new float[grid.PlaneCells.Length][];
        for (var z = 0; z < _planes.Length; z++)
        {
            _planes[z] = new float[3 * grid.PlaneCells[z]];
        }
    }

    /// <inheritdoc/>
    public ReconstructionGrid Grid { get; }

    /// <inheritdoc/>
    public void Read(int plane, int start, Span<double> numbers) =>
        TensorPrimitives.ConvertTruncating<float, double>(_planes[plane].AsSpan(start, numbers.Length), numbers);

    /// <inheritdoc/>
    public Span<float> Reuse(int plane) => _planes[plane];

    /// <summary>Adds slices, in their order: one batch.</summary>
    /// <param name="slices">Slices made for this grid.</param>
    /// <param name="compute">Threads.</param>
    /// <exception cref="ArgumentException">A slice of another grid.</exception>
    public void Insert(IReadOnlyList<FourierSlice> slices, ComputeOptions compute)
    {
        FourierAccumulator.Require(Grid, slices);
        const int slab = FourierAccumulator.SlabPlanes;
        Guarded.For(
            0,
            (_planes.Length + slab - 1) / slab,
            compute.Parallelism,
            () => _scratch.TryTake(out var known) ? known : Scratch(),
            (n, _, wide) =>
            {
                int first = n * slab, end = Math.Min(first + slab, _planes.Length);
                for (var z = first; z < end; z++)
                {
                    Read(z, 0, wide[z - first].AsSpan(0, _planes[z].Length));
                }

                FourierAccumulator.InsertSlab(Grid, (wide, first), first, end, slices);
                for (var z = first; z < end; z++)
                {
                    TensorPrimitives.ConvertTruncating<double, float>(wide[z - first].AsSpan(0, _planes[z].Length), _planes[z]);
                }

                return wide;
            },
            _scratch.Add);

        double[][] Scratch()
        {
            var largest = _planes.Max(p => p.Length);
            return [.. Enumerable.Range(0, slab).Select(_ => new double[largest])];
        }
    }

    /// <summary>Ends the summing: what only that needs is let go.</summary>
    public void End() => _scratch.Clear();

    /// <summary>Sets all sums to zero.</summary>
    public void Clear()
    {
        foreach (var plane in _planes)
        {
            Array.Clear(plane);
        }
    }
}
