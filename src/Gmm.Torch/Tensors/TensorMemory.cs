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
        return View<T>(tensor.detach().cpu().contiguous()).ToArray();
    }

    /// <summary>A tensor on a device with a copy of values.</summary>
    public static Tensor Write<T>(T[] values, long[] shape, Device device)
        where T : unmanaged
    {
        // The array may be used again by the caller as soon as this returns, so on the CPU the tensor must own its memory.
        using var scope = NewDisposeScope();
        var result = from_array(values).reshape(shape);
        return (device.type == DeviceType.CPU ? result.clone() : result.to(device)).MoveToOuterDisposeScope();
    }
}
