using Gmm.Maps;

namespace Gmm.Gpu;

/// <summary>A run of the cells of a half's sums, on one card.</summary>
internal sealed class SumsSlab : IDisposable
{
    private readonly GpuCard _card;
    private readonly ReconstructionGrid _grid;
    private readonly MemoryBuffer1D<double, Stride1D.Dense> _sums;
    private readonly MemoryBuffer1D<int, Stride1D.Dense> _rowOfCell;
    private readonly MemoryBuffer1D<long, Stride1D.Dense> _rowFirst;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _window;
    private readonly long _first;
    private readonly long _cells;

    /// <summary>Makes empty sums.</summary>
    /// <param name="card">Where.</param>
    /// <param name="grid">The grid.</param>
    /// <param name="rowFirst">The first cell of each row of the grid, among all.</param>
    /// <param name="first">The first of the slab's cells.</param>
    /// <param name="end">The one behind its last.</param>
    /// <exception cref="Core.InvalidInputException">Too little memory.</exception>
    public SumsSlab(GpuCard card, ReconstructionGrid grid, long[] rowFirst, long first, long end)
    {
        (_card, _grid, _first, _cells) = (card, grid, first, end - first);
        var rowOfCell = new int[_cells];
        for (var row = 0; row < rowFirst.Length; row++)
        {
            long from = Math.Max(rowFirst[row], first), to = Math.Min(row + 1 < rowFirst.Length ? rowFirst[row + 1] : end, end);
            if (from < to)
            {
                rowOfCell.AsSpan((int)(from - first)..(int)(to - first)).Fill(row);
            }
        }

        _rowFirst = card.Upload<long>(rowFirst);
        _rowOfCell = card.Upload<int>(rowOfCell);
        _window = card.Upload(grid.Window.Table);
        _sums = card.Allocate<double>(3 * _cells);
        _sums.MemSetToZero(card.Stream);
    }

    /// <summary>What a kernel needs of the sums.</summary>
    public InsertKernel.Args View => new()
    {
        Extent = _grid.Extent,
        Limit = _grid.SquaredReach,
        First = _first,
        Cells = _cells,
        Window = _window.View,
        RowOfCell = _rowOfCell.View,
        RowFirst = _rowFirst.View,
        Sums = _sums.View,
    };

    /// <summary>Adds what the slab has of some cells to theirs.</summary>
    /// <param name="at">The first of the cells.</param>
    /// <param name="values">Their sums, three numbers each.</param>
    /// <param name="read">Memory for as many.</param>
    public void AddTo(long at, Span<double> values, Span<double> read)
    {
        long from = Math.Max(at, _first), to = Math.Min(at + (values.Length / 3), _first + _cells);
        if (from >= to)
        {
            return;
        }

        var length = (int)(3 * (to - from));
        Span<double> target = values.Slice((int)(3 * (from - at)), length), source = read[..length];
        _sums.View.SubView(3 * (from - _first), length).CopyToCPU(_card.Stream, source);
        _card.Wait();
        System.Numerics.Tensors.TensorPrimitives.Add(target, source, target);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sums.Dispose();
        _rowOfCell.Dispose();
        _rowFirst.Dispose();
        _window.Dispose();
    }
}
