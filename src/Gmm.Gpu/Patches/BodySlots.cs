namespace Gmm.Gpu;

/// <summary>The memory of images that are scored against moving parts.</summary>
internal sealed class BodySlots : IDisposable
{
    private readonly List<IDisposable> _buffers = [];

    /// <summary>Makes the memory.</summary>
    /// <param name="card">Where.</param>
    /// <param name="optics">How the images' coefficients are made.</param>
    /// <param name="layers">All that is projected.</param>
    /// <param name="count">Number of images.</param>
    /// <param name="parts">Parts that may move together.</param>
    /// <exception cref="Core.InvalidInputException">Too little memory.</exception>
    public BodySlots(GpuCard card, DeviceOptics optics, IReadOnlyList<DeviceLayer> layers, int count, int parts)
    {
        Count = count;
        long grid = layers.Max(l => l.GridSize), side = (2 * optics.Disc.Radius) + 1, coefficients = optics.Disc.Count;
        try
        {
            Images = Add(new ImageInput(card, count, ImageSlots.InputOf(optics)));
            Transforms = Add(new ImageSlots(
                card, count, Math.Max(4 * side * grid, ImageSlots.LinesOf(optics)), Math.Max(4 * side * side, ImageSlots.BandOf(optics))));
            Grids = Add(new GridSlots(card, grid * grid, count));
            Active = Add(new Sent<int>(card, count));
            Poses = Add(new Sent<double>(card, (long)ClimbState.PoseLength * count * parts));
            Data = Add(card.Allocate<float>(3 * coefficients * count)).View;
            Whole = Add(card.Allocate<float>(GatherKernel.ValuePlanes * coefficients * count)).View;
            Rest = Add(card.Allocate<float>(GatherKernel.ValuePlanes * coefficients * count)).View;
            Partial = Add(card.Allocate<float>((long)ScoreKernels.Products * ScoreKernels.Lanes * count)).View;
            Sums = Add(card.Allocate<double>((long)ScoreKernels.Products * count)).View;
            Found = Add(card.Pinned<double>((long)ScoreKernels.Products * count));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Number of images.</summary>
    public int Count { get; }

    /// <summary>The images.</summary>
    public ImageInput Images { get; }

    /// <summary>The transforms of images and grids.</summary>
    public ImageSlots Transforms { get; }

    /// <summary>The grids.</summary>
    public GridSlots Grids { get; }

    /// <summary>Whether a slot has work.</summary>
    public Sent<int> Active { get; }

    /// <summary>Poses of the parts that are projected, part by part.</summary>
    public Sent<double> Poses { get; }

    /// <summary>Whitened images: real parts, imaginary parts and transfers of each slot.</summary>
    public ArrayView<float> Data { get; }

    /// <summary>What is still.</summary>
    public ArrayView<float> Whole { get; }

    /// <summary>That without the part that was taken out last.</summary>
    public ArrayView<float> Rest { get; }

    /// <summary>Sums of the products' lanes.</summary>
    public ArrayView<float> Partial { get; }

    /// <summary>Products (<see cref="ScoreKernels"/>).</summary>
    public ArrayView<double> Sums { get; }

    /// <summary>The same here, in page-locked memory.</summary>
    public PageLockedArray1D<double> Found { get; }

    /// <inheritdoc/>
    public void Dispose() => _buffers.ForEach(b => b.Dispose());

    private T Add<T>(T buffer)
        where T : IDisposable
    {
        _buffers.Add(buffer);
        return buffer;
    }
}
