namespace Gmm.Gpu;

/// <summary>Counts of what a device was asked for, so that tests hold them.</summary>
internal sealed class DeviceMeters
{
    /// <summary>Kernels launched.</summary>
    public long Launches { get; set; }

    /// <summary>Bytes of buffers made on the device.</summary>
    public long AllocatedBytes { get; set; }

    /// <summary>How often the host waited for the device.</summary>
    public long Waits { get; set; }
}
