namespace Gmm.Gpu;

/// <summary>The memory of particles that are refined together, allocated once.</summary>
internal sealed class Slots : IDisposable
{
    private readonly List<IDisposable> _buffers = [];

    /// <summary>Makes the memory.</summary>
    public Slots(GpuDevice device, SlotSize size, int count)
    {
        (Size, Count) = (size, count);
        Images = Add(new ImageSlots(device, count, size.Input, size.Lines, size.Band));
        Edge = Add(device.Allocate<int>(2L * count));
        Placement = Add(device.Allocate<float>((long)Gpu.Grids.PlacementLength * count));
        Density = Add(device.Allocate<long>(size.Cells * count));
        Depth = Add(device.Allocate<long>(size.Cells * count));
        WrapX = Add(device.Allocate<long>(size.Cells * count));
        WrapY = Add(device.Allocate<long>(size.Cells * count));
        Data = Add(device.Allocate<float>(3L * size.Coefficients * count));
        Partial = Add(device.Allocate<float>((long)ScoreKernels.Products * ScoreKernels.Lanes * count));
        Sums = Add(device.Allocate<double>((long)ScoreKernels.Products * count));
        Starts = Add(device.Allocate<double>((long)ClimbState.PoseLength * count));
        State = Add(device.Allocate<double>((long)ClimbState.Length * count));
        foreach (var grid in new[] { WrapX, WrapY })
        {
            grid.MemSetToZero(device.Stream);
        }

        Edge.MemSetToZero(device.Stream);
        Sets = [new(device, this), new(device, this)];
        _buffers.AddRange(Sets);
    }

    /// <summary>What a slot needs.</summary>
    public SlotSize Size { get; }

    /// <summary>Number of slots.</summary>
    public int Count { get; }

    /// <summary>The host's side, twice: one is filled while the device works on the other.</summary>
    public HostSet[] Sets { get; }

    /// <summary>The images, and the transforms of images and grids.</summary>
    public ImageSlots Images { get; }

    /// <summary>As <see cref="Gpu.Grids.Edge"/>.</summary>
    public MemoryBuffer1D<int, Stride1D.Dense> Edge { get; }

    /// <summary>As <see cref="Gpu.Grids.Placement"/>.</summary>
    public MemoryBuffer1D<float, Stride1D.Dense> Placement { get; }

    /// <summary>As <see cref="Gpu.Grids.Density"/>.</summary>
    public MemoryBuffer1D<long, Stride1D.Dense> Density { get; }

    /// <summary>As <see cref="Gpu.Grids.Depth"/>.</summary>
    public MemoryBuffer1D<long, Stride1D.Dense> Depth { get; }

    /// <summary>As <see cref="Gpu.Grids.WrapX"/>.</summary>
    public MemoryBuffer1D<long, Stride1D.Dense> WrapX { get; }

    /// <summary>As <see cref="Gpu.Grids.WrapY"/>.</summary>
    public MemoryBuffer1D<long, Stride1D.Dense> WrapY { get; }

    /// <summary>Whitened images: real parts, imaginary parts and transfers of each slot.</summary>
    public MemoryBuffer1D<float, Stride1D.Dense> Data { get; }

    /// <summary>Sums of the products' lanes.</summary>
    public MemoryBuffer1D<float, Stride1D.Dense> Partial { get; }

    /// <summary>Products (<see cref="ScoreKernels"/>).</summary>
    public MemoryBuffer1D<double, Stride1D.Dense> Sums { get; }

    /// <summary>Poses to start from.</summary>
    public MemoryBuffer1D<double, Stride1D.Dense> Starts { get; }

    /// <summary>Where the climbs stand (<see cref="ClimbState"/>).</summary>
    public MemoryBuffer1D<double, Stride1D.Dense> State { get; }

    /// <summary>The grids as kernels see them.</summary>
    public Grids Grids => new()
    {
        Size = Size.GridSize,
        Slots = Count,
        Active = Images.Active.View,
        Placement = Placement.View,
        Density = Density.View,
        Depth = Depth.View,
        WrapX = WrapX.View,
        WrapY = WrapY.View,
        Edge = Edge.View,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var buffer in _buffers)
        {
            buffer.Dispose();
        }
    }

    private T Add<T>(T buffer)
        where T : IDisposable
    {
        _buffers.Add(buffer);
        return buffer;
    }

    /// <summary>What goes to the device and comes back, in page-locked memory, which the card copies by itself.</summary>
    internal sealed class HostSet(GpuDevice device, Slots slots) : IDisposable
    {
        /// <summary>The images.</summary>
        public HostImages Images { get; } = new(device, slots.Images);

        /// <summary>Poses to start from.</summary>
        public PageLockedArray1D<double> Starts { get; } = device.Pinned(slots.Starts);

        /// <summary>Where the climbs ended.</summary>
        public PageLockedArray1D<double> State { get; } = device.Pinned(slots.State);

        /// <inheritdoc/>
        public void Dispose()
        {
            Images.Dispose();
            Starts.Dispose();
            State.Dispose();
        }
    }
}
