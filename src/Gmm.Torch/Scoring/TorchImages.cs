namespace Gmm.Torch;

/// <summary>Particle images on a device, made ready by a scorer for all poses. Disposes its tensors.</summary>
public sealed class TorchImages : IDisposable
{
    /// <summary>Makes prepared images: for a scorer of your own (<see cref="ITorchScorer.Prepare"/>). It takes the tensors over.</summary>
    /// <param name="values">[B, K] complex: the images as the scorer weighs them.</param>
    /// <param name="transfer">[B, K] real: what multiplies projections before they are compared.</param>
    /// <param name="power">[B] real: what else the scorer keeps of each image, its weighted power for example.</param>
    /// <exception cref="ArgumentException">A wrong shape, type or device; the tensor is named.</exception>
    public TorchImages(Tensor values, Tensor transfer, Tensor power)
    {
        TensorChecks.Real(transfer, nameof(transfer));
        TensorChecks.Check(transfer, nameof(transfer), [TensorChecks.Any, TensorChecks.Any], "[B, K]", null, null);
        TensorChecks.Check(values, nameof(values), transfer.shape, "[B, K]", TensorChecks.ComplexOf(transfer.dtype), transfer.device);
        TensorChecks.Check(power, nameof(power), [transfer.shape[0]], "[B]", transfer.dtype, transfer.device);
        Values = values.DetachFromDisposeScope();
        Transfer = transfer.DetachFromDisposeScope();
        Power = power.DetachFromDisposeScope();
    }

    /// <summary>Number of images.</summary>
    public long Count => Values.shape[0];

    /// <summary>[B, K] complex: the images as the scorer weighs them.</summary>
    public Tensor Values { get; }

    /// <summary>[B, K]: what multiplies projections before they are compared.</summary>
    public Tensor Transfer { get; }

    /// <summary>[B]: what else the scorer keeps of each image; the library's keep its weighted power.</summary>
    public Tensor Power { get; }

    /// <summary>
    /// [B, K] complex: the projections of a part of the structure that does not move with the pose, which optimizers add to those of the rest; null for none.
    /// It goes with the images, which dispose it.
    /// </summary>
    public Tensor? Rest
    {
        get;
        set
        {
            if (value is not null)
            {
                TensorChecks.Check(value, nameof(Rest), Values.shape, "[B, K]", Values.dtype, Values.device);
            }

            field = value?.DetachFromDisposeScope();
        }
    }

    /// <summary>Some of the images.</summary>
    /// <param name="index">[b], Int64.</param>
    /// <returns>A copy.</returns>
    internal TorchImages Select(Tensor index)
    {
        using var scope = NewDisposeScope();
        return new TorchImages(Values.index_select(0, index), Transfer.index_select(0, index), Power.index_select(0, index))
        {
            Rest = Rest?.index_select(0, index),
        };
    }

    /// <summary>Images first..first+count-1.</summary>
    internal TorchImages Range(long first, long count)
    {
        using var scope = NewDisposeScope();
        return new TorchImages(Values.narrow(0, first, count), Transfer.narrow(0, first, count), Power.narrow(0, first, count))
        {
            Rest = Rest?.narrow(0, first, count),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Values.Dispose();
        Transfer.Dispose();
        Power.Dispose();
        Rest?.Dispose();
    }
}
