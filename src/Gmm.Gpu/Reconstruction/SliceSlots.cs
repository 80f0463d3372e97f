using Gmm.Core;

namespace Gmm.Gpu;

/// <summary>The memory of slices that are inserted together, large enough for any optics group.</summary>
internal sealed class SliceSlots : IDisposable
{
    /// <summary>Makes the memory.</summary>
    /// <param name="device">Where.</param>
    /// <param name="groups">The optics groups.</param>
    /// <param name="count">Number of images.</param>
    /// <param name="copies">Orientations in which each is inserted.</param>
    public SliceSlots(GpuDevice device, SliceOptics[] groups, int count, int copies)
    {
        Copies = copies;
        Images = new ImageSlots(
            device, count, groups.Max(g => ImageSlots.InputOf(g.Images)), groups.Max(g => ImageSlots.LinesOf(g.Images)),
            groups.Max(g => ImageSlots.BandOf(g.Images)));
        Samples = device.Allocate<float>(3L * groups.Max(g => g.Sampling.Disc.Count) * count);
        Axes = device.Allocate<float>((long)InsertKernel.AxesLength * count * copies);
        Poses = device.Allocate<double>((long)SliceKernel.PoseLength * count);
        Sets = [new(device, this), new(device, this)];
    }

    /// <summary>Orientations in which each image is inserted.</summary>
    public int Copies { get; }

    /// <summary>The images.</summary>
    public ImageSlots Images { get; }

    /// <summary>Where each image is seen, and how much it counts (<see cref="SliceKernel.Args.Poses"/>).</summary>
    public MemoryBuffer1D<double, Stride1D.Dense> Poses { get; }

    /// <summary>The first two rows of each rotation, those of an image together.</summary>
    public MemoryBuffer1D<float, Stride1D.Dense> Axes { get; }

    /// <summary>What is inserted.</summary>
    public MemoryBuffer1D<float, Stride1D.Dense> Samples { get; }

    /// <summary>The host's side, twice: one is filled while the device works on the other.</summary>
    public HostSet[] Sets { get; }

    /// <summary>Bytes that an image needs on the device.</summary>
    public static long BytesOf(SliceOptics[] groups, int copies) =>
        (sizeof(float) * (groups.Max(g => ImageSlots.InputOf(g.Images) + ImageSlots.LinesOf(g.Images) + ImageSlots.BandOf(g.Images))
            + (3L * groups.Max(g => g.Sampling.Disc.Count)) + (InsertKernel.AxesLength * copies)))
        + (sizeof(double) * SliceKernel.PoseLength);

    /// <summary>The argument of the kernel that makes samples.</summary>
    public SliceKernel.Args SliceArgs(SliceOptics optics) => new()
    {
        Images = optics.Images.Images(Images),
        Poses = Poses.View,
        SampleWeights = optics.SampleWeights,
        Samples = Samples.View,
    };

    /// <summary>The argument of the kernel that inserts.</summary>
    /// <param name="optics">The optics group.</param>
    /// <param name="sums">Where they go.</param>
    public InsertKernel.Args InsertArgs(SliceOptics optics, DeviceSums sums)
    {
        var args = sums.View;
        (args.Slots, args.Copies) = (Images.Count, Copies);
        (args.Coefficients, args.Radius) = (optics.Sampling.Disc.Count, optics.Sampling.Disc.Radius);
        (args.Active, args.Samples, args.Lookup, args.Axes) = (Images.Active.View, Samples.View, optics.Lookup, Axes.View);
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
