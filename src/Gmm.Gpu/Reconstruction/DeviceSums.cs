using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Gpu;

/// <summary>The sums of a half on a device until somebody looks at them: those of a <see cref="FourierAccumulator"/>, plane after plane in one buffer.</summary>
internal sealed class DeviceSums : IDeferredSums
{
    private readonly ReconstructionGrid _grid;
    private readonly MemoryBuffer1D<double, Stride1D.Dense> _sums;
    private readonly MemoryBuffer1D<int, Stride1D.Dense> _rowOfCell;
    private readonly MemoryBuffer1D<long, Stride1D.Dense> _rowFirst;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _window;
    private readonly long _cells;

    /// <summary>Makes empty sums.</summary>
    /// <param name="device">Where.</param>
    /// <param name="grid">The grid.</param>
    /// <exception cref="InvalidInputException">Too little memory.</exception>
    public DeviceSums(GpuDevice device, ReconstructionGrid grid)
    {
        (Device, _grid) = (device, grid);
        var side = (2 * grid.Extent) + 1;
        var rowFirst = new long[side * side];
        for (var z = 0; z < side; z++)
        {
            for (var y = 0; y < side; y++)
            {
                rowFirst[(z * side) + y] = _cells + (grid.RowStart[(z * side) + y] / 3);
            }

            _cells += grid.PlaneCells[z];
        }

        var rowOfCell = new int[_cells];
        for (var row = 0; row < rowFirst.Length; row++)
        {
            rowOfCell.AsSpan((int)rowFirst[row]..(int)(row + 1 < rowFirst.Length ? rowFirst[row + 1] : _cells)).Fill(row);
        }

        _rowFirst = device.Upload<long>(rowFirst);
        _rowOfCell = device.Upload<int>(rowOfCell);
        _window = device.Upload(grid.Window.Table);
        _sums = device.Allocate<double>(3 * _cells);
        _sums.MemSetToZero(device.Stream);
    }

    /// <summary>Where they are.</summary>
    public GpuDevice Device { get; }

    /// <summary>Slices inserted.</summary>
    public long SliceCount { get; set; }

    /// <summary>What a kernel needs of the sums.</summary>
    public InsertKernel.Args View => new()
    {
        Extent = _grid.Extent,
        Limit = _grid.SquaredReach,
        Cells = _cells,
        Window = _window.View,
        RowOfCell = _rowOfCell.View,
        RowFirst = _rowFirst.View,
        Sums = _sums.View,
    };

    /// <inheritdoc/>
    public void AddTo(FourierAccumulator target)
    {
        var read = new double[3 * System.Numerics.Tensors.TensorPrimitives.Max(_grid.PlaneCells)];
        long at = 0;
        for (var z = 0; z < _grid.PlaneCells.Length; z++)
        {
            var plane = target.PlaneSums(z);
            if (!plane.IsEmpty)
            {
                var values = read.AsSpan(0, plane.Length);
                _sums.View.SubView(at, plane.Length).CopyToCPU(Device.Stream, values);
                Device.Wait();
                System.Numerics.Tensors.TensorPrimitives.Add(plane, values, plane);
            }

            at += plane.Length;
        }

        target.SliceCount += SliceCount;
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
