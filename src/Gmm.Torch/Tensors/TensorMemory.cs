using System.Runtime.InteropServices;

namespace Gmm.Torch;

/// <summary>Values in and out of tensors. TorchSharp's own element access is slow, and its copy per element type strict.</summary>
internal static class TensorMemory
{
    /// <summary>The memory of a contiguous CPU tensor, no copy. Valid only as long as the tensor.</summary>
    public static Span<T> View<T>(Tensor tensor)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(tensor.bytes);

    /// <summary>Copies a tensor of any device to an array.</summary>
    public static T[] Read<T>(Tensor tensor)
        where T : unmanaged
    {
        using var scope = NewDisposeScope();
        TorchMeters.Sync(tensor.numel() * tensor.element_size());
        return View<T>(tensor.detach().cpu().contiguous()).ToArray();
    }

    /// <summary>The only value of a tensor; the host waits for it.</summary>
    public static T Item<T>(Tensor tensor)
        where T : unmanaged
    {
        TorchMeters.Sync(tensor.element_size());
        return tensor.item<T>();
    }

    /// <summary>[n]: where a vector is true. The host waits for n.</summary>
    public static Tensor Places(Tensor mask)
    {
        using var scope = NewDisposeScope();
        TorchMeters.Sync(sizeof(long));
        return mask.nonzero().squeeze(1).MoveToOuterDisposeScope();
    }

    /// <summary>A tensor on a device with a copy of values.</summary>
    public static Tensor Write<T>(T[] values, long[] shape, Device device)
        where T : unmanaged
    {
        // The array may be used again by the caller as soon as this returns, so on the CPU the tensor must own its memory.
        using var scope = NewDisposeScope();
        TorchMeters.Send((long)values.Length * System.Runtime.CompilerServices.Unsafe.SizeOf<T>());
        var result = from_array(values).reshape(shape);
        // From pinned memory the copy goes on while the host does.
        return (device.type == DeviceType.CPU ? result.clone() : result.pin_memory().to(device, non_blocking: true)).MoveToOuterDisposeScope();
    }
}
