namespace Gmm.Gpu;

/// <summary>A pose step of all slots: everything that is launched, none of which waits for the card.</summary>
internal sealed class PoseEngine(GpuCard card)
{
    private readonly PoseKernels _kernels = new(card);
    private readonly ImageTransformer _transformer = new(card);

    /// <summary>What it launches for images.</summary>
    public ImageTransformer Transformer => _transformer;

    /// <summary>What it launches for poses.</summary>
    public PoseKernels Kernels => _kernels;

    /// <summary>Asks for everything once the particles are on the card: images prepared, poses climbed, and the results copied back.</summary>
    /// <param name="reference">What images are compared with.</param>
    /// <param name="slots">The memory.</param>
    /// <param name="input">The particles.</param>
    public void Enqueue(DeviceReference reference, Slots slots, PoseInput input)
    {
        Prepare(reference, slots, input);
        var climb = Start(reference, slots, input);
        for (var tried = 0; tried <= reference.Rules.Limit; tried++)
        {
            Evaluate(reference, slots, input);
            _kernels.Step.Over(slots.Count, climb);
        }

        slots.State.CopyTo(card.Stream, input.State.ArrayView);
    }

    /// <summary>Makes the images of all slots ready, and projects what stays.</summary>
    internal void Prepare(DeviceReference reference, Slots slots, PoseInput input)
    {
        _transformer.Run(reference.Images, slots.Images, input.Images);
        _kernels.Whiten.Over((long)slots.Count * reference.Disc.Count, new WhitenKernel.Args
        {
            Images = reference.Images.Images(slots.Images, input.Images),
            DataWeight = reference.DataWeight,
            ReferenceWeight = reference.ReferenceWeight,
            Data = slots.Data,
        });
        for (var l = 0; input.HasRest && l < reference.Rest.Count; l++)
        {
            var grids = slots.RestGrids(reference.Rest[l], input);
            Project(reference.Rest[l], slots, grids);
            Gather(reference, reference.Rest[l], slots, grids, slots.Rest, GatherKernel.ValuePlanes, l == 0);
        }
    }

    /// <summary>Puts all slots at their starts.</summary>
    internal ClimbKernels.Args Start(DeviceReference reference, Slots slots, PoseInput input)
    {
        var climb = new ClimbKernels.Args
        {
            Slots = slots.Count,
            Rules = reference.Rules,
            Active = input.Images.Active,
            Grids = slots.Grids(reference.Layers[^1], input),
            HasPriors = input.HasPriors ? 1 : 0,
            Priors = input.Priors.View,
            Starts = input.Starts.View,
            Sums = slots.Sums,
            State = slots.State,
        };
        _kernels.Start.Over(slots.Count, climb);
        return climb;
    }

    /// <summary>The products of all slots at the poses tried.</summary>
    internal void Evaluate(DeviceReference reference, Slots slots, PoseInput input)
    {
        for (var l = 0; l < reference.Layers.Count; l++)
        {
            var grids = slots.Grids(reference.Layers[l], input);
            Project(reference.Layers[l], slots, grids);
            if (l + 1 < reference.Layers.Count)
            {
                Gather(reference, reference.Layers[l], slots, grids, slots.Layers, GatherKernel.AllPlanes, l == 0);
            }
        }

        var products = new ScoreKernels.Args
        {
            Projection = Band(reference, reference.Layers[^1], slots),
            Slots = slots.Count,
            Active = input.Images.Active,
            HasLayers = reference.Layers.Count > 1 ? 1 : 0,
            Layers = slots.Layers,
            HasRest = input.HasRest ? 1 : 0,
            Rest = slots.Rest,
            Partial = slots.Partial,
            Sums = slots.Sums,
        };
        _kernels.Products.Over((long)ScoreKernels.Lanes * slots.Count, products);
        _kernels.Sum.Over((long)ScoreKernels.Products * slots.Count, products);
    }

    /// <summary>The transforms of a layer's grids.</summary>
    private void Project(DeviceLayer layer, Slots slots, in Grids grids)
    {
        _kernels.Clear.Over(slots.Size.Cells * slots.Count, grids);
        var model = layer.Model;
        _kernels.Deposit.Over((long)model.Count * DepositKernels.Lanes * slots.Count, new DepositKernels.Args { Model = model, Grids = grids });
        _kernels.GridRows.OverLines(2L * layer.GridSize * slots.Count, layer.Plan.SharedFloats, new GridRowKernel.Args
        {
            Transform = layer.Plan.View,
            Grids = grids,
            Radius = slots.Size.Radius,
            DensityScale = 1 / model.DensityUnit,
            DepthScale = 1 / model.DepthUnit,
            Lines = slots.Images.Lines,
        });
        _transformer.RunColumns(layer.Plan, slots.Images, grids.Active, 2 * slots.Size.Side, slots.Size.Radius);
    }

    private void Gather(DeviceReference reference, DeviceLayer layer, Slots slots, in Grids grids, ArrayView<float> kept, int planes, bool isFirst) =>
        _kernels.Gather.Over((long)reference.Disc.Count * slots.Count, new GatherKernel.Args
        {
            Projection = Band(reference, layer, slots),
            Grids = grids,
            Planes = planes,
            IsFirst = isFirst ? 1 : 0,
            Kept = kept,
        });

    private static BandViews Band(DeviceReference reference, DeviceLayer layer, Slots slots) => new()
    {
        Disc = reference.Images.Coefficients,
        Wave = (float)(2 * Math.PI / reference.Disc.BoxLength),
        CellAngstrom = (float)(1 / layer.CellsPerAngstrom),
        Band = slots.Images.Band,
        Correction = layer.Correction,
        Data = slots.Data,
    };
}
