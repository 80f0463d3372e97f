using Gmm.Core;

namespace Gmm.Gpu;

/// <summary>The memory of slices that are inserted together, and of one optics group's constants for them.</summary>
internal sealed class SliceSlots : IDisposable
{
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _sampleWeights;
    private readonly MemoryBuffer1D<int, Stride1D.Dense> _lookup;

    /// <summary>Makes the memory.</summary>
    /// <param name="device">Where.</param>
    /// <param name="optics">The optics group.</param>
    /// <param name="sampleWeights">A weight of each coefficient.</param>
    /// <param name="count">Number of slices.</param>
    /// <param name="copies">Orientations in which each is inserted.</param>
    public SliceSlots(GpuDevice device, DeviceOptics optics, ReadOnlySpan<float> sampleWeights, int count, int copies)
    {
        (Optics, Copies) = (optics, copies);
        var disc = optics.Disc;
        Images = new ImageSlots(device, count, ImageSlots.InputOf(optics), ImageSlots.LinesOf(optics), ImageSlots.BandOf(optics));
        Samples = device.Allocate<float>(3L * disc.Count * count);
        Axes = device.Allocate<float>((long)InsertKernel.AxesLength * count * copies);
        Poses = device.Allocate<double>((long)SliceKernel.PoseLength * count);
        _sampleWeights = device.Upload(sampleWeights);
        var lookup = new int[(disc.Radius + 1) * ((2 * disc.Radius) + 1)];
        Array.Fill(lookup, -1);
        for (var i = 0; i < disc.Count; i++)
        {
            lookup[(disc.Kx[i] * ((2 * disc.Radius) + 1)) + disc.Ky[i] + disc.Radius] = i;
        }

        _lookup = device.Upload<int>(lookup);
        Sets = [new(device, this), new(device, this)];
    }

    /// <summary>The optics group.</summary>
    public DeviceOptics Optics { get; }

    /// <summary>Orientations in which each slice is inserted.</summary>
    public int Copies { get; }

    /// <summary>The images.</summary>
    public ImageSlots Images { get; }

    /// <summary>Where each image is seen, and how much it counts (<see cref="SliceKernel.Args.Poses"/>).</summary>
    public MemoryBuffer1D<double, Stride1D.Dense> Poses { get; }

    /// <summary>The first two rows of each rotation, copy by copy.</summary>
    public MemoryBuffer1D<float, Stride1D.Dense> Axes { get; }

    /// <summary>What is inserted.</summary>
    public MemoryBuffer1D<float, Stride1D.Dense> Samples { get; }

    /// <summary>The host's side, twice.</summary>
    public HostSet[] Sets { get; }

    /// <summary>The argument of the kernel that makes samples.</summary>
    public SliceKernel.Args SliceArgs => new()
    {
        Images = Optics.Images(Images),
        Poses = Poses.View,
        SampleWeights = _sampleWeights.View,
        Samples = Samples.View,
    };

    /// <summary>The argument of the kernel that inserts a copy.</summary>
    /// <param name="sums">Where it goes.</param>
    /// <param name="copy">The copy.</param>
    public InsertKernel.Args InsertArgs(DeviceSums sums, int copy)
    {
        var args = sums.View;
        var length = InsertKernel.AxesLength * Images.Count;
        (args.Slots, args.Coefficients, args.Radius) = (Images.Count, Optics.Disc.Count, Optics.Disc.Radius);
        (args.Active, args.Samples, args.Lookup) = (Images.Active.View, Samples.View, _lookup.View);
        args.Axes = Axes.View.SubView(copy * length, length);
        return args;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var set in Sets)
        {
            set.Dispose();
        }

        Images.Dispose();
        Samples.Dispose();
        Axes.Dispose();
        Poses.Dispose();
        _sampleWeights.Dispose();
        _lookup.Dispose();
    }

    /// <summary>What goes to the device, in page-locked memory.</summary>
    internal sealed class HostSet(GpuDevice device, SliceSlots slots) : IDisposable
    {
        /// <summary>The images.</summary>
        public HostImages Images { get; } = new(device, slots.Images);

        /// <summary>As <see cref="SliceSlots.Poses"/>.</summary>
        public PageLockedArray1D<double> Poses { get; } = device.Pinned(slots.Poses);

        /// <summary>As <see cref="SliceSlots.Axes"/>.</summary>
        public PageLockedArray1D<float> Axes { get; } = device.Pinned(slots.Axes);

        /// <summary>Asks for the copy to the device.</summary>
        public void Send(AcceleratorStream stream)
        {
            Images.Send(stream);
            slots.Poses.View.CopyFromPageLockedAsync(stream, Poses);
            slots.Axes.View.CopyFromPageLockedAsync(stream, Axes);
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            Images.Dispose();
            Poses.Dispose();
            Axes.Dispose();
        }
    }
}
