using Gmm.Core;

namespace Gmm.Torch;

/// <summary>The <see cref="DiscTensors"/> of one disc for each device and type it is used on.</summary>
internal sealed class DiscTensorCache(FourierDisc disc) : IDisposable
{
    private readonly Dictionary<(ScalarType Type, DeviceType Device, int Index), DiscTensors> _tensors = [];
    private readonly Lock _lock = new();

    public FourierDisc Disc { get; } = disc;

    public DiscTensors Get(ScalarType dtype, Device device)
    {
        lock (_lock)
        {
            if (!_tensors.TryGetValue((dtype, device.type, device.index), out var found))
            {
                using var no = no_grad();
                _tensors.Add((dtype, device.type, device.index), found = new DiscTensors(Disc, dtype, device));
            }

            return found;
        }
    }

    public void Dispose()
    {
        foreach (var t in _tensors.Values)
        {
            t.Dispose();
        }

        _tensors.Clear();
    }
}
