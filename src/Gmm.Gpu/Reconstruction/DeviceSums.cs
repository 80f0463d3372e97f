using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Gpu;

/// <summary>
/// The sums of a half on a device until somebody looks at them: those of a <see cref="FourierAccumulator"/>, plane after plane. Of several cards each has a run
/// of the cells and sees every image, so that the sum of a cell is the same whichever has it.
/// </summary>
internal sealed class DeviceSums : IDeferredSums
{
    private readonly ReconstructionGrid _grid;
    private readonly List<SumsSlab> _slabs = [];

    /// <summary>Makes empty sums.</summary>
    /// <param name="device">Where.</param>
    /// <param name="grid">The grid.</param>
    /// <exception cref="InvalidInputException">Too little memory.</exception>
    public DeviceSums(GpuDevice device, ReconstructionGrid grid)
    {
        (Device, _grid) = (device, grid);
        var side = (2 * grid.Extent) + 1;
        var rowFirst = new long[side * side];
        long cells = 0;
        for (var z = 0; z < side; z++)
        {
            for (var y = 0; y < side; y++)
            {
                rowFirst[(z * side) + y] = cells + (grid.RowStart[(z * side) + y] / 3);
            }

            cells += grid.PlaneCells[z];
        }

        var count = device.Cards.Count;
        try
        {
            for (var c = 0; c < count; c++)
            {
                _slabs.Add(new SumsSlab(device.Cards[c], grid, rowFirst, cells * c / count, cells * (c + 1) / count));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where they are.</summary>
    public GpuDevice Device { get; }

    /// <summary>What each card has.</summary>
    public IReadOnlyList<SumsSlab> Slabs => _slabs;

    /// <summary>Slices inserted.</summary>
    public long SliceCount { get; set; }

    /// <inheritdoc/>
    public void AddTo(FourierAccumulator target)
    {
        var read = new double[3 * System.Numerics.Tensors.TensorPrimitives.Max(_grid.PlaneCells)];
        long at = 0;
        for (var z = 0; z < _grid.PlaneCells.Length; z++)
        {
            var plane = target.PlaneSums(z);
            foreach (var slab in _slabs)
            {
                slab.AddTo(at, plane, read);
            }

            at += _grid.PlaneCells[z];
        }

        target.SliceCount += SliceCount;
    }

    /// <inheritdoc/>
    public void Dispose() => _slabs.ForEach(s => s.Dispose());
}
