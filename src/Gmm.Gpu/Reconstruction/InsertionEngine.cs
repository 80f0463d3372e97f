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
    /// <param name="memory">The images' memory.</param>
    /// <param name="optics">Their optics group.</param>
    /// <param name="set">The host's side.</param>
    /// <param name="sums">Where they go.</param>
    public void Enqueue(SliceMemory memory, SliceOptics optics, SliceSlots.HostSet set, DeviceSums sums)
    {
        var slots = memory.Slots;
        set.Send(device.Stream);
        Transformer.Run(optics.Images, slots.Images);
        Slice.Over((long)slots.Images.Count * optics.Sampling.Disc.Count, slots.SliceArgs(optics));
        var args = slots.InsertArgs(optics, sums);
        Insert.Over(args.Cells, args);
    }
}
