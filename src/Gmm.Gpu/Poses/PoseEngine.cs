namespace Gmm.Gpu;

/// <summary>A pose step of all slots: everything that is launched, none of which waits for the device.</summary>
internal sealed class PoseEngine(GpuDevice device)
{
    private readonly PoseKernels _kernels = new(device);
    private readonly ImageTransformer _transformer = new(device);

    /// <summary>What it launches for images.</summary>
    public ImageTransformer Transformer => _transformer;

    /// <summary>What it launches for poses.</summary>
    public PoseKernels Kernels => _kernels;

    /// <summary>Asks for everything: images copied and prepared, poses climbed, and the results copied back.</summary>
    /// <param name="reference">What images are compared with.</param>
    /// <param name="slots">The memory.</param>
    /// <param name="set">The host's side.</param>
    public void Enqueue(DeviceReference reference, Slots slots, Slots.HostSet set)
    {
        set.Images.Send(device.Stream);
        slots.Starts.View.CopyFromPageLockedAsync(device.Stream, set.Starts);
        Prepare(reference, slots);
        var climb = Climb(reference, slots);
        _kernels.Start.Over(slots.Count, climb);
        for (var tried = 0; tried <= reference.Rules.Limit; tried++)
        {
            Evaluate(reference, slots);
            _kernels.Step.Over(slots.Count, climb);
        }

        slots.State.View.CopyToPageLockedAsync(device.Stream, set.State);
    }

    /// <summary>Makes the images of all slots ready.</summary>
    internal void Prepare(DeviceReference reference, Slots slots)
    {
        _transformer.Run(reference.Images, slots.Images);
        _kernels.Whiten.Over((long)slots.Count * reference.Disc.Count, new WhitenKernel.Args
        {
            Images = reference.Images.Images(slots.Images),
            DataWeight = reference.DataWeight,
            ReferenceWeight = reference.ReferenceWeight,
            Data = slots.Data.View,
        });
    }

    /// <summary>The products of all slots at the poses tried.</summary>
    internal void Evaluate(DeviceReference reference, Slots slots)
    {
        var (grids, plan) = (slots.Grids, reference.GridPlan);
        _kernels.Clear.Over(slots.Size.Cells * slots.Count, grids);
        var model = reference.Model;
        _kernels.Deposit.Over((long)model.Count * DepositKernels.Lanes * slots.Count, new DepositKernels.Args { Model = model, Grids = grids });
        _kernels.GridRows.OverLines(2L * plan.Length * slots.Count, plan.SharedFloats, new GridRowKernel.Args
        {
            Transform = plan.View,
            Grids = grids,
            Radius = reference.Disc.Radius,
            DensityScale = 1 / model.DensityUnit,
            DepthScale = 1 / model.DepthUnit,
            Lines = slots.Images.Lines.View,
        });
        _transformer.RunColumns(plan, slots.Images, 2 * slots.Size.Side, slots.Size.Radius);
        var products = new ScoreKernels.Args
        {
            Disc = reference.Images.Coefficients,
            Slots = slots.Count,
            Wave = reference.Wave,
            CellAngstrom = reference.CellAngstrom,
            Active = slots.Images.Active.View,
            Band = slots.Images.Band.View,
            Correction = reference.Correction,
            Data = slots.Data.View,
            Partial = slots.Partial.View,
            Sums = slots.Sums.View,
        };
        _kernels.Products.Over((long)ScoreKernels.Lanes * slots.Count, products);
        _kernels.Sum.Over((long)ScoreKernels.Products * slots.Count, products);
    }

    /// <summary>The climbs' argument.</summary>
    internal static ClimbKernels.Args Climb(DeviceReference reference, Slots slots) => new()
    {
        Slots = slots.Count,
        Rules = reference.Rules,
        Active = slots.Images.Active.View,
        Edge = slots.Edge.View,
        Placement = slots.Placement.View,
        Starts = slots.Starts.View,
        Sums = slots.Sums.View,
        State = slots.State.View,
    };

    /// <summary>Puts all slots at their starts.</summary>
    internal void Start(DeviceReference reference, Slots slots) => _kernels.Start.Over(slots.Count, Climb(reference, slots));
}
