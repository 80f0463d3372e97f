namespace Gmm.Gpu;

/// <summary>The memory of slices that are inserted together, large enough for any optics group.</summary>
internal sealed class SliceSlots : IDisposable
{
    /// <summary>Makes the memory.</summary>
    /// <param name="card">Where.</param>
    /// <param name="groups">The optics groups.</param>
    /// <param name="count">Number of images.</param>
    /// <param name="copies">Orientations in which each is inserted.</param>
    public SliceSlots(GpuCard card, IReadOnlyList<SliceOptics> groups, int count, int copies)
    {
        Copies = copies;
        Images = new ImageSlots(card, count, groups.Max(g => ImageSlots.LinesOf(g.Images)), groups.Max(g => ImageSlots.BandOf(g.Images)));
        Samples = card.Allocate<float>(3L * groups.Max(g => g.Sampling.Disc.Count) * count);
        var input = groups.Max(g => ImageSlots.InputOf(g.Images));
        Inputs = [new(card, count, input, copies), new(card, count, input, copies)];
    }

    /// <summary>Orientations in which each image is inserted.</summary>
    public int Copies { get; }

    /// <summary>The images' transforms.</summary>
    public ImageSlots Images { get; }

    /// <summary>What is inserted.</summary>
    public MemoryBuffer1D<float, Stride1D.Dense> Samples { get; }

    /// <summary>What comes from the host, twice: one is filled and copied while the card works on the other.</summary>
    public SliceInput[] Inputs { get; }

    /// <summary>Bytes that an image needs on the card.</summary>
    public static long BytesOf(IReadOnlyList<SliceOptics> groups, int copies) =>
        (2 * (ImageInput.BytesOf(groups.Max(g => ImageSlots.InputOf(g.Images))) + SliceInput.BytesOfPlaces(copies)))
        + (sizeof(float) * (groups.Max(g => ImageSlots.LinesOf(g.Images) + ImageSlots.BandOf(g.Images)) + (3L * groups.Max(g => g.Sampling.Disc.Count))));

    /// <summary>The argument of the kernel that makes samples.</summary>
    public SliceKernel.Args SliceArgs(SliceOptics optics, SliceInput input) => new()
    {
        Images = optics.Images.Images(Images, input.Images),
        Poses = input.Poses.View,
        SampleWeights = optics.SampleWeights,
        Samples = Samples.View,
    };

    /// <summary>The argument of the kernel that inserts.</summary>
    /// <param name="optics">The optics group.</param>
    /// <param name="input">The images.</param>
    /// <param name="sums">Where they go.</param>
    public InsertKernel.Args InsertArgs(SliceOptics optics, SliceInput input, SumsSlab sums)
    {
        var args = sums.View;
        (args.Slots, args.Copies) = (Images.Count, Copies);
        (args.Coefficients, args.Radius) = (optics.Sampling.Disc.Count, optics.Sampling.Disc.Radius);
        (args.Active, args.Samples, args.Lookup, args.Axes) = (input.Images.Active, Samples.View, optics.Lookup, input.Axes.View);
        return args;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var input in Inputs)
        {
            input.Dispose();
        }

        Images.Dispose();
        Samples.Dispose();
    }
}
