using Gmm.Core;

namespace Gmm.Gpu;

/// <summary>The memory of particles that are refined together, allocated once.</summary>
internal sealed class Slots : IDisposable
{
    private readonly List<IDisposable> _buffers = [];

    /// <summary>Makes the memory.</summary>
    public Slots(GpuDevice device, SlotSize size, int count)
    {
        (Size, Count) = (size, count);
        Active = Add(device.Allocate<int>(count));
        Edge = Add(device.Allocate<int>(2L * count));
        Placement = Add(device.Allocate<float>((long)Gpu.Grids.PlacementLength * count));
        Density = Add(device.Allocate<long>(size.Cells * count));
        Depth = Add(device.Allocate<long>(size.Cells * count));
        WrapX = Add(device.Allocate<long>(size.Cells * count));
        WrapY = Add(device.Allocate<long>(size.Cells * count));
        Input = Add(device.Allocate<float>(size.Input * count));
        Lines = Add(device.Allocate<float>(size.Lines * count));
        Band = Add(device.Allocate<float>(size.Band * count));
        Data = Add(device.Allocate<float>(3L * size.Coefficients * count));
        Partial = Add(device.Allocate<float>((long)ScoreKernels.Products * ScoreKernels.Lanes * count));
        Sums = Add(device.Allocate<double>((long)ScoreKernels.Products * count));
        Starts = Add(device.Allocate<double>((long)ClimbState.PoseLength * count));
        State = Add(device.Allocate<double>((long)ClimbState.Length * count));
        Ctf = Add(device.Allocate<CtfTerms>(count));
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

    public MemoryBuffer1D<int, Stride1D.Dense> Active { get; }

    public MemoryBuffer1D<int, Stride1D.Dense> Edge { get; }

    public MemoryBuffer1D<float, Stride1D.Dense> Placement { get; }

    public MemoryBuffer1D<long, Stride1D.Dense> Density { get; }

    public MemoryBuffer1D<long, Stride1D.Dense> Depth { get; }

    public MemoryBuffer1D<long, Stride1D.Dense> WrapX { get; }

    public MemoryBuffer1D<long, Stride1D.Dense> WrapY { get; }

    public MemoryBuffer1D<float, Stride1D.Dense> Input { get; }

    public MemoryBuffer1D<float, Stride1D.Dense> Lines { get; }

    public MemoryBuffer1D<float, Stride1D.Dense> Band { get; }

    public MemoryBuffer1D<float, Stride1D.Dense> Data { get; }

    public MemoryBuffer1D<float, Stride1D.Dense> Partial { get; }

    public MemoryBuffer1D<double, Stride1D.Dense> Sums { get; }

    public MemoryBuffer1D<double, Stride1D.Dense> Starts { get; }

    public MemoryBuffer1D<double, Stride1D.Dense> State { get; }

    public MemoryBuffer1D<CtfTerms, Stride1D.Dense> Ctf { get; }

    /// <summary>The grids as kernels see them.</summary>
    public Grids Grids => new()
    {
        Size = Size.GridSize,
        Slots = Count,
        Active = Active.View,
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
        /// <summary>Pixels, or coefficients and transfers.</summary>
        public PageLockedArray1D<float> Input { get; } = device.Pinned(slots.Input);

        /// <summary>Whether a slot has a particle with an image.</summary>
        public PageLockedArray1D<int> Active { get; } = device.Pinned(slots.Active);

        /// <summary>Poses to start from.</summary>
        public PageLockedArray1D<double> Starts { get; } = device.Pinned(slots.Starts);

        /// <summary>The particles' CTFs.</summary>
        public PageLockedArray1D<CtfTerms> Ctf { get; } = device.Pinned(slots.Ctf);

        /// <summary>Where the climbs ended.</summary>
        public PageLockedArray1D<double> State { get; } = device.Pinned(slots.State);

        /// <inheritdoc/>
        public void Dispose()
        {
            Input.Dispose();
            Active.Dispose();
            Starts.Dispose();
            Ctf.Dispose();
            State.Dispose();
        }
    }
}
