namespace Gmm.Gpu;

/// <summary>Puts images into sums: everything that is launched, none of which waits for the card.</summary>
internal sealed class InsertionEngine(GpuCard card)
{
    /// <summary>Transforms of images.</summary>
    public ImageTransformer Transformer { get; } = new(card);

    /// <summary>What is inserted of images.</summary>
    public Kernel<SliceKernel.Args> Slice { get; } = new(card, SliceKernel.Run);

    /// <summary>Slices into sums.</summary>
    public Kernel<InsertKernel.Args> Insert { get; } = new(card, InsertKernel.Run);

    /// <summary>Asks for everything once the images are on the card.</summary>
    /// <param name="slots">The images' memory.</param>
    /// <param name="optics">Their optics group.</param>
    /// <param name="input">The images.</param>
    /// <param name="sums">Where they go.</param>
    public void Enqueue(SliceSlots slots, SliceOptics optics, SliceInput input, SumsSlab sums)
    {
        Transformer.Run(optics.Images, slots.Images, input.Images);
        Slice.Over((long)slots.Images.Count * optics.Sampling.Disc.Count, slots.SliceArgs(optics, input));
        var args = slots.InsertArgs(optics, input, sums);
        Insert.Over(args.Cells, args);
    }
}
