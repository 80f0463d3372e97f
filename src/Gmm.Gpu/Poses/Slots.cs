namespace Gmm.Gpu;

/// <summary>The memory of particles that are refined together, allocated once.</summary>
internal sealed class Slots : IDisposable
{
    private readonly List<IDisposable> _buffers = [];
    private readonly GridSlots _grids;

    /// <summary>Makes the memory.</summary>
    /// <param name="card">Where.</param>
    /// <param name="size">What a slot needs.</param>
    /// <param name="count">Number of slots.</param>
    /// <exception cref="Core.InvalidInputException">Too little memory.</exception>
    public Slots(GpuCard card, SlotSize size, int count)
    {
        (Size, Count) = (size, count);
        try
        {
            Images = Add(new ImageSlots(card, count, size.Lines, size.Band));
            _grids = Add(new GridSlots(card, size.Cells, count));
            Data = Buffer<float>(card, 3L * size.Coefficients);
            Layers = Buffer<float>(card, size.Layers);
            Rest = Buffer<float>(card, size.Rest);
            Partial = Buffer<float>(card, (long)ScoreKernels.Products * ScoreKernels.Lanes);
            Sums = Buffer<double>(card, ScoreKernels.Products);
            State = Buffer<double>(card, ClimbState.Length);
            Inputs = [Add(new PoseInput(card, count, size.Input)), Add(new PoseInput(card, count, size.Input))];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What a slot needs.</summary>
    public SlotSize Size { get; }

    /// <summary>Number of slots.</summary>
    public int Count { get; }

    /// <summary>What comes from the host, twice: one is filled and copied while the card works on the other.</summary>
    public PoseInput[] Inputs { get; }

    /// <summary>The transforms of images and grids.</summary>
    public ImageSlots Images { get; }

    /// <summary>Whitened images: real parts, imaginary parts and transfers of each slot.</summary>
    public ArrayView<float> Data { get; }

    /// <summary>Coefficients of a model's other layers (<see cref="GatherKernel"/>).</summary>
    public ArrayView<float> Layers { get; }

    /// <summary>Coefficients of the part that stays.</summary>
    public ArrayView<float> Rest { get; }

    /// <summary>Sums of the products' lanes.</summary>
    public ArrayView<float> Partial { get; }

    /// <summary>Products (<see cref="ScoreKernels"/>).</summary>
    public ArrayView<double> Sums { get; }

    /// <summary>Where the climbs stand (<see cref="ClimbState"/>).</summary>
    public ArrayView<double> State { get; }

    /// <summary>The grids of a layer as kernels see them, at the poses tried.</summary>
    public Grids Grids(DeviceLayer layer, PoseInput input) => _grids.At(
        layer, input.Images.Active, State.SubView(ClimbState.Candidate, State.Length - ClimbState.Candidate), ClimbState.Length);

    /// <summary>The same at the poses of the part that stays.</summary>
    public Grids RestGrids(DeviceLayer layer, PoseInput input) => _grids.At(layer, input.Images.Active, input.RestPoses, ClimbState.PoseLength);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var buffer in _buffers)
        {
            buffer.Dispose();
        }
    }

    private ArrayView<T> Buffer<T>(GpuCard card, long each)
        where T : unmanaged => Add(card.Allocate<T>(each * Count)).View;

    private T Add<T>(T buffer)
        where T : IDisposable
    {
        _buffers.Add(buffer);
        return buffer;
    }
}
