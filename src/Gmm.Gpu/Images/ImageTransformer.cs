namespace Gmm.Gpu;

/// <summary>Transforms the images of all slots: rows, then columns.</summary>
internal sealed class ImageTransformer(GpuCard card)
{
    /// <summary>Rows of images.</summary>
    public Kernel<ImageRowKernel.Args> ImageRows { get; } = new(card, ImageRowKernel.Run);

    /// <summary>Columns of anything.</summary>
    public Kernel<ColumnKernel.Args> Columns { get; } = new(card, ColumnKernel.Run);

    /// <summary>Asks for the transforms, if there is anything to transform.</summary>
    public void Run(DeviceOptics optics, ImageSlots slots, ImageInput input)
    {
        if (optics.Plan is not { } plan)
        {
            return;
        }

        ImageRows.OverLines((long)slots.Count * plan.Length, plan.SharedFloats, new ImageRowKernel.Args
        {
            Transform = plan.View,
            Slots = slots.Count,
            Radius = optics.Disc.Radius,
            Active = input.Active,
            Pixels = input.Values,
            Lines = slots.Lines,
        });
        RunColumns(plan, slots, input.Active, optics.Disc.Radius + 1, optics.Disc.Radius);
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
