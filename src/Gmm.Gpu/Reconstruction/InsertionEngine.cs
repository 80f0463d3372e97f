namespace Gmm.Gpu;

/// <summary>Puts images into sums: everything that is launched, none of which waits for the device.</summary>
internal sealed class InsertionEngine(GpuDevice device)
{
    /// <summary>Transforms of images.</summary>
    public ImageTransformer Transformer { get; } = new(device);

    /// <summary>What is inserted of images.</summary>
    public Kernel<SliceKernel.Args> Slice { get; } = new(device, SliceKernel.Run);

    /// <summary>Slices into sums.</summary>
    public Kernel<InsertKernel.Args> Insert { get; } = new(device, InsertKernel.Run);

    /// <summary>Asks for everything.</summary>
    /// <param name="slots">The images' memory.</param>
    /// <param name="set">The host's side.</param>
    /// <param name="sums">Where they go.</param>
    public void Enqueue(SliceSlots slots, SliceSlots.HostSet set, DeviceSums sums)
    {
        set.Send(device.Stream);
        Transformer.Run(slots.Optics, slots.Images);
        Slice.Over((long)slots.Images.Count * slots.Optics.Disc.Count, slots.SliceArgs);
        for (var copy = 0; copy < slots.Copies; copy++)
        {
            var args = slots.InsertArgs(sums, copy);
            Insert.Over(args.Cells, args);
        }
    }
}
