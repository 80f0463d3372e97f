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
        Whiten(reference.Images, slots.Images, input.Images, reference.Weights, slots.Data);
        for (var l = 0; input.HasRest && l < reference.Rest.Count; l++)
        {
            var grids = slots.RestGrids(reference.Rest[l], input);
            Project(reference.Rest[l], slots.Images, grids, reference.Disc.Radius);
            Gather(Band(reference.Images, reference.Rest[l], slots.Images, slots.Data), grids, GatherKernel.ValuePlanes, slots.Rest, l > 0 ? slots.Rest : null);
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
        var last = reference.Layers.Count - 1;
        for (var l = 0; l <= last; l++)
        {
            var grids = slots.Grids(reference.Layers[l], input);
            Project(reference.Layers[l], slots.Images, grids, reference.Disc.Radius);
            if (l < last)
            {
                var band = Band(reference.Images, reference.Layers[l], slots.Images, slots.Data);
                Gather(band, grids, GatherKernel.AllPlanes, slots.Layers, l > 0 ? slots.Layers : null);
            }
        }

        Score(new ScoreKernels.Args
        {
            Projection = Band(reference.Images, reference.Layers[last], slots.Images, slots.Data),
            Grids = slots.Grids(reference.Layers[last], input),
            HasLayers = last > 0 ? 1 : 0,
            Layers = slots.Layers,
            HasRest = input.HasRest ? 1 : 0,
            Rest = slots.Rest,
            Partial = slots.Partial,
            Sums = slots.Sums,
        });
    }

    /// <summary>Transforms images, and makes them ready for a score.</summary>
    internal void Whiten(DeviceOptics optics, ImageSlots slots, ImageInput input, DeviceWeights weights, ArrayView<float> data)
    {
        _transformer.Run(optics, slots, input);
        _kernels.Whiten.Over((long)slots.Count * optics.Disc.Count, new WhitenKernel.Args
        {
            Images = optics.Images(slots, input),
            DataWeight = weights.Data,
            ReferenceWeight = weights.Reference,
            Data = data,
        });
    }

    /// <summary>The transforms of a layer's grids.</summary>
    internal void Project(DeviceLayer layer, ImageSlots slots, in Grids grids, int radius)
    {
        _kernels.Clear.Over(grids.Stride * grids.Slots, grids);
        var model = layer.Model;
        _kernels.Deposit.Over((long)model.Count * DepositKernels.Lanes * grids.Slots, new DepositKernels.Args { Model = model, Grids = grids });
        _kernels.GridRows.OverLines(2L * layer.GridSize * grids.Slots, layer.Plan.SharedFloats, new GridRowKernel.Args
        {
            Transform = layer.Plan.View,
            Grids = grids,
            Radius = radius,
            DensityScale = 1 / model.DensityUnit,
            DepthScale = 1 / model.DepthUnit,
            Lines = slots.Lines,
        });
        _transformer.RunColumns(layer.Plan, slots, grids.Active, 2 * ((2 * radius) + 1), radius);
    }

    /// <summary>Keeps a projection.</summary>
    /// <param name="band">The projection.</param>
    /// <param name="grids">The grids that it comes from.</param>
    /// <param name="planes">Numbers of a coefficient that are kept.</param>
    /// <param name="kept">Where.</param>
    /// <param name="before">What it is added to; null for nothing.</param>
    /// <param name="factor">By what it is multiplied.</param>
    internal void Gather(in BandViews band, in Grids grids, int planes, ArrayView<float> kept, ArrayView<float>? before, float factor = 1) =>
        _kernels.Gather.Over((long)band.Disc.Count * grids.Slots, new GatherKernel.Args
        {
            Projection = band,
            Grids = grids,
            Planes = planes,
            Factor = factor,
            HasBefore = before is null ? 0 : 1,
            Before = before ?? kept,
            Kept = kept,
        });

    /// <summary>The products of a score.</summary>
    internal void Score(in ScoreKernels.Args args)
    {
        _kernels.Products.Over((long)ScoreKernels.Lanes * args.Grids.Slots, args);
        _kernels.Sum.Over((long)ScoreKernels.Products * args.Grids.Slots, args);
    }

    /// <summary>A layer's projection in the images of an optics group.</summary>
    internal static BandViews Band(DeviceOptics optics, DeviceLayer layer, ImageSlots slots, ArrayView<float> data) => new()
    {
        Disc = optics.Coefficients,
        Wave = (float)(2 * Math.PI / optics.Disc.BoxLength),
        CellAngstrom = (float)(1 / layer.CellsPerAngstrom),
        Band = slots.Band,
        Correction = layer.Correction,
        Data = data,
    };
}
