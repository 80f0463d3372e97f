namespace Gmm.Gpu;

/// <summary>Counts of what a device was asked for, so that tests hold them.</summary>
internal sealed class DeviceMeters
{
    /// <summary>Kernels launched.</summary>
    public long Launches { get; set; }

    /// <summary>Bytes of buffers made on the card.</summary>
    public long AllocatedBytes { get; set; }

    /// <summary>How often the host waited for the card.</summary>
    public long Waits { get; set; }

    /// <summary>Bytes copied from the host for batches.</summary>
    public long SentBytes { get; set; }

    /// <summary>Those of them that are copied while kernels may run.</summary>
    public long SentAheadBytes { get; set; }
}
