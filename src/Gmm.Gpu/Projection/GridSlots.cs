namespace Gmm.Gpu;

/// <summary>The memory of the grids of many slots.</summary>
internal sealed class GridSlots : IDisposable
{
    private readonly MemoryBuffer1D<int, Stride1D.Dense> _edge;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _placement;
    private readonly MemoryBuffer1D<long, Stride1D.Dense> _density;
    private readonly MemoryBuffer1D<long, Stride1D.Dense> _depth;
    private readonly MemoryBuffer1D<long, Stride1D.Dense> _wrapX;
    private readonly MemoryBuffer1D<long, Stride1D.Dense> _wrapY;
    private readonly long _cells;
    private readonly int _count;

    /// <summary>Makes the memory.</summary>
    /// <param name="card">Where.</param>
    /// <param name="cells">Cells of the largest grid.</param>
    /// <param name="count">Number of slots.</param>
    /// <exception cref="Core.InvalidInputException">Too little memory.</exception>
    public GridSlots(GpuCard card, long cells, int count)
    {
        (_cells, _count) = (cells, count);
        _edge = card.Allocate<int>(2L * count);
        _placement = card.Allocate<float>((long)Grids.PlacementLength * count);
        _density = card.Allocate<long>(cells * count);
        _depth = card.Allocate<long>(cells * count);
        _wrapX = card.Allocate<long>(cells * count);
        _wrapY = card.Allocate<long>(cells * count);
        _wrapX.MemSetToZero(card.Stream);
        _wrapY.MemSetToZero(card.Stream);
        _edge.MemSetToZero(card.Stream);
    }

    /// <summary>Bytes of a slot.</summary>
    public static long BytesOf(long cells) => (4 * sizeof(long) * cells) + (2 * sizeof(int)) + (sizeof(float) * Grids.PlacementLength);

    /// <summary>The grids as kernels see them, for the Gaussians of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="active">Whether a slot has work.</param>
    /// <param name="poses">Poses that the layer is seen in.</param>
    /// <param name="poseStride">Numbers from a slot's pose to the next.</param>
    public Grids At(DeviceLayer layer, ArrayView<int> active, ArrayView<double> poses, int poseStride) => new()
    {
        Size = layer.GridSize,
        Stride = _cells,
        Slots = _count,
        Active = active,
        Poses = poses,
        PoseStride = poseStride,
        CellsPerAngstrom = layer.CellsPerAngstrom,
        Placement = _placement.View,
        Density = _density.View,
        Depth = _depth.View,
        WrapX = _wrapX.View,
        WrapY = _wrapY.View,
        Edge = _edge.View,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _edge.Dispose();
        _placement.Dispose();
        _density.Dispose();
        _depth.Dispose();
        _wrapX.Dispose();
        _wrapY.Dispose();
    }
}
