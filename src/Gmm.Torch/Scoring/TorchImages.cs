namespace Gmm.Torch;

/// <summary>Particle images on a device, made ready by a scorer for all poses. Disposes its tensors.</summary>
public sealed class TorchImages : IDisposable
{
    internal TorchImages(Tensor values, Tensor transfer, Tensor power)
    {
        Values = values.DetachFromDisposeScope();
        Transfer = transfer.DetachFromDisposeScope();
        Power = power.DetachFromDisposeScope();
    }

    /// <summary>Number of images.</summary>
    public long Count => Values.shape[0];

    /// <summary>[B, K] complex: the images as the scorer weighs them.</summary>
    internal Tensor Values { get; }

    /// <summary>[B, K]: what multiplies projections before they are compared.</summary>
    internal Tensor Transfer { get; }

    /// <summary>[B]: weighted power.</summary>
    internal Tensor Power { get; }

    /// <summary>Some of the images.</summary>
    /// <param name="index">[b], Int64.</param>
    /// <returns>A copy.</returns>
    internal TorchImages Select(Tensor index)
    {
        using var scope = NewDisposeScope();
        return new TorchImages(Values.index_select(0, index), Transfer.index_select(0, index), Power.index_select(0, index));
    }

    /// <summary>Images first..first+count-1.</summary>
    internal TorchImages Range(long first, long count)
    {
        using var scope = NewDisposeScope();
        return new TorchImages(Values.narrow(0, first, count), Transfer.narrow(0, first, count), Power.narrow(0, first, count));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Values.Dispose();
        Transfer.Dispose();
        Power.Dispose();
    }
}
