using System.Collections.Concurrent;

namespace Gmm.Torch;

/// <summary>
/// Gradients that a custom backward gave to libtorch. libtorch takes its own hold after the managed method returned, so they must live a little
/// longer, and on libtorch's threads no dispose scope would ever release them.
/// </summary>
internal sealed class HandedOver : IDisposable
{
    private readonly ConcurrentQueue<Tensor> _tensors = new();

    /// <summary>Keeps a tensor past the end of the backward pass.</summary>
    public Tensor Add(Tensor tensor)
    {
        _tensors.Enqueue(tensor.DetachFromDisposeScope());
        return tensor;
    }

    /// <summary>Releases what earlier passes left.</summary>
    public void Clear()
    {
        while (_tensors.TryDequeue(out var tensor))
        {
            tensor.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();
}
