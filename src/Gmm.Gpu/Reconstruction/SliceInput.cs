namespace Gmm.Gpu;

/// <summary>Images to insert, and where, as they come from the host.</summary>
/// <param name="card">The card.</param>
/// <param name="count">Number of images.</param>
/// <param name="input">Floats of an image as it comes from the host.</param>
/// <param name="copies">Orientations in which each is inserted.</param>
internal sealed class SliceInput(GpuCard card, int count, long input, int copies) : IDisposable
{
    /// <summary>The images.</summary>
    public ImageInput Images { get; } = new(card, count, input);

    /// <summary>Where each image is seen, and how much it counts (<see cref="SliceKernel.Args.Poses"/>).</summary>
    public Sent<double> Poses { get; } = new(card, (long)SliceKernel.PoseLength * count);

    /// <summary>The first two rows of each rotation, those of an image together (<see cref="InsertKernel.Args.Axes"/>).</summary>
    public Sent<float> Axes { get; } = new(card, (long)InsertKernel.AxesLength * count * copies);

    /// <summary>Bytes of an image's places on the card.</summary>
    public static long BytesOfPlaces(int copies) => (sizeof(double) * SliceKernel.PoseLength) + (sizeof(float) * InsertKernel.AxesLength * copies);

    /// <summary>Takes what another holds, for another card.</summary>
    public void CopyFrom(SliceInput other)
    {
        Images.CopyFrom(other.Images);
        other.Poses.Span.CopyTo(Poses.Span);
        other.Axes.Span.CopyTo(Axes.Span);
    }

    /// <summary>Asks for the copy to the card.</summary>
    public void Send(AcceleratorStream stream)
    {
        Images.Send(stream);
        Poses.Send(stream);
        Axes.Send(stream);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Images.Dispose();
        Poses.Dispose();
        Axes.Dispose();
    }
}
