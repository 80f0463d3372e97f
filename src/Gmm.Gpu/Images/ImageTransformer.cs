namespace Gmm.Gpu;

/// <summary>Transforms the images of all slots: rows, then columns.</summary>
internal sealed class ImageTransformer(GpuCard card)
{
    /// <summary>Rows of images.</summary>
    public Kernel<ImageRowKernel.Args> ImageRows { get; } = new(card, ImageRowKernel.Run);

    /// <summary>Columns of anything.</summary>
    public Kernel<ColumnKernel.Args> Columns { get; } = new(card, ColumnKernel.Run);

    /// <summary>Asks for the transforms.</summary>
    public void Run(DeviceOptics optics, ImageSlots slots, ImageInput input)
    {
        ImageRows.OverLines((long)slots.Count * optics.Plan.Length, optics.Plan.SharedFloats, optics.Rows(slots, input));
        RunColumns(optics.Plan, slots, input.Active, optics.BandRadius + 1, optics.BandRadius);
    }

    /// <summary>Asks for the second half of transforms.</summary>
    public void RunColumns(DevicePlan plan, ImageSlots slots, ArrayView<int> active, int columns, int radius) => Columns.OverLines(
        (long)columns * slots.Count,
        plan.SharedFloats,
        new ColumnKernel.Args
        {
            Transform = plan.View,
            Slots = slots.Count,
            Columns = columns,
            Radius = radius,
            Active = active,
            Lines = slots.Lines,
            Band = slots.Band,
        });
}
